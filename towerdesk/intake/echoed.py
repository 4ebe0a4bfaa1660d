"""The provider shows what we said ourselves. What the desk sent it knows again; the rest was said past it, and is shown so."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from towerdesk.channels.contract import Incoming
from towerdesk.intake.fetch import fetched
from towerdesk.intake.finish import finish
from towerdesk.intake.leaving import ours_in, wait_for_what_leaves
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import keep_files
from towerdesk.intake.thread import find_ticket
from towerdesk.lib.actor import Actor
from towerdesk.lib.files import Kept
from towerdesk.lib.locks import one_at_a_time
from towerdesk.tickets.arrive import arrive
from towerdesk.tickets.models import Message
from towerdesk.tickets.say_elsewhere import say_elsewhere

NEAR = timedelta(minutes=10)
"""So far may the provider's time of a message lie from ours."""
MOST = 20
NO_TICKET = "We said this past the desk, in a conversation that is no ticket yet."
OURS = "The provider shows what left from here."
PART = "The provider shows a part of what left from here."


def echoed(raw: Raw, incoming: Incoming, ours: Message | None, *, by: Actor) -> None:
    """`ours` is the message with this very id, if there is one. Safe to repeat, and in any order."""
    if ours is None:
        wait_for_what_leaves(raw, incoming)
    part = None if ours else _part_of(raw, incoming)
    if message := ours or part:
        with transaction.atomic():
            if ours or message.delivery == "unsure":
                arrive(message, "sent", by=by)
            finish(raw, "message", OURS if ours else PART, incoming=incoming, ticket=message.ticket_id, by=by)
    else:
        _said_past_the_desk(raw, incoming, by=by)


def _part_of(raw: Raw, incoming: Incoming) -> Message | None:
    """A long reply leaves in several parts, of which only one id is kept: the others are known by their words."""
    words = _plain(incoming.text)
    at = incoming.at or raw.arrived_at
    near = Q(sent_at__range=(at - NEAR, at + NEAR)) | Q(delivery="unsure", send_after__range=(at - NEAR, at + NEAR))
    said = ours_in(raw, incoming.conversation).filter(near).select_related("ticket").order_by("-pk")[:MOST]
    return next((message for message in said if words and words in _plain(message.text)), None)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _said_past_the_desk(raw: Raw, incoming: Incoming, *, by: Actor) -> None:
    files: list[Kept] = []
    if find_ticket(incoming, raw.inbox_id) is not None:
        files = keep_files(fetched(raw, incoming))  # before the transaction: across networks
    with transaction.atomic():
        one_at_a_time(f"conversation {raw.inbox_id} {incoming.conversation}")
        ticket = find_ticket(incoming, raw.inbox_id)
        if ticket is None:
            finish(raw, "set_aside", NO_TICKET, incoming=incoming, about=incoming.conversation, by=by)
        else:
            say_elsewhere(ticket, incoming.visible, named=incoming.external_id, at=incoming.at, files=files, by=by)
            finish(raw, "message", "We said this past the desk.", incoming=incoming, ticket=ticket.pk, by=by)
