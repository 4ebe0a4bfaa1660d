"""From a track to the courses of its clocks: what began when, what stopped it, when it stood still. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from towerdesk.hours import reckon
from towerdesk.hours.reckon import Pause
from towerdesk.sla.policies import Promise

DONE = ("resolved", "closed")
WHY = {
    "pending": "waiting on the customer",
    "hold": "waiting on others",
    "resolved": "resolved, until it was opened again",
    "closed": "closed, until it was opened again",
}


@dataclass(frozen=True, slots=True)
class Course:
    """One promise's way. `pauses` reach up to where it stopped; the last has no end while the clock stands still."""

    kind: str
    minutes: int
    started: datetime
    stopped: datetime | None
    pauses: tuple[Pause, ...]

    def due(self, promise: Promise, later: int = 0) -> datetime | None:
        """When the promise is due, or so many minutes later; None while a pause keeps it from coming."""
        length = timedelta(minutes=max(0, self.minutes + later))
        return reckon.due(promise.hours, self.started, length, self.pauses)

    def used(self, promise: Promise, until: datetime) -> timedelta:
        return reckon.used(promise.hours, self.started, self.stopped or until, self.pauses)

    @property
    def is_paused(self) -> bool:
        return self.stopped is None and bool(self.pauses) and self.pauses[-1][1] is None


def courses(
    spells: Sequence[Sequence[str]], asks: Sequence[dict[str, Any]], priority: str, promise: Promise
) -> list[Course]:
    """`spells` and `asks` as a `Track` holds them; at least one spell is there."""
    times = [(datetime.fromisoformat(at), status) for at, status in spells]
    found = [*_answers(times, asks, promise), *_solution(times, promise)]
    minutes = {kind: of.get(priority) for kind, of in promise.targets.items()}
    return [
        Course(kind, its, started, stopped, pauses)
        for kind, started, stopped, pauses in found
        if (its := minutes.get(kind))
    ]


type _Found = tuple[str, datetime, datetime | None, tuple[Pause, ...]]
type _Times = Sequence[tuple[datetime, str]]


def _answers(times: _Times, asks: Sequence[dict[str, Any]], promise: Promise) -> Iterator[_Found]:
    for number, ask in enumerate(asks):
        if ask["at"] is None:
            continue  # answered before anything was promised
        started = datetime.fromisoformat(ask["at"])
        stopped = datetime.fromisoformat(ask["answered"]) if ask["answered"] else None
        kind = "next_response" if number else "first_response"
        yield kind, started, stopped, tuple(_pauses(times, promise.pauses, started, stopped))


def _solution(times: _Times, promise: Promise) -> Iterator[_Found]:
    """From the first moment on; the time it lay resolved before it was opened again does not count."""
    stopped: datetime | None = None
    for at, status in reversed(times):
        if status not in DONE:
            break
        stopped = at
    started = times[0][0]
    yield "resolution", started, stopped, tuple(_pauses(times, (*promise.pauses, *DONE), started, stopped))


def _pauses(times: _Times, statuses: Sequence[str], started: datetime, stopped: datetime | None) -> Iterator[Pause]:
    """Spells in these statuses between start and stop; what is still going on at the stop ends there."""
    ends: list[datetime | None] = [at for at, _ in times[1:]]
    for (at, status), until in zip(times, [*ends, None], strict=True):
        if (
            status not in statuses
            or (until is not None and until <= started)
            or (stopped is not None and at >= stopped)
        ):
            continue
        until = stopped if stopped is not None and (until is None or until > stopped) else until
        yield max(at, started), until, WHY.get(status, status)
