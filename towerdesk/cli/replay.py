"""`towerdesk replay`: the past again with the knowledge of its own day; or one receipt, decided again and compared."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import embedder
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.rehearsal.models import Replay
from towerdesk.rehearsal.past.again import again
from towerdesk.rehearsal.past.export import read_export
from towerdesk.rehearsal.past.run import begin, go_on, stop, take_up


def command(
    receipt: Annotated[
        int | None, typer.Argument(help="Decide about this receipt (the number of its run) again, and compare.")
    ] = None,
    source: Annotated[
        str, typer.Option("--from", metavar="desk|export|PATH", help="The desk's own past, or an export.")
    ] = "desk",
    export: Annotated[
        Path | None,
        typer.Option(help="With --from export: the file or folder of a Zendesk, Freshdesk or neutral export."),
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=50_000, help="How many of the newest resolved tickets.")] = 5000,
    retrain: Annotated[int, typer.Option(min=0, max=3650, help="Train anew each so many days; 0: never.")] = 28,
    rounds: Annotated[int, typer.Option(min=0, help="Train at most so often; 0: whenever it is due.")] = 0,
    articles: Annotated[
        str, typer.Option(metavar="then|today", help="The articles of each day, or today's as if always there.")
    ] = "then",
    intent: Annotated[
        str, typer.Option(help="Of an export: the ticket's field that says what it was about (tag: its first tag).")
    ] = "type",
    resume: Annotated[int | None, typer.Option(help="Go on with this replay where it stopped.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; shares are 0 to 1.")] = False,
) -> int:
    """Every past ticket again with the knowledge of its own day. Interrupted, it can be taken up with --resume."""
    if receipt is not None:
        return _one(receipt, as_json)
    options: dict[str, Any] = {"last": last, "retrain": retrain, "rounds": rounds, "articles": articles}
    replay = _resumed(resume) if resume is not None else _begun(source, export, intent, options)
    try:
        go_on(replay, embedder(), tell=_progress)
    except KeyboardInterrupt:
        return _stopped(replay)
    replay.refresh_from_db()
    if replay.state == "stopped":
        return _stopped(replay)
    _say(replay, as_json)
    return 0


def _begun(source: str, export: Path | None, intent: str, options: dict[str, Any]) -> Replay:
    if source == "desk":
        return begin(**options, by=CLOCK)
    where = export if source == "export" else Path(source)
    if where is None:
        raise Invalid("Name the export: towerdesk replay --from export --export PATH")
    found = read_export(where, intent)
    for what, count in found.passed_over.items():
        print(f"Passed over: {count} {what}.", file=sys.stderr)
    return begin(
        **options,
        stories=found.stories,
        library=found.articles,
        source=found.format,
        name=where.name,
        by=CLOCK,
    )


def _resumed(number: int) -> Replay:
    replay = Replay.objects.filter(pk=number).first()
    if replay is None:
        raise NotFound(f"There is no replay {number}.")
    if replay.state in ("stopped", "failed"):
        take_up(replay, by=CLOCK)
    return replay


def _stopped(replay: Replay) -> int:
    """What was begun is closed, so that it can be taken up by whoever wants."""
    replay.refresh_from_db()
    if replay.state in ("waiting", "running"):
        stop(replay, by=CLOCK)
        go_on(replay, embedder())
    print(f"Stopped after {replay.done} of {replay.total}: towerdesk replay --resume {replay.pk} goes on.")
    return 1


def _progress(replay: Replay) -> None:
    end = "\r" if sys.stderr.isatty() else "\n"
    print(f"Replay {replay.pk}: {replay.done} of {replay.total} ({replay.share:.0%})", end=end, file=sys.stderr)


def _one(number: int, as_json: bool) -> int:
    found = again(number, embedder())
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        print("\n".join(found.lines()))
    return 0 if found.same else 1


def _say(replay: Replay, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"replay": replay.pk, "settings": replay.settings} | replay.result, ensure_ascii=False))
        return
    print("\n".join(lines(replay)))


def lines(replay: Replay) -> list[str]:
    """What came out, as a person reads it."""
    told = replay.result
    agree, by_grades, by_all = told["agreement"], told["alone"], told["alone_by_agreement"]
    days = replay.settings["retrain"]
    return [
        f"Replay {replay.pk}: {told['tickets']} tickets, {told['since'][:10]} to {told['until'][:10]}, "
        f"articles of {replay.settings['articles']}, trained anew every {days} days" + (" (never)" if not days else ""),
        "",
        (f"Would have proposed a reply to {agree['proposals']}: {agree['same']} as people did, "
        f"{agree['different']} otherwise, {agree['unknown']} nobody knows. Told by: {_counts(agree['by'])}."),
        _measure(told["measure"]),
        f"Could not answer: {_counts({told['kinds'].get(k, k): n for k, n in told['would'].items() if k != 'could'})}.",
        "",
        f"Licences on grades: {_licences(told['licences'])}",
        (f"  alone {by_grades['n']} ({by_grades['share']:.1%}), {_errors(by_grades)}, saves {by_grades['minutes']:.0f} minutes "
        f"({by_grades['money']:.2f})."),
        f"Licences if agreement counted as a grade (it does not on the desk): {_licences(told['licences_by_agreement'])}",
        f"  alone {by_all['n']} ({by_all['share']:.1%}), {_errors(by_all)}, saves {by_all['minutes']:.0f} minutes.",
        f"People spent {told['minutes']:.0f} minutes on these tickets.",
        "",
        "Gaps, by people's minutes:",
        *[f"  {one['n']:>5} {one['minutes']:>7.0f} min  {one['name']} ({one['why']})" for one in told["gaps"]["clusters"][:12]],
    ]  # fmt: skip


def _measure(found: dict[str, Any]) -> str:
    if found["order"] is None:
        return "How well words tell right from wrong can't be said: nobody graded one and answered in their own words."
    return (
        f"Words tell a right one from a wrong one with {found['order']:.2f} (1 is always, 0.5 by chance), measured on "
        f"{found['graded']} that people graded and answered in their own words."
    )


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items(), key=lambda one: -one[1])) or "nothing"


def _licences(found: list[dict[str, Any]]) -> str:
    if not found:
        return "none"
    return "; ".join(
        f"{one['intent']} from {one['since'][:10]}{' to ' + one['until'][:10] if one['until'] else ''} "
        f"(≤ {one['bound']:.1%} wrong, {one['k']} of {one['n']})"
        for one in found
    )


def _errors(found: dict[str, Any]) -> str:
    if found["error"] is None:
        return "nobody knows how many were wrong"
    return (
        f"{found['wrong']} of {found['right'] + found['wrong']} known ones wrong ({found['error']:.1%}, "
        f"at most {found['error_bound']:.1%})"
    )
