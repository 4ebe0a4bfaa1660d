"""Does a surge get noticed, and does ordinary traffic get left alone? `python -m tests.performance.surges [months] [model]`

Months of the demo company's ordinary requests are replayed, with its swings of days and hours and its growth, on a small, a
middling and a large desk; every arrival is asked about as the desk asks. Then a trouble begins on a working morning and
brings like requests at 3, 5 and 10 times the usual rate of their intent, and at fixed rates. Intents are the true ones but
for a share that is unknown or wrong, as a model's are; with `UNKNOWN = 1.0` the assistant is off.
Needs no database. Compared is as the desk does, or by what `model` (`minilm`, `wordllama`) makes; what the texts have in common
is learnt from a half of them.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from tests.performance.figures import Report
from towerdesk.problems.surges.detect import Alarm, Seen, detect, lately_of
from towerdesk.problems.surges.like import OF_SENTENCES, OF_WORDS, Bounds, belongs, middle
from towerdesk.problems.surges.scan import LEARNS, LONGEST
from towerdesk.problems.surges.usual import DAY, HOUR, Usual
from towerdesk.problems.surges.words import Common, lookout_embedder

DESKS = {"small": 22, "middling": 120, "large": 600}
"""Requests a day."""
TIMES = (3.0, 5.0, 10.0)
RATES = (6.0, 20.0, 42.0)  # like requests an hour, whatever the desk's size
TRIALS = 12
POOL, TROUBLES = 2400, 160
UNKNOWN, WRONG = 0.15, 0.05
QUIET = 12 * HOUR  # how long one proposal stands for all that belong to it
LASTS = DAY / 2  # of a trouble
SEED = 5


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts are expensive, so months are drawn from a pool of them: vectors, intents (from 1 on), their names."""

    vectors: Any
    intents: Any
    troubles: Any
    trouble: int
    share: float
    bounds: Bounds


