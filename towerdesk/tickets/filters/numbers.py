"""Conditions on numbers: `3`, `<0.8`, `>=2`, `1..3`, `none`, `any`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.filters.kinds import ANY, NONE, Field
from towerdesk.tickets.models import Ticket

PART = r"\d{1,15}(?:\.\d{1,9})?"
FORM = re.compile(rf"(?P<sign><=|>=|<|>|=)?(?P<number>{PART})|(?P<low>{PART})\.\.(?P<high>{PART})", re.ASCII)
LOOKUPS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "=": "exact"}


@dataclass(frozen=True, slots=True)
class Number(Field):
    """`words` name numbers, as yes = 3 of a rating."""

    column: str
    example: str
    words: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False

    def read(self, text: str) -> str:
        value = text.lower()
        if value in (NONE, ANY):
            return value
        value = str(self.words.get(value, value))
        found = FORM.fullmatch(value)
        if not found or (self.whole and "." in value.replace("..", "")):
            raise Invalid(f"“{text}” is not a number here: write for example {self.example}, >2, 1..3 or none.")
        return value.removeprefix("=")

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(**{f"{self.column}__isnull": value == NONE})
        return Q(**{f"{self.column}__{lookup}": number for lookup, number in self.limits(value)})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        has = getattr(ticket, self.column)
        if has is None or value in (NONE, ANY):
            return (has is None) == (value == NONE) and (has is not None or value == NONE)
        return self.fits(has, value)

    def says(self, ticket: Ticket) -> str:
        has = getattr(ticket, self.column)
        return NONE if has is None else f"{has:g}" if isinstance(has, float) else str(has)

    def fits(self, has: float, value: str) -> bool:
        return all(_compare(has, lookup, number) for lookup, number in self.limits(value))

    def limits(self, value: str) -> list[tuple[str, float]]:
        found = FORM.fullmatch(value)
        assert found  # noqa: S101 - read() let nothing else through
        kind = int if self.whole else float
        if found["low"]:
            return [("gte", kind(found["low"])), ("lte", kind(found["high"]))]
        return [(LOOKUPS[found["sign"] or "="], kind(found["number"]))]


def _compare(has: float, lookup: str, number: float) -> bool:
    match lookup:
        case "lt":
            return has < number
        case "lte":
            return has <= number
        case "gt":
            return has > number
        case "gte":
            return has >= number
        case _:
            return has == number
