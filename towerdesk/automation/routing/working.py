"""Who is at work. The one place to ask; a calendar can answer here later."""

from collections.abc import Collection
from datetime import datetime

from towerdesk.accounts.models import User
from towerdesk.automation.models import Absence, Profile


def is_working(user: User, at: datetime) -> bool:
    return user.pk in working([user.pk], at)


def working(users: Collection[int], at: datetime) -> set[int]:
    """Of these users those who are active, have not switched themselves off and are not away. Three queries."""
    here = set(User.objects.filter(pk__in=users, is_active=True).values_list("pk", flat=True))
    off = Profile.objects.filter(user_id__in=here, available=False).values_list("user_id", flat=True)
    away = Absence.objects.filter(user_id__in=here, begins__lte=at, ends__gt=at).values_list("user_id", flat=True)
    return here - set(off) - set(away)


def is_away(user_id: int, at: datetime) -> bool:
    """On leave, not merely off duty."""
    return Absence.objects.filter(user_id=user_id, begins__lte=at, ends__gt=at).exists()
