"""Which order is whose, and when it was placed: the same for the shop and for what customers write."""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from functools import cache
from operator import itemgetter

from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.people import CUSTOMERS, Person, cast

FIRST, LAST = 18200, 21990
OLDEST = 300.0  # days
STEEP = 2.2  # business grows: more than half of the orders are of the last two months
FRESH = timedelta(days=1)
STEP = 7919  # a prime that shares nothing with the size of the cast, so that everybody has some


def customers() -> tuple[Person, ...]:
    return cast(CUSTOMERS)


@cache
def owners() -> dict[str, Person]:
    """Order number → whose it is."""
    people = customers()
    return {f"B-{number}": people[number * STEP % len(people)] for number in range(FIRST, LAST + 1)}


@cache
def orders_by_mail() -> dict[str, tuple[str, ...]]:
    """The orders of each address, oldest first."""
    found: dict[str, list[str]] = {}
    for number, person in owners().items():
        found.setdefault(person.email, []).append(number)
    return {mail: tuple(numbers) for mail, numbers in found.items()}


def placed_at(number: str, today: datetime) -> datetime:
    """With the hour of the day that `dice` says; the newest order is of the last hours before `today`."""
    part = (LAST - int(number.removeprefix("B-"))) / (LAST - FIRST)
    wobble = dice("placed", number).random() * 0.4
    return today - timedelta(days=OLDEST * part**STEEP + wobble)


def order_for(person: Person, at: datetime) -> str:
    """The one that somebody who writes `at` is likely to mean: their newest by then. Empty for one who is no customer."""
    theirs = orders_by_mail().get(person.email, ())
    by_then = [number for number in theirs if placed_at(number, _tomorrow()) < at]
    return (by_then or list(theirs[:1]) or [""])[-1]


def lately(at: datetime) -> tuple[Person, ...]:
    """Whose newest order `at` that time was placed within a day: it can still be changed."""
    placed = _by_time(_tomorrow())
    recent = placed[bisect_left(placed, at - FRESH, key=itemgetter(0)) : bisect_left(placed, at, key=itemgetter(0))]
    return tuple(owners()[number] for _, number in recent)


@cache
def _by_time(today: datetime) -> list[tuple[datetime, str]]:
    return sorted((placed_at(number, today), number) for number in owners())


def _tomorrow() -> datetime:
    """Of the clock on the wall, also while the past is told: that is when the shop was opened."""
    return datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time.min, tzinfo=UTC)
