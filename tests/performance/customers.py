"""Generated customers of the demo shop, from their first words to what stands in the shop's books.

    python -m tests.performance.customers [how many, 300] [seed, 1]

One JSON line per figure. A language model takes part when `TOWERDESK_LLM` is set: the figures and the `actions` digest
(what was called, with which values) are to be the same.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

NUMBER, SEED = 300, 1
EVERY = 50


def main() -> None:
    number, seed = (int(value) for value in (*sys.argv[1:3], *(NUMBER, SEED)[len(sys.argv[1:3]) :]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOWERDESK_DATA"] = folder
        from towerdesk.lib import postgres

        postgres.ensure(Path(folder), fast=True)
        try:
            run(Path(folder), number, seed)
        finally:
            postgres.stop(Path(folder))


def run(folder: Path, number: int, seed: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.customers.live import TOKEN, fill_shop, live, set_up_desk, shares
    from towerdesk.cli.demo.shop.server import serving
    from towerdesk.connectors.models import Call
    from towerdesk.events.record import follow_with
    from towerdesk.testing import cast

    call_command("migrate", verbosity=0)
    follow_with({})
    books = fill_shop(folder / "shop.sqlite")
    with serving(books, TOKEN) as shop:
        inbox = set_up_desk(shop.url)
        ana = cast.acting(cast.agent("Ana Reyes", inbox.team))
        seen = []
        for one in live(books, inbox, ana, number, seed, books.now().date()):
            seen.append(one)
            if len(seen) % EVERY == 0:
                tell("so_far", len(seen), **shares(seen))
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
            who = f"{one.customer.kind}, {one.customer.wish}, {one.customer.language}"
            tell("not_resolved", 0, who=who, outcome=one.outcome, complete=one.complete, why=one.why)
    failed = Counter(Call.objects.filter(state="failed").values_list("tool", "note"))
    for (tool, note), count in failed.most_common(5):
        tell("calls_that_failed", count, tool=tool, note=note)
    calls = Call.objects.changing().order_by("id").values_list("tool", "arguments")
    tell(
        "actions", len(calls), digest=hashlib.sha256(json.dumps(list(calls), sort_keys=True).encode()).hexdigest()[:16]
    )
    tell("customers", number, seed=seed, model=os.environ.get("TOWERDESK_LLM", ""))


def tell(name: str, value: float, **more: object) -> None:
    print(json.dumps({"name": name, "value": round(value, 4), **more}), flush=True)


if __name__ == "__main__":
    main()
