"""The space in which requests are compared: what counts as near there, and what the desk's last weeks have in common."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from towerdesk.knowledge.index import unpack
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Vectors, normalise
from towerdesk.lib.statements import Statement
from towerdesk.problems.surges.detect import Seen
from towerdesk.problems.surges.like import OF_SENTENCES, OF_WORDS, OF_WORDS_ALONE, Bounds
from towerdesk.problems.surges.scan import LEARNS
from towerdesk.problems.surges.words import Common, is_of_words

LEAST, MOST = 50, 2000
"""Texts from which something in common is learnt: below nothing, above no better."""
HELD = timedelta(days=1)
SAMPLE = Statement("""
SELECT vector FROM problems_sighting WHERE model = %(model)s AND at > %(since)s AND at <= %(until)s
  AND NOT EXISTS (SELECT 1 FROM problems_member AS member WHERE member.ticket_id = problems_sighting.ticket_id)
ORDER BY hashint8(ticket_id), ticket_id LIMIT %(most)s
""")


@dataclass(frozen=True, slots=True)
class Space:
    """`bounds` hold for what `rows` and `row` give: vectors as they are compared, of vectors as they are kept."""

    bounds: Bounds
    common: Common | None = None

    def rows(self, vectors: Vectors) -> Vectors:
        return self.common.taken_off(vectors) if self.common and len(vectors) else vectors

    def row(self, vector: Vectors) -> Vectors:
        """Of length 1, also for the mean of several."""
        made: Vectors = normalise(self.rows(vector[None]))[0]
        return made

    def seen(self, kept: Seen) -> Seen:
        return replace(kept, vectors=self.rows(kept.vectors)) if self.common else kept


AS_IT_IS = Space(OF_SENTENCES)

_held: dict[str, tuple[datetime, Space]] = {}
_lock = Lock()


def space_of(model: str) -> Space:
    """The same object until something else is learnt. `model` is the fingerprint of whose vectors are to be compared."""
    if not is_of_words(model):
        return AS_IT_IS
    at = now()
    with _lock:
        held = _held.get(model)
        if held is None or not timedelta(0) <= at - held[0] < HELD:
            _held[model] = held = (at, _learn(model, at))
        return held[1]


def forget() -> None:
    """What was learnt is learnt anew: many vectors have come or gone at once."""
    with _lock:
        _held.clear()


def _learn(model: str, at: datetime) -> Space:
    """Of a part of the last weeks that is the same from one time to the next, without what any surge has held."""
    since = at - timedelta(seconds=LEARNS)
    kept = SAMPLE.ask({"model": model, "since": since, "until": at, "most": MOST})
    if len(kept) < LEAST:
        return Space(OF_WORDS_ALONE)
    return Space(OF_WORDS, Common.of(unpack(b"".join(bytes(vector) for (vector,) in kept))))
