"""When tickets come: a Poisson process whose rate changes by the hour of the week, as the log shows it."""

from collections.abc import Mapping, Sequence
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
    stand_ins: Mapping[str, Sequence[Trace]],
    dice: np.random.Generator,
) -> list[Arrival]:
    """`start` is a Monday's midnight in the zone. Each arrival is one of the past tickets, drawn with replacement."""
    number = dice.poisson(np.tile(rate, weeks))
    begin = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    waits = [turn.gap for trace in universe for turn in trace.turns[1:] if turn.gap > 0]
    found: list[Arrival] = []
    for hour, many in enumerate(number):
        local = (begin + timedelta(hours=hour)).replace(tzinfo=ZoneInfo(zone))
        since = (local - start).total_seconds()
        for minute in np.sort(dice.uniform(0, 3600, many)):
            found.append(_one(since + float(minute), universe, stand_ins, waits, dice))
    return found


def _one(
    at: float,
    universe: Sequence[Trace],
    stand_ins: Mapping[str, Sequence[Trace]],
    waits: Sequence[float],
    dice: np.random.Generator,
) -> Arrival:
    trace = universe[dice.integers(len(universe))]
    alike = stand_ins.get(trace.intent) or stand_ins.get("") or [trace]
    stand_in = alike[dice.integers(len(alike))]
    u = dice.uniform(size=3)
    back = waits[int(u[2] * len(waits))] if len(waits) >= FEWEST else 3600 * (BACK[0] + u[2] * (BACK[1] - BACK[0]))
    return Arrival(at, trace, stand_in, float(u[0]), float(u[1]), float(back))
