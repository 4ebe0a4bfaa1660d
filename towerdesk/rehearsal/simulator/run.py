"""Run the model: fit it to the log, check it against the log, then each scenario over the same arrivals, again and again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from towerdesk.accounts.models import Team, User
from towerdesk.hours.models import Calendar
from towerdesk.hours.opening import ALWAYS, Hours
from towerdesk.insights.metrics import minute_rate
from towerdesk.insights.models import TicketFact
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.models import Replay, ReplayItem, Simulation
from towerdesk.rehearsal.past.book import Decided, Earned
from towerdesk.rehearsal.past.figures import decided, pooled_now
from towerdesk.rehearsal.simulator import measure, scenario
from towerdesk.rehearsal.simulator.arrive import arrivals, rates
from towerdesk.rehearsal.simulator.desk import Arrival, Desk, Person
from towerdesk.rehearsal.simulator.held import held_licences, live_decisions, record_of_held
from towerdesk.rehearsal.simulator.scenario import Scenario
from towerdesk.rehearsal.simulator.trace import Trace, traces
from towerdesk.sla.models import Policy

REPLICATIONS, WEEKS, SEED = 20, 8, 1
FEWEST, ENOUGH = 50, 200
FITTINGS = 4
"""Rounds in which the pick-up factor is fitted: the log's waits hold queues, which the model makes by itself."""

type Tell = Callable[[int, int], None]


@dataclass(slots=True)
class World:
    """All that stays the same in every scenario."""

    hours: Hours
    zone: str
    start: datetime
    weeks: int
    people: list[Person]
    teams: list[str]
    rate: float
    traces: list[Trace]
    universe: list[Trace]
    past: list[Decided]
    pooled: frozenset[str]
    arriving: NDArray[np.float64]
    pickup: float = 1.0

    def stream(self, number: int, seed: int) -> list[Arrival]:
        dice = np.random.default_rng([seed, number])
        return arrivals(self.arriving, self.start, self.weeks, self.zone, self.universe, dice)

    def desk(self, **values: Any) -> Desk:
        return replace(Desk(self.start, self.hours, self.people, self.pickup), **values)


def begin(settings: dict[str, Any], *, replay: Replay | None = None, by: Actor) -> Simulation:
    """`settings`: see `read_settings`. Without a replay the newest one of the desk that is done is taken."""
    by.must("report.read")
    by.must("ticket.read_all")
    found = replay or Replay.objects.filter(source="desk", state="done").order_by("-total", "-id").first()
    if found is None:
        raise Invalid("Look back first: the model takes the assistant's decisions from a replay (towerdesk replay).")
    if found.source != "desk" or found.state != "done":
        raise Invalid("The model needs a replay of this desk's own past that is done.")
    return Simulation.objects.create(replay=found, settings=settings, by_name=by.name)


def settings_of(
    staff: Sequence[str] = (),
    alpha: Sequence[str] = (),
    level: Sequence[str] = (),
    hold_out: float = 0.0,
    evidence: str = "grades",
    replications: int = REPLICATIONS,
    weeks: int = WEEKS,
    seed: int = SEED,
) -> dict[str, Any]:
    """Checked, as they are kept with the simulation. Raises `Invalid`."""
    if not 2 <= replications <= 500 or not 3 <= weeks <= 104:
        raise Invalid("Run 2 to 500 replications of 3 to 104 weeks.")
    if not 0 <= hold_out < 1 or evidence not in scenario.EVIDENCE:
        raise Invalid("The hold-out is a share below 1; evidence is “grades” or “agreement”.")
    return {
        "staff": scenario.read_changes(staff),
        "alpha": scenario.read_alpha(alpha),
        "levels": scenario.read_levels(level),
        "hold_out": hold_out,
        "evidence": evidence,
        "replications": replications,
        "weeks": weeks,
        "seed": seed,
    }


def run(simulation: Simulation, tell: Tell | None = None) -> Simulation:
    """To the end; a simulation that fails says why."""
    Simulation.objects.filter(pk=simulation.pk).update(state="running")
    try:
        simulation.result = _simulate(simulation, tell)
        simulation.state = "done"
    except Exception as trouble:
        simulation.state, simulation.trouble = "failed", str(trouble)[:500]
        raise
    finally:
        simulation.ended_at = now()
        simulation.save(update_fields=["result", "state", "trouble", "ended_at"])
    return simulation


