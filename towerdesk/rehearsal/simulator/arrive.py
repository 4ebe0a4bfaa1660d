"""When tickets come: a Poisson process whose rate changes by the hour of the week, as the log shows it.

Each arrival is a past ticket of the same hour of a working day, or of a weekend: how soon people look at a ticket depends
on when it comes, and drawing without regard to that halved the median of the demo desk (decision 0047).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from towerdesk.rehearsal.simulator.desk import Arrival
from towerdesk.rehearsal.simulator.trace import Trace

HOURS = 7 * 24
BACK = (2.0, 30.0)  # hours after which a customer writes again when the log holds no such wait
FEWEST = 5


def rates(opened: Sequence[datetime], zone: str) -> NDArray[np.float64]:
    """Tickets an hour for each of the 168 hours of the week, Monday first, in the zone."""
    counts = np.zeros(HOURS)
    if not opened:
        return counts
    there = ZoneInfo(zone)
    for moment in opened:
        local = moment.astimezone(there)
        counts[local.weekday() * 24 + local.hour] += 1
    weeks = max(1.0, (max(opened) - min(opened)) / timedelta(days=7))
    return counts / weeks


def arrivals(
    rate: NDArray[np.float64],
    start: datetime,
    weeks: int,
    zone: str,
    universe: Sequence[Trace],
    dice: np.random.Generator,
) -> list[Arrival]:
    """`start` is a Monday's midnight in the zone. Each arrival is one of the past tickets, drawn with replacement."""
    number, there = dice.poisson(np.tile(rate, weeks)), ZoneInfo(zone)
    begin = start.astimezone(there).replace(tzinfo=None)
    waits = [turn.gap for trace in universe for turn in trace.turns[1:] if turn.gap > 0]
    groups = [Group(alike) for alike in _by_part(universe, there)]
    found: list[Arrival] = []
    for hour, many in enumerate(number):
        local = (begin + timedelta(hours=hour)).replace(tzinfo=there)
        since, alike = (local - start).total_seconds(), groups[part(local)]
        for second in np.sort(dice.uniform(0, 3600, many)):
            found.append(_one(since + float(second), alike, waits, dice))
    return found


def part(local: datetime) -> int:
    """The hour of a working day, or 24: the weekend."""
    return 24 if local.weekday() >= 5 else local.hour


def _by_part(universe: Sequence[Trace], there: ZoneInfo) -> list[list[Trace]]:
    """The traces of each part of the week; where there are few, also those of the hours beside it; else all."""
    own: list[list[Trace]] = [[] for _ in range(25)]
    for trace in universe:
        own[part(trace.opened_at.astimezone(there))].append(trace)
    beside = [own[hour] if hour == 24 else own[hour - 1] + own[hour] + own[(hour + 1) % 24] for hour in range(25)]
    return [
        first if len(first) >= FEWEST else second if len(second) >= FEWEST else list(universe)
        for first, second in zip(own, beside, strict=True)
    ]


@dataclass(slots=True)
class Group:
    """Traces that come at like hours, and among them people's work alone: what stands in for a live lone answer."""

    traces: Sequence[Trace]
    by_people: dict[str, list[Trace]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for trace in self.traces:
            if not trace.lone and trace.turns:
                self.by_people[trace.intent].append(trace)
                self.by_people[""].append(trace)

    def standing_in_for(self, trace: Trace) -> Sequence[Trace]:
        return self.by_people.get(trace.intent) or self.by_people.get("") or [trace]


def _one(at: float, group: Group, waits: Sequence[float], dice: np.random.Generator) -> Arrival:
    trace = group.traces[dice.integers(len(group.traces))]
    others = group.standing_in_for(trace)
    stand_in = others[dice.integers(len(others))]
    u = dice.uniform(size=3)
    back = waits[int(u[2] * len(waits))] if len(waits) >= FEWEST else 3600 * (BACK[0] + u[2] * (BACK[1] - BACK[0]))
    return Arrival(at, trace, stand_in, float(u[0]), float(u[1]), float(back))
