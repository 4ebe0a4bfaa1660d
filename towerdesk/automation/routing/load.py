"""How much each person has: the weights of the open tickets in their hands. What waits on others weighs nothing."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet

from towerdesk.accounts.models import User
from towerdesk.automation.models import ChannelLimit, Profile
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Ticket

OPEN = ("new", "open")


@dataclass(slots=True)
class Person:
    """One candidate: `has` and `most` in units, `of_channel` what they have of each channel."""

    user: User
    most: int = Profile.MOST
    languages: frozenset[str] = frozenset()
    last_given_at: datetime | None = None
    has: int = 0
    of_channel: dict[str, int] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    def has_room(self, channel: str, weight: int) -> bool:
        limit = self.limits.get(channel)
        fits = limit is None or self.of_channel.get(channel, 0) + weight <= limit
        return fits and self.has + weight <= self.most

    @property
    def share(self) -> float:
        return self.has / self.most if self.most else 1.0

    def speaks(self, language: str) -> bool:
        return not language or not self.languages or language in self.languages


def weights() -> dict[str, int]:
    """Of one ticket of each channel; one unit where nothing is said."""
    return dict(_weights())


@compiled
def _weights() -> "QuerySet[ChannelLimit, tuple[str, int]]":
    return ChannelLimit.objects.filter(user=None).values_list("channel", "units")


def hold_people(users: Collection[int]) -> list[Person]:
    """Lock their rows, always in the same order, then read what they have: nobody else gives to them until we are done.

    Call inside a transaction. The lock is on `accounts_user`, without hindering those who merely point to a user.
    """
    held = User.objects.select_for_update(no_key=True).filter(pk__in=users).order_by("pk")
    people = {user.pk: Person(user) for user in held}
    for profile in Profile.objects.filter(user_id__in=people):
        person = people[profile.user_id]
        person.most, person.languages = profile.most, frozenset(profile.languages)
        person.last_given_at = profile.last_given_at
    for limit in ChannelLimit.objects.filter(user_id__in=people):
        people[limit.user_id or 0].limits[limit.channel] = limit.units
    _count(people)
    return list(people.values())


def _count(people: dict[int, Person]) -> None:
    weighs = weights()
    rows = Ticket.objects.filter(assignee_id__in=people, status__in=OPEN).order_by()
    for user, channel, count in rows.values_list("assignee_id", "inbox__channel").annotate(Count("pk")):
        person, units = people[user], count * weighs.get(channel, 1)
        person.has += units
        person.of_channel[channel] = units
