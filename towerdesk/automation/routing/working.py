"""Who is at work. The one place to ask; a calendar can answer here later."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from towerdesk.accounts.models import User
from towerdesk.automation.models import Absence


def is_working(user: User, at: datetime) -> bool:
    return user.pk in working([user.pk], at)


def working(users: Collection[int], at: datetime) -> set[int]:
    """Of these users those who are active, have not switched themselves off and are not away. One query."""
    here = User.objects.filter(pk__in=users, is_active=True).exclude(profile__available=False)
    return set(here.filter(~Exists(_away(at).filter(user=OuterRef("pk")))).values_list("pk", flat=True))


def is_away(user_id: int, at: datetime) -> bool:
    """On leave, not merely off duty."""
    return _away(at).filter(user_id=user_id).exists()


def _away(at: datetime) -> "QuerySet[Absence]":
    return Absence.objects.filter(begins__lte=at, ends__gt=at)
