"""What came lately and what is usual, as arrays. The usual is held in memory: a busy desk asks for it with each request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

import numpy as np
from django.db.models import QuerySet

from towerdesk.knowledge.index import unpack
from towerdesk.lib.statements import Statement
from towerdesk.problems.models import Member, Sighting
from towerdesk.problems.surges.detect import Seen
from towerdesk.problems.surges.scan import LEARNS, LONGEST
from towerdesk.problems.surges.space import Space, space_of
from towerdesk.problems.surges.usual import Usual

MOST_REMEMBERED = 20_000
"""Of the past at most so many are compared: a desk with more of them knows its usual rate well enough by the newest."""
EXPLAINS = timedelta(days=30)
"""How long a surge may last and still have new members."""
HELD = 15 * 60
"""Seconds for which what is usual stays the same: four weeks differ little from a quarter of an hour before."""
WERE_ONES = ("ongoing", "over")
STATE = Statement("""
SELECT seen.first, seen.last, judged.count, judged.last
FROM (SELECT min(at) AS first, max(at) AS last FROM problems_sighting
    WHERE model = %(model)s AND at > %(from)s AND at <= %(until)s) AS seen,
  (SELECT count(*), max(decided_at) AS last FROM problems_surge WHERE state IN ('ongoing', 'over')) AS judged
""")

type Row = tuple[int, datetime, int, int | None, bytes | memoryview]
"""Of a sighting: ticket, when, person, intent, packed vector."""


@dataclass(frozen=True, slots=True)
class _Held:
    state: tuple[object, ...]
    space: Space
    seen: Seen
    usual: Usual


_held: _Held | None = None
_lock = Lock()


def lately_before(sighting: Sighting) -> list[Row]:
    """What came within the longest window and no surge explains yet, this one last."""
    since = sighting.at - timedelta(seconds=LONGEST)
    explained = Member.objects.filter(surge__at__gt=since - EXPLAINS).exclude(state="left_out").values("ticket")
    rows = Sighting.objects.filter(model=sighting.model, at__gt=since, at__lte=sighting.at).exclude(pk=sighting.pk)
    this = (sighting.ticket_id, sighting.at, sighting.person, sighting.intent_id, sighting.vector)
    return [*_newest(rows.exclude(ticket__in=explained)), this]


def usual_before(sighting: Sighting) -> tuple[Seen, Usual]:
    """The weeks before the longest window, without what belonged to surges that were ones: they are not what is usual.

    Its vectors are as they are compared.
    """
    global _held
    space = space_of(sighting.model)
    until = datetime.fromtimestamp((sighting.at.timestamp() - LONGEST) // HELD * HELD, UTC)
    since = until - timedelta(seconds=LEARNS)
    with _lock:
        state = _state(since, until, sighting.model)
        if _held is None or _held.state != state or _held.space is not space:
            rows = Sighting.objects.filter(model=sighting.model, at__gt=since, at__lte=until)
            unusual = Member.objects.filter(surge__state__in=WERE_ONES).exclude(state="left_out").values("ticket")
            seen = space.seen(seen_in(_newest(rows.exclude(ticket__in=unusual))))
            begun = float(seen.at[0]) if len(seen) else until.timestamp()
            _held = _Held(state, space, seen, Usual.of(seen.at, begun, until.timestamp()))
        return _held.seen, _held.usual


def seen_in(rows: Sequence[Row]) -> Seen:
    return Seen(
        np.array([at.timestamp() for _, at, _, _, _ in rows]),
        unpack(b"".join(bytes(vector) for _, _, _, _, vector in rows)),
        np.array([intent or 0 for _, _, _, intent, _ in rows], np.int64),
        np.array([person for _, _, person, _, _ in rows], np.int64),
    )


def _state(since: datetime, until: datetime, model: str) -> tuple[object, ...]:
    """Differs when the rows do: another stretch of time, sightings forgotten, a surge judged."""
    return model, until, *STATE.ask({"model": model, "from": since, "until": until})[0]


def _newest(rows: "QuerySet[Sighting]") -> Sequence[Row]:
    """Oldest first."""
    newest = rows.order_by("-at", "-ticket_id").values_list("ticket_id", "at", "person", "intent_id", "vector")
    return list(newest[:MOST_REMEMBERED])[::-1]
