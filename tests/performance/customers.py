"""Generated customers of the demo shop, from their first words to what stands in the shop's books.

    python -m tests.performance.customers [how many, 300] [seed, 1] [--model smollm2] [--minutes M]
        [--traces FILE] [--beside FILE]

One JSON line per figure. A language model takes part when `TOWERDESK_LLM` is set. `--model smollm2` starts the small one
(`towerdesk.testing.small_model`), lets the same customers come with and without it, and says of each whether the same
tools were called with the same values and the books end the same; `--model contrary` is a quick one that points at the wrong
words on purpose. No more come after `--minutes`. `--traces` keeps what was done, one line a customer; `--beside` takes it
from there instead of letting them come without a model once more.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.customers.live import Seen

type Pair = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
"""One customer: what was done without a model, what with it, and what differs (empty when nothing does)."""
NUMBER, SEED = 300, 1
EVERY = 50
PATIENCE = "120"  # seconds for an answer of the model: one slow thread
MODELS = ("smollm2", "contrary")


def main() -> None:
    asked = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOWERDESK_DATA"] = folder
        if asked.model:
            beside_model(Path(folder), asked)
        else:
            on_desk(Path(folder), asked)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="customers", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("number", nargs="?", type=int, default=NUMBER)
    parser.add_argument("seed", nargs="?", type=int, default=SEED)
    parser.add_argument("--model", choices=MODELS)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--traces", type=Path)
    parser.add_argument("--beside", type=Path)
    return parser.parse_args()


def beside_model(folder: Path, asked: argparse.Namespace) -> None:
    from tests.customers import contrary
    from towerdesk.testing import small_model

    try:
        with (small_model if asked.model == "smollm2" else contrary).serving() as url:
            alone = asked.beside or without_model(folder / "alone.jsonl", asked)
            os.environ |= {"TOWERDESK_LLM": f"openai-chat:{asked.model}", "TOWERDESK_LLM_URL": url}
            os.environ.setdefault("TOWERDESK_LLM_SECONDS", PATIENCE)
            with alone.open(encoding="utf-8") as lines:
                on_desk(folder, asked, lines)
    except small_model.NoSmallModel as missing:
        raise SystemExit(str(missing)) from None


def without_model(traces: Path, asked: argparse.Namespace) -> Path:
    """The same customers on a desk of its own, in a process of its own."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("TOWERDESK_LLM")}
    command = [sys.executable, "-m", __spec__.name, str(asked.number), str(asked.seed), "--traces", str(traces)]
    subprocess.run(command, env=surroundings, stdout=subprocess.DEVNULL, check=True)
    return traces


def on_desk(folder: Path, asked: argparse.Namespace, alone: "Iterable[str] | None" = None) -> None:
    from towerdesk.lib import postgres

    postgres.ensure(folder, fast=True)
    try:
        run(folder, asked, alone)
    finally:
        postgres.stop(folder)


def run(folder: Path, asked: argparse.Namespace, alone: "Iterable[str] | None") -> None:
    import django

    django.setup()
    from tests.customers.live import shares

    began, seen, pairs, lines = monotonic(), [], [], iter(alone or ())
    for one in come(folder, asked):
        seen.append(one)
        if asked.traces:
            keep(asked.traces, one, new=len(seen) == 1)
        if alone is not None:
            pairs.append(beside(json.loads(next(lines)), one))
        seconds = round(monotonic() - began)
        if len(seen) % EVERY == 0:
            tell("so_far", len(seen), seconds=seconds, **shares(seen))
        if seconds > 60 * asked.minutes:
            break
    tell_shares(seen)
    tell_calls()
    if alone is not None:
        tell_comparison(pairs)
    tell("customers", len(seen), seed=asked.seed, model=os.environ.get("TOWERDESK_LLM", ""))