def _simulate(simulation: Simulation, tell: Tell | None) -> dict[str, Any]:
    wish = simulation.settings
    world = world_of(simulation.replay, int(wish["weeks"]))
    held = held_licences()
    asked = scenario.scenarios(
        wish["staff"], wish["alpha"], wish["levels"], wish["hold_out"], wish["evidence"], held=bool(held)
    )
    for one in asked:
        scenario.staffed(world.people, one.staff, world.teams)  # a wish that can't be granted is said at once
    checked = _fit_and_check(world, int(wish["seed"]), int(wish["replications"]))
    plans = [_plan(world, one) for one in asked]
    rounds: list[list[dict[str, float]]] = [[] for _ in plans]
    backlogs: list[list[NDArray[np.float64]]] = [[] for _ in plans]
    spreads: list[list[NDArray[np.float64]]] = [[] for _ in plans]
    for number in range(int(wish["replications"])):
        stream = world.stream(number, int(wish["seed"]))
        for place, plan in enumerate(plans):
            outcomes = plan.desk.run(stream)
            rounds[place].append(measure.figures(outcomes, plan.desk, world.weeks, world.rate))
            backlogs[place].append(measure.backlog(outcomes, world.weeks))
            spreads[place].append(measure.spread(outcomes))
        if tell:
            tell(number + 1, int(wish["replications"]))
    return {
        "world": _about(world),
        "check": checked,
        "names": measure.NAMES,
        "bins": [float(edge) for edge in measure.BINS[:-1]],
        "scenarios": [
            _told(plans[place], rounds[place], rounds[_base(plans, place)], backlogs[place], spreads[place])
            | {"against": plans[_base(plans, place)].scenario.name if place else ""}
            for place in range(len(plans))
        ],
        "replay": _in_the_past(world, asked[1]),
    }


@dataclass(slots=True)
class Plan:
    scenario: Scenario
    licences: list[Earned]
    desk: Desk


def _plan(world: World, one: Scenario) -> Plan:
    if one.held:
        past, licences = live_decisions([int(each.key) for each in world.past]), held_licences()
    else:
        past, (licences, _) = world.past, scenario.licences_of(one, world.past, world.pooled)
    alone = scenario.answers_alone(one, past, licences)
    verdicts = {each.key: each.verdict for each in past if each.key in alone and each.verdict}
    right = sum(verdict == "right" for verdict in verdicts.values())
    desk = world.desk(
        people=scenario.staffed(world.people, one.staff, world.teams),
        alone=alone,
        verdicts=verdicts,
        hold_out=one.hold_out,
        precision=right / len(verdicts) if verdicts else 1.0,
    )
    return Plan(one, licences, desk)


def _base(plans: Sequence[Plan], place: int) -> int:
    """A change of staff without autonomy, and autonomy itself, are compared with the desk without; policies with autonomy."""
    one = plans[place].scenario
    return 1 if one.autonomy and place > 1 and not one.staff and not one.held else 0


def world_of(replay: Replay, weeks: int) -> World:
    """Of the newest heads' decisions when there are enough of them: older heads knew less. Raises `Invalid`."""
    hours, zone = hours_of_desk()
    items = list(replay.items.filter(decided=True).order_by("at", "id"))
    newest = max((item.period for item in items), default=0)
    of_newest = [item for item in items if item.period == newest]
    used: list[ReplayItem] = of_newest if len(of_newest) >= ENOUGH else items
    found = traces(used, hours)
    if len(found) < FEWEST:
        raise Invalid(f"The model needs {FEWEST} resolved tickets, and there are {len(found)}.")
    facts = TicketFact.objects.filter(merged=False, pk__in=[item.ticket_id for item in items])
    opened = list(facts.values_list("opened_at", flat=True))
    return World(
        hours=hours,
        zone=zone,
        start=_monday(zone),
        weeks=weeks,
        people=people(),
        teams=list(Team.objects.order_by("name").values_list("name", flat=True)),
        rate=minute_rate(),
        traces=found,
        universe=[trace for trace in found if trace.turns or trace.lone],
        past=[decided(item) for item in used],
        pooled=pooled_now(),
        arriving=rates(opened, zone),
    )


def hours_of_desk() -> tuple[Hours, str]:
    """Of the first active policy that has a calendar, else of the first calendar; else day and night."""
    policy = Policy.objects.filter(active=True).exclude(calendar=None).select_related("calendar").last()
    calendar = policy.calendar if policy else Calendar.objects.first()
    return (calendar.hours, calendar.zone) if calendar else (ALWAYS, "UTC")


def people() -> list[Person]:
    here = User.objects.filter(is_active=True).exclude(role="viewer").prefetch_related("teams").order_by("id")
    found = [frozenset(team.name for team in user.teams.all()) for user in here]
    staff = [Person(teams, number) for number, teams in enumerate(found) if teams]
    if not staff:
        raise Invalid("Nobody is in a team: the model needs people who work.")
    return staff


def _monday(zone: str) -> datetime:
    """Midnight of a Monday of this year's spring, away from changes of the clocks."""
    first = datetime(now().year, 4, 30, tzinfo=ZoneInfo(zone))
    return (first + timedelta(days=(7 - first.weekday()) % 7)).astimezone(UTC)


