"""Open an inbox, change what it is called and whose it is, or take away one that nothing arrived at."""

from typing import Any

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.channels.account import new_hook
from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.related import pointing_to, told

FREE = ("name", "channel", "sender_name", "team", "settings", "paused")
LIMITS = {"undo_seconds": (0, 600), "reopen_days": (0, 365)}
"""Numbers that can be set, and between which."""


def open_inbox(address: str, *, name: str, team: Team, by: Actor, **values: Any) -> Inbox:
    """`values` are further columns. Whatever has to be kept secret is put in by the verb that connects the inbox."""
    by.must("inbox.change")
    if not address or address != address.strip().lower():
        raise Invalid("An inbox has an address in small letters, for example support@example.com.")
    with transaction.atomic():
        if Inbox.objects.filter(address=address).exists():
            raise Conflict(f"There is an inbox {address} already.")
        inbox = Inbox.objects.create(address=address, name=name, team=team, hook=new_hook(), **values)
        record("inbox.opened", by=by, subject=inbox.pk, address=address)
    return inbox


def change_inbox(inbox: Inbox, *, by: Actor, **values: Any) -> None:
    """The address stays: mails on their way back know it."""
    by.must("inbox.change")
    if unknown := set(values) - set(FREE) - set(LIMITS):
        raise Invalid(f"An inbox's {', '.join(sorted(unknown))} can't be changed.")
    for name, (least, most) in LIMITS.items():
        if not least <= values.get(name, least) <= most:
            raise Invalid(
                f"Choose a number from {least} to {most}.", {name: f"Choose a number from {least} to {most}."}
            )
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox.pk)
        what = [name for name, value in values.items() if value != getattr(held, name)]
        for name in what:
            setattr(inbox, name, values[name])
        if what:
            inbox.save(update_fields=what)
            record("inbox.changed", by=by, subject=inbox.pk, address=inbox.address, what=", ".join(what))


def remove_inbox(inbox: Inbox, *, by: Actor) -> None:
    """Raises `Conflict` once anything has arrived at it: that is history."""
    by.must("inbox.change")
    with transaction.atomic():
        stays = why_it_stays(inbox)
        if stays:
            raise Conflict(stays)
        record("inbox.removed", by=by, subject=inbox.pk, address=inbox.address)
        inbox.delete()


def why_it_stays(inbox: Inbox) -> str:
    """A sentence, or nothing."""
    found = pointing_to(inbox)
    return f"{inbox.address} has {told(found)}: pause it instead." if found else ""
