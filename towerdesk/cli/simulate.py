"""`towerdesk simulate`: what autonomy, staffing or a policy does to resolution time, backlog, promises and cost."""

import json
import sys
from typing import Annotated, Any

import typer

from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import NotFound
from towerdesk.rehearsal.models import Replay, Simulation
from towerdesk.rehearsal.simulator.measure import NAMES
from towerdesk.rehearsal.simulator.run import REPLICATIONS, SEED, WEEKS, begin, run, settings_of

SHOWN = (
    "mean_hours",
    "median_hours",
    "first_hours",
    "backlog",
    "sla_first",
    "sla_solution",
    "minutes",
    "cost",
    "alone",
    "errors",
)
SHARES = {"sla_first", "sla_solution", "alone", "errors", "errors_of_all"}


def command(
    replay: Annotated[int | None, typer.Option(help="Take the decisions of this replay; else of the largest.")] = None,
    staff: Annotated[list[str] | None, typer.Option(help="TEAM=-1 or TEAM=+2, also several times.")] = None,
    alpha: Annotated[list[str] | None, typer.Option(help="RISK=SHARE, for example information=0.02.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="INTENT=LEVEL, for example descaling=suggest.")] = None,
    hold_out: Annotated[float, typer.Option(help="The share of tickets that goes to people by lot.")] = 0.0,
    evidence: Annotated[
        str,
        typer.Option(metavar="grades|agreement", help="What counts as graded; agreement alone licenses nothing here."),
    ] = "grades",
    replications: Annotated[int, typer.Option(min=2, max=500)] = REPLICATIONS,
    weeks: Annotated[int, typer.Option(min=3, max=104, help="Of each replication; the first is not measured.")] = WEEKS,
    seed: Annotated[int, typer.Option(min=0)] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; shares are 0 to 1.")] = False,
) -> int:
    """Without and with autonomy, and each change that is asked for, over the same arrivals. Writes only its report."""
    settings = settings_of(staff or (), alpha or (), level or (), hold_out, evidence, replications, weeks, seed)
    found = begin(settings, replay=_replay(replay), by=CLOCK)
    run(found, None if as_json else _progress)
    if as_json:
        print(json.dumps({"simulation": found.pk, "settings": found.settings} | found.result, ensure_ascii=False))
    else:
        print("\n".join(lines(found)))
    return 0


def _replay(number: int | None) -> Replay | None:
    if number is None:
        return None
    found = Replay.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no replay {number}.")
    return found


def _progress(done: int, of: int) -> None:
    print(f"Replication {done} of {of}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr)


def lines(found: Simulation) -> list[str]:
    told, names = found.result, found.result["names"]
    world, check = told["world"], told["check"]
    return [
        (
            f"Simulation {found.pk} of replay {found.replay_id}: {world['a_week']:.0f} tickets a week, {world['people']} people, "
            f"{world['weeks']} weeks, {found.settings['replications']} replications; busy {check['load']:.1%} of office time"
        ),
        "",
        "Checked against the log, with today's staff:",
        *[_check(names[name], check["rows"][name]) for name in NAMES if name in check["rows"]],
        *[line for one in told["scenarios"] for line in _scenario(one, names)],
        "",
        _in_the_past(told["replay"]),
    ]


def _check(name: str, row: dict[str, Any]) -> str:
    off = "–" if row["off"] is None else f"{row['off']:+.1%}"
    return f"  {name:<44} log {row['log']:8.2f}   model {row['model']['mean']:8.2f}   off by {off}"


def _scenario(one: dict[str, Any], names: dict[str, str]) -> list[str]:
    licences = ", ".join(licence["intent"] for licence in one["licences"]) or "none"
    head = ["", one["scenario"]["name"] + (f" (licences: {licences})" if one["scenario"]["autonomy"] else "")]
    figures = [_figure(names[name], name, one) for name in SHOWN if one["figures"][name]["mean"] is not None]
    return head + figures + _record(one.get("record"))


def _record(told: dict[str, int] | None) -> list[str]:
    if not told:
        return []
    return [f"  Really sent alone so far: {told['alone']}; of {told['known']} that are known, {told['wrong']} wrong"]


def _figure(title: str, name: str, one: dict[str, Any]) -> str:
    figure, change = one["figures"][name], one["change"][name]["share"]
    says = (
        f"  {title:<44} {_value(name, figure['mean'])}  [{_value(name, figure['low'])}, {_value(name, figure['high'])}]"
    )
    if not one["against"] or change["mean"] is None:
        return says
    return says + f"   {change['mean']:+.1%} [{change['low']:+.1%}, {change['high']:+.1%}] against {one['against']}"


def _value(name: str, value: float) -> str:
    return f"{value:7.1%}" if name in SHARES else f"{value:7.2f}"


def _in_the_past(told: dict[str, Any]) -> str:
    if told["error"] is None:
        return "In the replay itself nothing was answered alone of which somebody knows whether it was right."
    return (
        f"In the replay itself, where each licence was earned before, {told['wrong']} of {told['known']} lone answers "
        f"of which it is known were wrong ({told['error']:.1%})."
    )