def _fit_and_check(world: World, seed: int, replications: int) -> dict[str, Any]:
    """Fit the pick-up factor to the log's mean, then run today's desk as it was, and say how far the model is off."""
    logged = _logged(world)
    for _ in range(FITTINGS):
        simulated = _as_logged(world, seed, 3)
        first = float(np.mean([one["first_hours"] for one in simulated]))
        if not first or abs(first / logged["first_hours"] - 1) < 0.02:
            break
        world.pickup = float(np.clip(world.pickup * logged["first_hours"] / first, 0.05, 1.5))
    simulated = _as_logged(world, seed + 1_000, replications)
    found = {name: measure.interval([one[name] for one in simulated]) for name in logged}
    rows = {
        name: {"log": logged[name], "model": found[name], "off": _off(found[name]["mean"], logged[name])}
        for name in logged
    }
    return {"pickup": round(world.pickup, 3), "rows": rows, "load": _load(world)}


def _as_logged(world: World, seed: int, replications: int) -> list[dict[str, float]]:
    desk = world.desk(as_logged=True)
    return [
        measure.figures(desk.run(world.stream(number, seed)), desk, world.weeks, world.rate)
        for number in range(replications)
    ]


def _off(model: float | None, log: float) -> float | None:
    return None if model is None or not log else round(model / log - 1, 4)


def _logged(world: World) -> dict[str, float]:
    numbers = [trace.decision.ticket_id for trace in world.universe]
    facts = list(TicketFact.objects.filter(pk__in=[number for number in numbers if number]).order_by("opened_at"))
    lengths = np.array([trace.hours_to_resolution for trace in world.universe])
    firsts = [
        (fact.first_reply_at - fact.opened_at).total_seconds() / 3600
        for fact in facts
        if fact.first_reply_at is not None
    ]
    span = (facts[-1].opened_at - facts[0].opened_at).total_seconds() / 3600
    return {
        "mean_hours": float(lengths.mean()),
        "median_hours": float(np.median(lengths)),
        "p90_hours": float(np.quantile(lengths, 0.9)),
        "first_hours": float(np.mean(firsts)) if firsts else float("nan"),
        "backlog": float(lengths.sum() / span) if span else float("nan"),
    }


def _load(world: World) -> float:
    """The share of office time that people spend on tickets."""
    weekly = float(world.arriving.sum()) * float(np.mean([trace.minutes for trace in world.universe]))
    open_minutes = world.desk().office_minutes(0, 7 * 86400)
    return round(weekly / (len(world.people) * open_minutes), 4) if open_minutes else 0.0


def _about(world: World) -> dict[str, Any]:
    return {
        "tickets": len(world.universe),
        "a_week": round(float(world.arriving.sum()), 1),
        "people": len(world.people),
        "teams": {team: sum(team in person.teams for person in world.people) for team in world.teams},
        "zone": world.zone,
        "weeks": world.weeks,
        "rate": world.rate,
    }


def _told(
    plan: Plan,
    rounds: Sequence[dict[str, float]],
    base: Sequence[dict[str, float]],
    backlogs: Sequence[NDArray[np.float64]],
    spreads: Sequence[NDArray[np.float64]],
) -> dict[str, Any]:
    days = np.stack(backlogs)
    return {
        "scenario": plan.scenario.as_dict(),
        "record": record_of_held() if plan.scenario.held else None,
        "figures": {name: measure.interval([one[name] for one in rounds]) for name in measure.NAMES},
        "change": {name: measure.compare(base, rounds, name) for name in measure.NAMES},
        "licences": [
            {
                "intent": one.intent,
                "members": sorted(one.members),
                "threshold": round(one.threshold, 3),
                "n": one.n,
                "k": one.k,
                "bound": round(one.bound, 4),
            }
            for one in plan.licences
        ],
        "backlog": {
            "mean": [round(float(value), 2) for value in days.mean(axis=0)],
            "low": [round(float(value), 2) for value in np.quantile(days, 0.1, axis=0)],
            "high": [round(float(value), 2) for value in np.quantile(days, 0.9, axis=0)],
        },
        "spread": [round(float(value), 4) for value in np.stack(spreads).mean(axis=0)],
    }


def _in_the_past(world: World, with_autonomy: Scenario) -> dict[str, Any]:
    """Errors of the way there: each licence was earned before the tickets that it answered came."""
    _, alone = scenario.licences_of(with_autonomy, world.past, world.pooled)
    some = [one for one in world.past if one.key in alone]
    wrong, known = sum(one.verdict == "wrong" for one in some), sum(bool(one.verdict) for one in some)
    return {"alone": len(some), "known": known, "wrong": wrong, "error": wrong / known if known else None}
