"""A visitor's page is open, typing, or gone. It passes, so it is told to open pages and not written into the log."""

from collections.abc import Iterable

from django.db import transaction

from towerdesk.chats.models import Visitor
from towerdesk.events.tell import tell
from towerdesk.lib.clock import now

NEWS = "chat:"
"""What is told begins so; the visitor's number follows."""


def came(visitor: Visitor) -> None:
    with transaction.atomic():
        Visitor.objects.filter(pk=visitor.pk).update(here=True, seen_at=now())
        _tell(visitor)


def went(visitor: Visitor) -> None:
    with transaction.atomic():
        Visitor.objects.filter(pk=visitor.pk).update(here=False, seen_at=now(), typing_at=None)
        _tell(visitor)


def types(visitor: Visitor, typing: bool) -> None:
    with transaction.atomic():
        Visitor.objects.filter(pk=visitor.pk).update(typing_at=now() if typing else None, seen_at=now())
        _tell(visitor)


def still_here(visitors: Iterable[int]) -> None:
    """All open pages of a process by one statement."""
    Visitor.objects.filter(pk__in=list(visitors)).update(here=True, seen_at=now())


def _tell(visitor: Visitor) -> None:
    if visitor.ticket_id:
        tell(f"{NEWS}{visitor.pk}", visitor.ticket_id)
