"""`@name` in a note: whoever is named watches the ticket from then on."""

import re

from towerdesk.accounts.actors import agent
from towerdesk.accounts.models import User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Message, Ticket

AT = re.compile(r"(?<![\w@.])@([\w][\w.-]{0,60}[\w]|[\w])", re.UNICODE)
MOST = 10


def mentioned(text: str) -> list[User]:
    """The people that `@ben`, `@okafor`, `@ben.okafor` or the part of a mail address before its @ name, one by one.

    A word that fits nobody or several people names nobody.
    """
    words = list(dict.fromkeys(word.casefold() for word in AT.findall(text)))[:MOST]
    people = list(User.objects.filter(is_active=True).prefetch_related("teams")) if words else []
    found = [[one for one in people if word in _called(one)] for word in words]
    return list({ones[0].pk: ones[0] for ones in found if len(ones) == 1}.values())


def tell_mentioned(ticket: Ticket, message: Message, *, by: Actor, cause: Event | None = None) -> list[User]:
    """Call with the ticket held. Only those are told who may read it."""
    told = []
    for user in mentioned(message.text):
        if user.pk == by.user_id or not Ticket.objects.visible_to(agent(user)).filter(pk=ticket.pk).exists():
            continue
        ticket.watchers.add(user)
        record(
            "ticket.mentioned",
            by=by,
            ticket=ticket.pk,
            subject=message.pk,
            cause=cause,
            user=user.pk,
            name=str(user),
        )
        told.append(user)
    return told


def _called(user: User) -> set[str]:
    parts = user.name.casefold().split()
    return {*parts, ".".join(parts), "".join(parts), user.email.partition("@")[0].casefold()}
