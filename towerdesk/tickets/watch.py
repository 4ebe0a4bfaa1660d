"""Watch a ticket, or stop watching it."""

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket


def watch(ticket: Ticket, user: User, *, by: Actor, on: bool = True) -> None:
    by.must("ticket.watch")
    with transaction.atomic():
        ticket.hold()
        if ticket.watchers.filter(pk=user.pk).exists() == on:
            return
        if on:
            ticket.watchers.add(user)
        else:
            ticket.watchers.remove(user)
        record("ticket.watched", by=by, ticket=ticket.pk, did="watches" if on else "no longer watches")
