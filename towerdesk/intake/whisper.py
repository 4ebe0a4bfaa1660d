"""Tell whoever pressed a button what became of it, and nobody else. A courtesy: nothing depends on it."""

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Deciding, Incoming
from towerdesk.channels.registry import channel
from towerdesk.intake.models import Raw


def whisper(raw: Raw, incoming: Incoming, sentence: str) -> None:
    """Outside of any transaction of its own, after what it tells of is committed."""
    speaks = channel(raw.inbox.channel)
    if incoming.whisper and isinstance(speaks, Deciding):
        speaks.whisper(incoming, sentence, account_of(raw.inbox))