def come(folder: Path, asked: argparse.Namespace) -> "Iterator[Seen]":
    """To a desk and a shop of their own."""
    from django.core.management import call_command

    from tests.customers.live import TOKEN, fill_shop, live, set_up_desk
    from towerdesk.cli.demo.shop.server import serving
    from towerdesk.events.record import follow_with
    from towerdesk.testing import cast

    call_command("migrate", verbosity=0)
    follow_with({})
    books = fill_shop(folder / "shop.sqlite")
    with serving(books, TOKEN) as shop:
        inbox = set_up_desk(shop.url)
        ana = cast.acting(cast.agent("Ana Reyes", inbox.team))
        yield from live(books, inbox, ana, asked.number, asked.seed, books.now().date())


def keep(traces: Path, one: "Seen", *, new: bool) -> None:
    with traces.open("w" if new else "a", encoding="utf-8") as file:
        file.write(json.dumps(trace_of(one)) + "\n")


def trace_of(one: "Seen") -> "dict[str, Any]":
    said = {"mail": one.customer.mail, "who": who(one), "outcome": one.outcome, "why": one.why}
    plain: dict[str, Any] = json.loads(json.dumps({**said, **one.trace.plain()}))
    return plain


def beside(alone: dict[str, Any], one: "Seen") -> "Pair":
    """Says so of each who was served differently, as soon as it is seen."""
    from tests.customers.traces import difference

    helped = trace_of(one)
    if (alone["mail"], alone["who"]) != (helped["mail"], helped["who"]):
        raise SystemExit("These are other customers: give the same number and seed as where the traces were kept.")
    found = difference(alone, helped)
    if found:
        outcome = {"without": [alone["outcome"], alone["why"]], "with": [one.outcome, one.why]}
        tell("differs", 1, who=who(one), mail=one.customer.mail, outcome=outcome, **found)
    return alone, helped, found


def who(one: "Seen") -> str:
    return f"{one.customer.kind}, {one.customer.wish}, {one.customer.language}"


def tell_shares(seen: "list[Seen]") -> None:
    from tests.customers.live import shares

    for name, value in shares(seen).items():
        tell(name, value)
    by_kind = defaultdict(list)
    for one in seen:
        by_kind[f"kind {one.customer.kind}"].append(one)
        by_kind[f"wish {one.customer.wish}"].append(one)
        by_kind[f"language {one.customer.language}"].append(one)
    for name, some in sorted(by_kind.items()):
        tell(name, shares(some)["resolved"], of=len(some), wrong=shares(some)["wrong"])
    for one in seen:
        if one.outcome != "resolved":
            tell("not_resolved", 0, who=who(one), outcome=one.outcome, complete=one.complete, why=one.why)


def tell_calls() -> None:
    from towerdesk.connectors.models import Call

    failed = Counter(Call.objects.filter(state="failed").values_list("tool", "note"))
    for (tool, note), count in failed.most_common(5):
        tell("calls_that_failed", count, tool=tool, note=note)
    calls = Call.objects.changing().order_by("id").values_list("tool", "arguments")
    tell("actions", len(calls), digest=digest(list(calls)))


def tell_comparison(pairs: "list[Pair]") -> None:
    """`changes`: calls that change something. `books`: what changed in the shop, all customers' together."""
    from tests.customers.traces import answered, proposals
    from towerdesk.assistant.models import Asking

    found = [difference for _, _, difference in pairs]
    tell("same_traces", sum(not one for one in found), of=len(pairs))
    tell("same_changes", sum("books" not in one and one.get("only_reads", True) for one in found), of=len(pairs))
    tell("same_outcomes", sum(alone["outcome"] == helped["outcome"] for alone, helped, _ in pairs), of=len(pairs))
    for name, some in (("without", [pair[0] for pair in pairs]), ("with", [pair[1] for pair in pairs])):
        books = [one["changed"] for one in some]
        tell(f"books_{name}", sum(map(len, books)), digest=digest(books), **Counter(one["outcome"] for one in some))
    for purpose, count in Counter(Asking.objects.values_list("purpose", flat=True)).items():
        tell("model_calls", count, purpose=purpose)
    tell("model_calls_that_proposed_something", answered())
    for fate, count in sorted(proposals().items()):
        tell("proposed", count, fate=fate)


def digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def tell(name: str, value: float, **more: object) -> None:
    print(json.dumps({"name": name, "value": round(value, 4), **more}), flush=True)


if __name__ == "__main__":
    main()
