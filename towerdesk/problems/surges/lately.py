"""What came within the longest window, kept in memory: a busy desk looks at it with each request.

It only says that there is nothing: before anybody hears of a surge the rows are read anew (`past.lately_before`). So what
surges explain may stay among these, and a row too many costs no more than that look.
"""

from datetime import UTC, datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.statements import Statement
from towerdesk.problems.models import Sighting
from towerdesk.problems.surges.detect import Seen
from towerdesk.problems.surges.past import MOST_REMEMBERED, seen_in
from towerdesk.problems.surges.scan import LONGEST
from towerdesk.problems.surges.space import AS_IT_IS, space_of

OVERLAP = 10.0
"""Seconds for which a sighting may come to light after a later one; of all others the count tells."""
FRESH = Statement("""
SELECT (SELECT count(*) FROM problems_sighting WHERE model = %(model)s AND at > %(from)s AND at <= %(until)s),
  fresh.ticket_id, fresh.at, fresh.person, fresh.intent_id, fresh.vector
FROM (VALUES (1)) AS always LEFT JOIN problems_sighting AS fresh
  ON fresh.model = %(model)s AND fresh.at > %(since)s AND fresh.at <= %(until)s
  AND fresh.ticket_id <> ALL (%(known)s::bigint[])
ORDER BY fresh.ticket_id = %(this)s, fresh.at
""")
NOTHING = seen_in([])


class Lately:
    def __init__(self) -> None:
        self._lock = Lock()
        self._model, self._space = "", AS_IT_IS
        self._let_go()

    def up_to(self, sighting: Sighting) -> Seen | None:
        """With this one, which is written down, as its last, vectors as they are compared; None when there is too much."""
        at, space = sighting.at.timestamp(), space_of(sighting.model)
        with self._lock:
            is_other = self._model != sighting.model or self._space is not space
            if is_other or not self._read(sighting, self._newest() - OVERLAP):
                self._model, self._space = sighting.model, space
                self._let_go()
                if not self._read(sighting, 0.0):
                    return None
            return _only(self._seen, self._seen.at <= at)

    def _let_go(self) -> None:
        self._numbers, self._seen = np.zeros(0, np.int64), NOTHING

    def _newest(self) -> float:
        return float(self._seen.at.max(initial=0.0))

    def _read(self, sighting: Sighting, since: float) -> bool:
        """What is new since then; False when not all is there even so."""
        at = sighting.at.timestamp()
        since = max(since, at - LONGEST)
        values = {
            "model": self._model,
            "from": _moment(at - LONGEST),
            "since": _moment(since),
            "until": sighting.at,
            "known": self._numbers[self._seen.at > since].tolist(),
            "this": sighting.ticket_id,
        }
        rows = FRESH.ask(values)
        if rows[0][0] > MOST_REMEMBERED:
            return False
        fresh = [(row[1], row[2], row[3], row[4], row[5]) for row in rows if row[1] is not None]
        recent = self._seen.at > at - LONGEST
        self._numbers = np.append(self._numbers[recent], [row[0] for row in fresh]).astype(np.int64)
        self._seen = _joined(_only(self._seen, recent), self._space.seen(seen_in(fresh)))
        return bool((self._seen.at <= at).sum() == rows[0][0]) and int(self._numbers[-1]) == sighting.ticket_id


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _only(seen: Seen, rows: NDArray[np.bool_]) -> Seen:
    if rows.all():
        return seen
    return Seen(seen.at[rows], seen.vectors[rows], seen.intents[rows], seen.people[rows])


def _joined(first: Seen, then: Seen) -> Seen:
    return Seen(
        np.concatenate([first.at, then.at]),
        np.concatenate([first.vectors, then.vectors]),
        np.concatenate([first.intents, then.intents]),
        np.concatenate([first.people, then.people]),
    )


lately = Lately()
