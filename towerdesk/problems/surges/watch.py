"""Look at each request that comes: does it belong to a surge that stands, or is it one too many of its kind?"""

from datetime import UTC, datetime, timedelta

import numpy as np
import structlog
from django.db import transaction
from django.db.models import QuerySet

from towerdesk.events.record import record
from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Vectors
from towerdesk.lib.locks import one_at_a_time
from towerdesk.problems.models import Member, Sighting, Surge
from towerdesk.problems.surges.detect import Alarm, Seen, detect
from towerdesk.problems.surges.join import join, surge_of
from towerdesk.problems.surges.like import middle, most_typical
from towerdesk.problems.surges.scan import LEARNS, LONGEST
from towerdesk.problems.surges.usual import Usual
from towerdesk.tickets.models import Ticket

MOST_REMEMBERED = 20_000
"""Of the past at most so many are compared: a desk with more of them knows its usual rate well enough by the newest."""
PASSES_AFTER = timedelta(hours=12)
EXPLAINS = timedelta(days=30)
"""How long a surge may last and still have new members."""

log = structlog.get_logger()


def watch(ticket: Ticket, vector: Vectors, model: str) -> Surge | None:
    """Once for each new ticket; the surge that it belongs to or that it shows. `vector` is float32[384] of what was asked."""
    sighting, is_new = Sighting.objects.get_or_create(
        ticket=ticket,
        defaults={
            "at": now(),
            "person": ticket.requester_id,
            "intent_id": ticket.intent_id,
            "vector": pack(vector),
            "model": model,
        },
    )
    if not is_new:
        return None
    if known := surge_of(vector, ticket.intent_id, model):
        join(known, ticket, vector)
        return known
    rows = _lately(sighting)
    lately = _seen(rows)
    alarm = detect(lately, lambda: _past(sighting))
    return _propose(sighting, alarm, lately, [row.ticket_id for row in rows]) if alarm else None


def pass_by() -> int:
    """Proposals that nobody took up and that nothing was added to for half a day are none any more. Returns how many."""
    return Surge.objects.filter(state="proposed", last_at__lt=now() - PASSES_AFTER).update(state="passed")


def forget() -> int:
    """What is older than what is learnt from."""
    old = now() - timedelta(seconds=LEARNS + 2 * LONGEST)
    return Sighting.objects.filter(at__lt=old).delete()[0]


def _propose(sighting: Sighting, alarm: Alarm, lately: Seen, numbers: list[int]) -> Surge:
    """Another job may have seen the same a moment ago."""
    found = alarm.found
    vectors = lately.vectors[list(found.members)]
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
            intent_id=_intent(alarm, lately),
            centre=pack(centre),
            model=sighting.model,
            count=found.count,
            minutes=found.minutes,
            expected=found.expected,
            probability=found.probability,
            first_at=_moment(float(lately.at[found.members[0]])),
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


def _intent(alarm: Alarm, lately: Seen) -> int | None:
    """The one that most of them have, if most have one."""
    intents = lately.intents[list(alarm.found.members)]
    numbers, counted = np.unique(intents, return_counts=True)
    first = int(np.argmax(counted))
    return int(numbers[first]) or None if counted[first] * 2 > len(intents) else None


def _lately(sighting: Sighting) -> list[Sighting]:
    """What came within the longest window and no surge explains yet, this one last."""
    since = sighting.at - timedelta(seconds=LONGEST)
    explained = Member.objects.filter(surge__at__gt=since - EXPLAINS).exclude(state="left_out").values("ticket")
    rows = _remembered(sighting.model).filter(at__gt=since, at__lte=sighting.at).exclude(pk=sighting.pk)
    rows = rows.exclude(ticket__in=explained)
    return [*list(rows.order_by("-at", "-ticket_id")[:MOST_REMEMBERED])[::-1], sighting]


def _past(sighting: Sighting) -> tuple[Seen, Usual]:
    """Without what belonged to surges that were ones: they are not what is usual."""
    until = sighting.at - timedelta(seconds=LONGEST)
    since = until - timedelta(seconds=LEARNS)
    unusual = Member.objects.filter(surge__state__in=("ongoing", "over")).exclude(state="left_out").values("ticket")
    rows = _remembered(sighting.model).filter(at__gt=since, at__lte=until).exclude(ticket__in=unusual)
    newest = list(rows.order_by("-at", "-ticket_id")[:MOST_REMEMBERED])[::-1]
    seen = _seen(newest)
    begun = float(seen.at[0]) if len(seen) else until.timestamp()
    return seen, Usual.of(seen.at, begun, until.timestamp())


def _remembered(model: str) -> "QuerySet[Sighting]":
    return Sighting.objects.filter(model=model)


def _seen(rows: list[Sighting]) -> Seen:
    vectors = unpack(b"".join(bytes(row.vector) for row in rows))
    return Seen(
        np.array([row.at.timestamp() for row in rows]),
        vectors,
        np.array([row.intent_id or 0 for row in rows], np.int64),
        np.array([row.person for row in rows], np.int64),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
