"""Look at each request that comes: does it belong to a surge that stands, or is it one too many of its kind?"""

from datetime import UTC, datetime, timedelta

import numpy as np
import structlog
from django.db import transaction

from towerdesk.events.record import record
from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Vectors
from towerdesk.lib.locks import one_at_a_time
from towerdesk.lib.statements import Statement
from towerdesk.problems.models import Member, Sighting, Surge
from towerdesk.problems.surges.detect import Alarm, Seen, detect
from towerdesk.problems.surges.join import join, surge_of
from towerdesk.problems.surges.lately import lately
from towerdesk.problems.surges.like import middle, most_typical
from towerdesk.problems.surges.past import lately_before, seen_in, usual_before
from towerdesk.problems.surges.scan import LEARNS, LONGEST
from towerdesk.problems.surges.space import space_of
from towerdesk.tickets.models import Ticket

PASSES_AFTER = timedelta(hours=12)
KEEP = Statement("""
INSERT INTO problems_sighting (ticket_id, at, person, intent_id, vector, model) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (ticket_id) DO NOTHING RETURNING ticket_id
""")

log = structlog.get_logger()


def watch(ticket: Ticket, vector: Vectors, model: str) -> Surge | None:
    """Once for each new ticket; the surge that it belongs to or that it shows.

    `vector` is float32[384] of what was asked, by `model` (a fingerprint): one for the whole desk at a time.
    """
    sighting = Sighting(
        ticket=ticket,
        at=now(),
        person=ticket.requester_id,
        intent_id=ticket.intent_id,
        vector=pack(vector),
        model=model,
    )
    if not _is_new(sighting):
        return None
    if known := surge_of(vector, ticket.intent_id, model):
        join(known, ticket, vector)
        return known
    at_most, space = lately.up_to(sighting), space_of(model)
    if at_most is not None and not detect(at_most, lambda: usual_before(sighting), space.bounds):
        return None
    rows = lately_before(sighting)
    unexplained = seen_in(rows)
    alarm = detect(space.seen(unexplained), lambda: usual_before(sighting), space.bounds)
    return _propose(sighting, alarm, unexplained, [row[0] for row in rows]) if alarm else None


def _is_new(sighting: Sighting) -> bool:
    columns = ("ticket_id", "at", "person", "intent_id", "vector", "model")
    return bool(KEEP.ask([getattr(sighting, column) for column in columns]))


def pass_by() -> int:
    """Proposals that nobody took up and that nothing was added to for half a day are none any more. Returns how many."""
    return Surge.objects.filter(state="proposed", last_at__lt=now() - PASSES_AFTER).update(state="passed")


def forget() -> int:
    """What is older than what is learnt from."""
    old = now() - timedelta(seconds=LEARNS + 2 * LONGEST)
    return Sighting.objects.filter(at__lt=old).delete()[0]


def _propose(sighting: Sighting, alarm: Alarm, seen: Seen, numbers: list[int]) -> Surge:
    """Another job may have seen the same a moment ago. `seen` has its vectors as they are kept."""
    found = alarm.found
    kept = seen.vectors[list(found.members)]
    vectors = space_of(sighting.model).rows(kept)
    centre = middle(vectors)
    tickets = [numbers[place] for place in found.members]
    shown = Ticket.objects.in_bulk(tickets)
    example = shown[tickets[most_typical(vectors, [shown[one].subject for one in tickets])]]
    with transaction.atomic():
        one_at_a_time("surges")
        if known := surge_of(unpack(sighting.vector)[0], sighting.intent_id, sighting.model):
            join(known, sighting.ticket, unpack(sighting.vector)[0])
            return known
        surge = Surge.objects.create(
            about=example.subject[:300],
            example=example,
            intent_id=_intent(alarm, seen),
            centre=pack(kept.mean(axis=0)),
            model=sighting.model,
            count=found.count,
            minutes=found.minutes,
            expected=found.expected,
            probability=found.probability,
            first_at=_moment(float(seen.at[found.members[0]])),
            last_at=sighting.at,
            at=now(),
        )
        Member.objects.bulk_create(
            Member(surge=surge, ticket_id=number, near=float(vector @ centre), at=now())
            for number, vector in zip(tickets, vectors, strict=True)
        )
        record(
            "surge.proposed", by=CLOCK, subject=surge.pk, about=surge.about, count=found.count, minutes=found.minutes
        )
    log.info("a surge is proposed", surge=surge.pk, count=found.count, minutes=found.minutes, usual=found.expected)
    return surge


def _intent(alarm: Alarm, seen: Seen) -> int | None:
    """The one that most of them have, if most have one."""
    intents = seen.intents[list(alarm.found.members)]
    numbers, counted = np.unique(intents, return_counts=True)
    first = int(np.argmax(counted))
    return int(numbers[first]) or None if counted[first] * 2 > len(intents) else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
