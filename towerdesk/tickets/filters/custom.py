"""Conditions on custom fields: `field.serial_number:X-1044`, `field.cups:>200`, `field.bought:<2026-01-01`, `none`, `any`.

What a value may be follows from the field's kind, which never changes. Text, links and people are compared whole.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import JSONField, Q, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IExact, In, LessThan, LessThanOrEqual

from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.filters.kinds import ANY, NONE, Field, unknown, upper
from towerdesk.tickets.filters.numbers import Number
from towerdesk.tickets.filters.times import days_of, read_days
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.say_field import say_field

BEFORE = "field."
YES, NO = ("yes", "true"), ("no", "false")
LOOKUPS: dict[str, Any] = {
    "exact": Exact,
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
    "lt": LessThan,
    "lte": LessThanOrEqual,
}


def custom(name: str) -> "Custom":
    """The condition called `field.KEY`. Raises `Invalid` when there is no such field."""
    key = name.removeprefix(BEFORE)
    asked = taxonomy().fields.get(key)
    if asked is None:
        raise unknown("field", key, list(taxonomy().fields) or ["none yet"])
    return Custom(key, asked.kind)


@dataclass(frozen=True, slots=True)
class Custom(Field):
    key: str
    kind: str
    example: str = "any"

    @property
    def numbers(self) -> Number:
        return Number("fields", "12")

    def read(self, text: str) -> str:
        value = text.lower()
        if value in (NONE, ANY):
            return value
        if self.kind == "number":
            return self.numbers.read(value)
        if self.kind == "date":
            return read_days(value)
        if self.kind == "check":
            return self._yes_or_no(value)
        return value

    def check(self, value: str) -> None:
        known = taxonomy().all(f"field.{self.key}")
        if self.kind not in ("choice", "multi") or value in (NONE, ANY):
            return
        if not any(value in (one.key.lower(), one.name.lower()) for one in known):
            raise unknown(f"choice of {self.key}", value, [one.key for one in known])

    def q(self, value: str, actor: Actor) -> Q:
        has = Q(fields__has_key=self.key)
        if value in (NONE, ANY):
            return ~has if value == NONE else has
        return has & self._q(value)

    def _q(self, value: str) -> Q:
        text, json = KeyTextTransform(self.key, "fields"), KeyTransform(self.key, "fields")
        match self.kind:
            case "number":
                limits = self.numbers.limits(value)
                return _every([LOOKUPS[name](json, Value(limit, JSONField())) for name, limit in limits])
            case "date":
                return _every([LOOKUPS[name](text, Value(day)) for name, day in _days(value)])
            case "check":
                return Q(Exact(json, Value(value == "yes", JSONField())))
            case "choice":
                return Q(In(text, sorted(self._family(value))))
            case "multi":
                either = Q(pk__in=[])
                for key in sorted(self._family(value)):
                    either |= Q(fields__contains={self.key: [key]})
                return either
            case _:
                return Q(IExact(text, Value(value)))

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        if value in (NONE, ANY) or self.key not in ticket.fields:
            return (self.key in ticket.fields) == (value == ANY) and (self.key in ticket.fields or value == NONE)
        has = ticket.fields[self.key]
        match self.kind:
            case "number":
                return self.numbers.fits(has, value)
            case "date":
                return all(_compare(has, name, day) for name, day in _days(value))
            case "check":
                return bool(has == (value == "yes"))
            case "choice":
                return has in self._family(value)
            case "multi":
                return not self._family(value).isdisjoint(has)
            case _:
                return upper(str(has)) == upper(value)

    def says(self, ticket: Ticket) -> str:
        return say_field(self.key, ticket.fields.get(self.key)) or NONE

    def _family(self, value: str) -> frozenset[str]:
        return taxonomy().family(f"field.{self.key}", value)

    def _yes_or_no(self, value: str) -> str:
        if value not in YES + NO:
            raise Invalid(f"“{value}” is not an answer here: write yes, no, none or any.")
        return "yes" if value in YES else "no"


def _every(lookups: list[Any]) -> Q:
    every = Q()
    for lookup in lookups:
        every &= Q(lookup)
    return every


def _days(value: str) -> list[tuple[str, str]]:
    """Limits as ISO dates: the first day that counts, and the first after the last."""
    low, high = days_of(value)
    limits = [("gte", low)] if low else []
    limits += [("lt", high)] if high else []
    return [(name, moment.date().isoformat()) for name, moment in limits]


def _compare(has: str, name: str, day: str) -> bool:
    return has >= day if name == "gte" else has < day
