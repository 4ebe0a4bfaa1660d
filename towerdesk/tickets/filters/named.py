"""Conditions that name something: a team, an agent, an inbox, a requester, an organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from towerdesk.accounts.models import User
from towerdesk.lib.actor import Actor
from towerdesk.people.models import Organisation, Person
from towerdesk.tickets.filters.kinds import ANY, NONE, Field, unknown, upper
from towerdesk.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Named(Field):
    """A row of a small table, by any of its names; `none`, `any`, and `mine` for the actor's own teams."""

    relation: str
    model: type[Model]
    keys: tuple[str, ...]
    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def check(self, value: str) -> None:
        if value in (NONE, ANY, "mine"):
            return
        rows = self._rows()
        if not any(self._fits(row, value) for row in rows):
            raise unknown(self.relation, value, [getattr(row, self.keys[0]) for row in rows])

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(**{f"{self.relation}__isnull": value == NONE})
        if value == "mine":
            return Q(**{f"{self.relation}_id__in": self._mine(actor)})
        return Q(**{f"{self.relation}_id__in": [row.pk for row in self._rows() if self._fits(row, value)]})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        row_id = getattr(ticket, f"{self.relation}_id")
        if value in (NONE, ANY):
            return (row_id is None) == (value == NONE)
        if value == "mine":
            return row_id in self._mine(actor)
        return row_id is not None and self._fits(getattr(ticket, self.relation), value)

    def says(self, ticket: Ticket) -> str:
        return str(getattr(ticket, self.relation) or NONE)

    def _rows(self) -> list[Any]:
        return list(self.model._default_manager.only(*self.keys))

    def _fits(self, row: Any, value: str) -> bool:
        return any(str(getattr(row, key)).lower() == value for key in self.keys)

    def _mine(self, actor: Actor) -> Iterable[int]:
        return actor.teams if self.relation == "team" else ()


@dataclass(frozen=True, slots=True)
class Someone(Field):
    """An agent: `me`, `none`, `any`, a mail address or what stands before its @, a name or a first name."""

    relation: str
    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def check(self, value: str) -> None:
        if value in ("me", NONE, ANY):
            return
        users = list(User.objects.only("email", "name"))
        if not any(_is_called(user, value) for user in users):
            raise unknown("agent", value, [user.email for user in users if user.is_active])

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(**{f"{self.relation}__isnull": value == NONE})
        if value == "me":
            return Q(**{f"{self.relation}_id__in": [actor.user_id] if actor.user_id else []})
        users = User.objects.only("email", "name")
        return Q(**{f"{self.relation}_id__in": [user.pk for user in users if _is_called(user, value)]})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        user_id = getattr(ticket, f"{self.relation}_id")
        if value in (NONE, ANY):
            return (user_id is None) == (value == NONE)
        if value == "me":
            return user_id is not None and user_id == actor.user_id
        return user_id is not None and _is_called(getattr(ticket, self.relation), value)

    def says(self, ticket: Ticket) -> str:
        return str(getattr(ticket, self.relation) or NONE)


def _is_called(user: User, value: str) -> bool:
    email, name = user.email.lower(), user.name.lower()
    return value in (email, email.partition("@")[0], name, name.partition(" ")[0])


@dataclass(frozen=True, slots=True)
class Requester(Field):
    """A customer: a whole address, or part of the name."""

    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def q(self, value: str, actor: Actor) -> Q:
        called = Q(identities__value=value) if "@" in value else Q(name__icontains=value)
        people = Person.objects.filter(called)
        return Q(requester_id__in=people.values("pk"))

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        if "@" in value:
            return ticket.requester.identities.filter(value=value).exists()
        return upper(value) in upper(ticket.requester.name)

    def says(self, ticket: Ticket) -> str:
        return str(ticket.requester)


@dataclass(frozen=True, slots=True)
class Organised(Field):
    """The requester's organisation, by name or mail domain; `none`, `any`."""

    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(organisation__isnull=value == NONE)
        named = Organisation.objects.filter(Q(name__iexact=value) | Q(domain__iexact=value))
        return Q(organisation_id__in=list(named.values_list("pk", flat=True)[:1000]))

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        if value in (NONE, ANY):
            return (ticket.organisation_id is None) == (value == NONE)
        has = ticket.organisation
        return has is not None and upper(value) in (upper(has.name), upper(has.domain))

    def says(self, ticket: Ticket) -> str:
        return str(ticket.organisation or NONE)
