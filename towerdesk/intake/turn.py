"""Somebody turns a conversation that happened elsewhere into a ticket: its messages are fetched, kept and read like any."""

from django.db import transaction

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Incoming, NotFetched
from towerdesk.channels.doors import Gathering, Piece
from towerdesk.channels.registry import channel
from towerdesk.intake.fetch import PATIENCE
from towerdesk.intake.finish import finish
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.intake.store import store_pieces
from towerdesk.intake.whisper import whisper
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable
from towerdesk.tickets.merge import standing
from towerdesk.tickets.models import Message

WAITS = "It turns a conversation into a ticket, whose messages are being read."
NOTHING = "There is no message here that could become a ticket"


def turn(raw: Raw, incoming: Incoming, message: Message | None, *, by: Actor = CLOCK) -> None:
    """`message` is the one that was pointed at, once it is on a ticket: until then this waits for it."""
    if message is not None:
        _it_is(raw, incoming, message, by=by)
        return
    trouble = ""
    try:
        pieces = _gathered(raw, incoming)
    except (NotFetched, Unavailable) as error:
        pieces, trouble = [], str(error)
    store_pieces(pieces, raw.inbox, door="hook")
    said = WAITS if pieces else f"{trouble or NOTHING}.".replace("..", ".")
    with transaction.atomic():
        finish(raw, "set_aside", said, incoming=incoming, about=incoming.about if pieces else "", by=by)
    if not pieces:
        whisper(raw, incoming, said)


def _it_is(raw: Raw, incoming: Incoming, message: Message, *, by: Actor) -> None:
    ticket = standing(message.ticket)
    with transaction.atomic():
        finish(raw, "message", "It turned a conversation into a ticket.", incoming=incoming, ticket=ticket.pk, by=by)
    whisper(raw, incoming, f"This is ticket {ticket.pk}: what is written in this thread comes onto it.")


def _gathered(raw: Raw, incoming: Incoming) -> list[Piece]:
    """Raises `StorageIsAway` while trying again may help."""
    speaks = channel(raw.inbox.channel)
    if not isinstance(speaks, Gathering):
        return []
    try:
        return list(speaks.gather(incoming, account_of(raw.inbox)))
    except (NotFetched, Unavailable) as error:
        later = isinstance(error, Unavailable) or error.later
        if later and now() - raw.arrived_at < PATIENCE:
            raise StorageIsAway(f"The conversation can't be fetched now: {error}") from error
        raise