def main() -> None:
    months = int(sys.argv[1]) if sys.argv[1:] else 12
    report, pool = Report(), embedded(sys.argv[2] if sys.argv[2:] else "")
    for name, daily in DESKS.items():
        alarms = sum(false_alarms(pool, daily, seed) for seed in range(max(1, months // 2)))
        report.tell(f"{name}_false_alarms_a_month", alarms / (max(1, months // 2) * 2), "alarms", goal=0.1)
        for times in TIMES:
            tell_delays(report, f"{name}_{times:g}x", pool, daily, usual_rate(pool, daily) * times)
        for rate in RATES:
            tell_delays(report, f"{name}_{rate:g}_an_hour", pool, daily, rate)
    print(f"\n{report.table()}")


def tell_delays(report: Report, name: str, pool: Pool, daily: int, rate: float) -> None:
    """Minutes until it is noticed, and how many like requests had come by then; of those noticed at all."""
    delays = [delay(pool, daily, rate, seed) for seed in range(TRIALS)]
    noticed = [one for one in delays if one]
    report.tell(f"{name}_noticed", 100 * len(noticed) / len(delays), "%")
    if noticed:
        report.tell(f"{name}_delay_median", float(np.median([minutes for minutes, _ in noticed])), "minutes")
        report.tell(f"{name}_requests_by_then", float(np.median([count for _, count in noticed])), "requests")


def false_alarms(pool: Pool, daily: int, seed: int) -> int:
    """In two months, after the four weeks in which the desk learns what is usual."""
    seen = traffic(pool, daily, 28 + 60, seed)
    begin = seen.at[0] + LEARNS
    return sum(1 for _ in alarms(seen, begin, pool.bounds))


def delay(pool: Pool, daily: int, rate: float, seed: int) -> tuple[float, int] | None:
    """A trouble that begins at ten on a Tuesday."""
    seen = traffic(pool, daily, 28 + 9, 1000 + seed)
    start = _tuesday_at_ten(seen.at[-1] - 3 * DAY)
    chance = np.random.default_rng(seed)
    number = chance.poisson(rate * LASTS / HOUR)
    added = np.sort(start + chance.uniform(0, LASTS, number))
    seen = _with(seen, added, pool, chance)
    for at, alarm, place in alarms(seen, start, pool.bounds):
        if is_about(alarm, seen, place, pool):
            return (at - start) / 60, int(np.sum(added <= at))
    return None


def alarms(seen: Seen, begin: float, bounds: Bounds) -> Iterator[tuple[float, Alarm, int]]:
    """Each new one; what belongs to one that stands already is no other."""
    standing: list[tuple[float, Any, int]] = []
    for place in range(int(np.searchsorted(seen.at, begin)), len(seen)):
        at, vector, intent = float(seen.at[place]), seen.vectors[place], int(seen.intents[place])
        standing = [one for one in standing if one[0] > at - QUIET]
        if any(belongs(vector, intent, centre, its, bounds) for _, centre, its in standing):
            continue
        lately = lately_of(seen, place)
        alarm = detect(lately, lambda at=at: past(seen, at), bounds)  # type: ignore[misc]
        if alarm:
            standing.append((at, middle(lately.vectors[list(alarm.found.members)]), intent))
            yield at, alarm, place


def is_about(alarm: Alarm, seen: Seen, place: int, pool: Pool) -> bool:
    first = place + 1 - len(lately_of(seen, place))
    members = [first + one for one in alarm.found.members]
    return float(np.mean(seen.people[members] >= 10**8)) >= 0.5


def past(seen: Seen, at: float) -> tuple[Seen, Usual]:
    first, last = np.searchsorted(seen.at, [at - LONGEST - LEARNS, at - LONGEST])
    rows = slice(int(first), int(last))
    before = Seen(seen.at[rows], seen.vectors[rows], seen.intents[rows], seen.people[rows])
    since = max(at - LONGEST - LEARNS, float(seen.at[0]))
    return before, Usual.of(before.at, since, at - LONGEST)


def traffic(pool: Pool, daily: int, days: int, seed: int) -> Seen:
    """Ordinary requests of so many days."""
    from towerdesk.cli.demo.arrivals import arrivals as of_the_demo

    until = date(2026, 6, 1) + timedelta(days=seed % 300)
    at = [one.at.timestamp() for one in of_the_demo(days, daily * days, seed, until=until) if not one.incident]
    times = np.array(at) + np.random.default_rng(seed).uniform(0, 60, len(at))
    times.sort()
    chance = np.random.default_rng(SEED + seed)
    drawn = chance.integers(0, len(pool.vectors), len(times))
    intents = _as_understood(pool.intents[drawn], chance, int(pool.intents.max()))
    people = chance.integers(0, max(200, daily * 20), len(times))
    return Seen(times, pool.vectors[drawn], intents, people)


def _with(seen: Seen, added: Any, pool: Pool, chance: Any) -> Seen:
    drawn = chance.integers(0, len(pool.troubles), len(added))
    intents = _as_understood(np.full(len(added), pool.trouble), chance, int(pool.intents.max()))
    at = np.concatenate([seen.at, added])
    order = np.argsort(at, kind="stable")
    return Seen(
        at[order],
        np.concatenate([seen.vectors, pool.troubles[drawn]])[order],
        np.concatenate([seen.intents, intents])[order],
        np.concatenate([seen.people, 10**8 + np.arange(len(added))])[order],
    )


def _as_understood(intents: Any, chance: Any, most: int) -> Any:
    roll = chance.random(len(intents))
    wrong = np.where(roll < UNKNOWN + WRONG, chance.integers(1, most + 1, len(intents)), intents)
    return np.where(roll < UNKNOWN, 0, wrong).astype(np.int64)


def usual_rate(pool: Pool, daily: int) -> float:
    """Requests of the trouble's intent an hour, on a working morning."""
    from towerdesk.cli.demo.arrivals import HOURS, WEEKDAYS

    peak = WEEKDAYS[1] / (sum(WEEKDAYS) / 7) * HOURS[10] / sum(HOURS)
    return daily * peak * pool.share


def _tuesday_at_ten(before: float) -> float:
    day = datetime.fromtimestamp(before, UTC)
    day -= timedelta(days=(day.weekday() - 1) % 7)
    return day.replace(hour=9, minute=0, second=0, microsecond=0).timestamp()


@cache
def embedded(model: str = "", pool: int = POOL, troubles: int = TROUBLES) -> Pool:
    from towerdesk.assistant.understand.gist import gist
    from towerdesk.cli.demo.traffic import Generator
    from towerdesk.lib.embedding.choose import named

    generator = Generator(SEED)
    requests = list(generator.requests(pool))
    bad = [generator.incident() for _ in range(troubles)]
    names = sorted({one.intent for one in requests} | {bad[0].intent})
    numbers = np.array([1 + names.index(one.intent) for one in requests], np.int64)
    trouble = 1 + names.index(bad[0].intent)
    texts = [gist(f"{one.subject}\n{one.words}") for one in [*requests, *bad]]
    made_by = named(model, 1) if model else lookout_embedder()
    vectors = np.concatenate([made_by.embed(texts[at : at + 200]) for at in range(0, len(texts), 200)])
    is_of_words = made_by.name == "wordllama"
    if is_of_words:
        vectors = Common.of(vectors[: pool // 2]).taken_off(vectors)
    share = float(np.mean(numbers == trouble))
    bounds = OF_WORDS if is_of_words else OF_SENTENCES
    return Pool(vectors[:pool], numbers, vectors[pool:], trouble, share, bounds)


if __name__ == "__main__":
    main()
