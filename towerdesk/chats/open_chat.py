"""Make an inbox that people chat with."""

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.channels.connect import connect
from towerdesk.channels.models import Inbox
from towerdesk.channels.set_up import open_inbox
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.slugs import slug_of
from towerdesk.lib.text import one_line


def open_chat(name: str, team: Team, *, by: Actor) -> Inbox:
    """A reply leaves at once: nobody who waits in a chat shall wait for a pause to undo."""
    name = one_line(name, 80)
    address = slug_of(name, "chat")
    if not address:
        raise Invalid("Give the chat a name, for example “Shop”.", {"name": "A name is needed."})
    with transaction.atomic():
        inbox = open_inbox(f"chat:{address}", name=name, team=team, by=by, channel="chat", undo_seconds=0)
        connect(inbox, {}, by=by)
    return inbox
