"""Which inbox a message leaves by: the ticket's own, or for a call the one whose number rings."""

from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel, channels
from towerdesk.channels.ringing import Ringing
from towerdesk.tickets.models import Call, Message


def way_out(message: Message) -> Inbox:
    call = call_of(message)
    return call.inbox if call else message.ticket.inbox


def call_of(message: Message) -> Call | None:
    """Asked of the database only where there can be one."""
    if message.channel not in channels() or not isinstance(channel(message.channel), Ringing):
        return None
    return Call.objects.select_related("inbox").filter(message=message.pk).first()
