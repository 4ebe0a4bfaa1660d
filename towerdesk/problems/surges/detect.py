"""One request came: is it one of too many? Knows arrays only, so that a replay of months asks the very same questions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.embedding import Vectors
from towerdesk.problems.surges.like import OF_SENTENCES, Bounds, of_any_intent, of_one_intent
from towerdesk.problems.surges.scan import LEAST, LONGEST, Found, Past, first_of_each, scan
from towerdesk.problems.surges.usual import Times, Usual


@dataclass(frozen=True, slots=True)
class Seen:
    """What came, one row each, in the order of time. `at` in seconds since 1970; intent 0 is none."""

    at: Times
    vectors: Vectors
    intents: NDArray[np.int64]
    people: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, slots=True)
class Alarm:
    """`by_intent`: counted among one intent's requests rather than among all that lie near."""

    found: Found
    by_intent: bool


def detect(lately: Seen, past: Callable[[], tuple[Seen, Usual]], bounds: Bounds = OF_SENTENCES) -> Alarm | None:
    """`lately` ends with the request that has just come and goes back `LONGEST`; `past` is asked only when it matters."""
    vector, intent, at = lately.vectors[-1], int(lately.intents[-1]), float(lately.at[-1])
    near = lately.vectors @ vector
    groups = [(True, of_one_intent(near, intent, lately.intents, bounds)), (False, of_any_intent(near, bounds))]
    groups = [(by, like) for by, like in groups if len(first_of_each(lately.at, lately.people, like)) >= LEAST]
    if not groups:
        return None
    before, usual = past()
    near = before.vectors @ vector
    alarms = []
    for by_intent, like in groups:
        like_before = of_one_intent(near, intent, before.intents, bounds) if by_intent else of_any_intent(near, bounds)
        known = Past(before.at[like_before], usual, len(before))
        found = scan(lately.at, lately.people, like, at, known)
        alarms += [Alarm(found, by_intent)] if found else []
    return min(alarms, key=lambda alarm: alarm.found.probability, default=None)


def lately_of(seen: Seen, place: int) -> Seen:
    """The part of a long record that `detect` looks at when its row `place` comes."""
    since = int(np.searchsorted(seen.at, seen.at[place] - LONGEST, side="right"))
    rows = slice(since, place + 1)
    return Seen(seen.at[rows], seen.vectors[rows], seen.intents[rows], seen.people[rows])
