"""What a provider shows of our own words may come before we have written down under which id they left."""

from datetime import timedelta

from django.db.models import QuerySet

from towerdesk.channels.contract import Incoming
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib.clock import now
from towerdesk.lib.text import storable
from towerdesk.tickets.models import Message
from towerdesk.tickets.say_elsewhere import KIND as ELSEWHERE

PATIENCE = timedelta(minutes=5)
"""A reply that is on its way for longer is in a person's hands."""


def ours_in(raw: Raw, conversation: str) -> "QuerySet[Message]":
    """What the desk itself said in a conversation of this inbox, over all of its tickets."""
    heard = Message.objects.filter(thread_key=storable(conversation)[:200], direction="in", raw__inbox=raw.inbox_id)
    said = Message.objects.filter(direction="out", public=True, channel=raw.inbox.channel, ticket__inbox=raw.inbox_id)
    return said.filter(ticket__in=heard.order_by().values("ticket")).exclude(author_kind=ELSEWHERE)


def wait_for_what_leaves(raw: Raw, incoming: Incoming) -> None:
    """Raises `StorageIsAway` while a reply of the conversation is being sent: a moment later it is known what it was."""
    if now() - raw.arrived_at < PATIENCE and ours_in(raw, incoming.conversation).filter(delivery="sending").exists():
        raise StorageIsAway("A reply of this conversation is being sent just now.")
