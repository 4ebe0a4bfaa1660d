"""Mark as read: what somebody has looked at is no longer news, and no longer worth a mail."""

from django.db.models import QuerySet

from towerdesk.accounts.models import User
from towerdesk.events.tell import tell as tell_pages
from towerdesk.lib.clock import now
from towerdesk.notifications.models import Notification


def read_one(user: User, number: int) -> Notification | None:
    """None when it is not theirs."""
    found = Notification.objects.filter(pk=number, user=user).first()
    if found is not None:
        _read(Notification.objects.filter(pk=number).unread())
    return found


def read_ticket(user: User, ticket: int) -> int:
    """Whoever is at the ticket has seen it; the bell on other pages hears of that."""
    count = _read(Notification.objects.filter(user=user, ticket_id=ticket).unread())
    if count:
        tell_pages(f"told:{user.pk}", ticket)
    return count


def read_all(user: User) -> int:
    return _read(Notification.objects.filter(user=user).unread())


def _read(unread: QuerySet[Notification]) -> int:
    return unread.update(read_at=now())
