"""Conditions on governed lists: a merged value and the one it was merged into mean the same; a retired one is still found."""

from dataclasses import dataclass

from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.tickets.filters.kinds import ANY, NONE, Field, unknown, upper
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.taxonomy import taxonomy


@dataclass(frozen=True, slots=True)
class Governed(Field):
    """A column that holds the key of a value of the list `kind`; said by key or name; `none`, `any`."""

    column: str
    kind: str
    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def check(self, value: str) -> None:
        known = taxonomy().all(self.kind)
        if value in (NONE, ANY) or (self.kind == "area" and taxonomy().is_free("area")):
            return
        if not any(value in (one.key.lower(), one.name.lower()) for one in known):
            raise unknown({"area": "product area"}.get(self.kind, self.kind), value, [one.key for one in known])

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(**{self.column: ""}) if value == NONE else ~Q(**{self.column: ""})
        family = taxonomy().family(self.kind, value)
        if self.kind != "area":
            return Q(**{f"{self.column}__in": sorted(family)})
        either = Q(pk__in=[])
        for key in sorted(family):
            either |= Q(**{f"{self.column}__iexact": key})
        return either

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        has = getattr(ticket, self.column)
        if value in (NONE, ANY):
            return bool((has == "") == (value == NONE))
        family = taxonomy().family(self.kind, value)
        return has in family if self.kind != "area" else upper(has) in {upper(key) for key in family}

    def says(self, ticket: Ticket) -> str:
        return taxonomy().name(self.kind, getattr(ticket, self.column)) or NONE


@dataclass(frozen=True, slots=True)
class Meant(Field):
    """The intent, by slug or name; `none`, `any`."""

    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def check(self, value: str) -> None:
        known = taxonomy().all("intent")
        if value not in (NONE, ANY) and not any(value in (one.key.lower(), one.name.lower()) for one in known):
            raise unknown("intent", value, [one.key for one in known])

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(intent__isnull=value == NONE)
        slugs = sorted(taxonomy().family("intent", value))
        return Q(intent_id__in=Intent.objects.filter(slug__in=slugs).values("pk"))

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        has = ticket.intent
        if value in (NONE, ANY):
            return (has is None) == (value == NONE)
        return has is not None and has.slug in taxonomy().family("intent", value)

    def says(self, ticket: Ticket) -> str:
        return str(ticket.intent or NONE)


@dataclass(frozen=True, slots=True)
class Tagged(Field):
    """One of the ticket's tags; `none`, `any`."""

    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(tags=[]) if value == NONE else ~Q(tags=[])
        return Q(tags__overlap=sorted(taxonomy().family("tag", value)))

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        if value in (NONE, ANY):
            return (not ticket.tags) == (value == NONE)
        return not taxonomy().family("tag", value).isdisjoint(ticket.tags)

    def says(self, ticket: Ticket) -> str:
        return ", ".join(ticket.tags) or NONE
