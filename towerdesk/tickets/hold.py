"""Lock several tickets at once, always in the same order, so that two verbs never wait for each other."""

from django.db import transaction

from towerdesk.tickets.models import Message, Ticket


def hold(*tickets: Ticket) -> None:
    """Call inside a transaction, before anything else is locked. Each takes over its newest values."""
    for ticket in sorted(tickets, key=lambda each: each.pk):
        ticket.hold()


def hold_ticket_of(message: Message) -> Ticket:
    """Lock the ticket that this message lies on now: a merge may have moved it since it was read.

    The one that it no longer lies on is let go before the next is locked, or two verbs could wait for each other.
    """
    while True:
        begun = transaction.savepoint_create()
        ticket = message.ticket.hold()
        message.refresh_from_db(fields=["ticket"])
        if message.ticket_id == ticket.pk:
            transaction.savepoint_commit(begun)
            message.ticket = ticket
            return ticket
        transaction.savepoint_rollback(begun)
