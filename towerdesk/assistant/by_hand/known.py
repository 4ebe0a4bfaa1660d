"""What is known on a ticket of what a tool asks for, each value with who said it. No other system is asked.

Nothing here chooses a tool. A value that its argument does not take from whoever said it is only told, never filled in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from towerdesk.assistant.learn import question_of
from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.model import Option, Slot
from towerdesk.assistant.procedures.who import verified_address
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec, Value
from towerdesk.connectors.mapping import same
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.connectors.vouched import may_build_on
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Message, Ticket

MAIL = frozenset(("mail", "email", "e_mail", "mail_address", "email_address"))
"""How an argument is called that is the requester's address."""
FOUND = ("amount", "date", "choice", "text")
"""Kinds that are looked for in messages; a text only by its pattern. Any other number or word would be a guess."""
CALLS, MESSAGES, CHOICES = 20, 5, 8


@dataclass(frozen=True, slots=True)
class Known:
    """`taken`: the argument takes this word. `who` says it in words."""

    value: Value
    who: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Field:
    """`known`: whoever is believed first; `best` is filled in; `told_by` are tools that would tell it."""

    argument: Argument
    known: tuple[Known, ...]
    best: Known | None
    told_by: tuple[ToolSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Lore:
    """Read once for a ticket, then asked for as many tools as one likes. `address` is whom it acts for."""

    by: Actor
    address: str
    proven: bool
    name: str  # the requester's first one
    language: str
    calls: tuple[Call, ...]
    messages: tuple[Message, ...]
    siblings: dict[int, list[Wired]] = field(default_factory=dict)  # by connection
    found: dict[int, bool] = field(default_factory=dict)  # by call: may one build on what it has found

    @property
    def persons(self) -> list[str]:
        return [self.address] if self.address else []

    def fields(self, wired: Wired) -> list[Field]:
        return [self._field(wired, argument) for argument in wired.spec.arguments]

    def names_all(self, wired: Wired) -> bool:
        """Whatever it is about is known by an earlier call; only what somebody wishes for may still be missing."""
        fields = [one for one in self.fields(wired) if one.argument.required and one.argument.name != wired.spec.amount]
        named = [one.best for one in fields if "customer" not in one.argument.sources or one.best]
        return all(named) and any(one and one.value.source == "tool" for one in named)

    def _field(self, wired: Wired, argument: Argument) -> Field:
        said = list(self._said(wired, argument))
        known = tuple(_each_once(argument, said))[:CHOICES]
        best = _best(wired.spec, argument, known, [value.content for value, _ in said if value.source == "customer"])
        return Field(argument, known, best, () if best else self._told_by(wired, argument))

    def _told_by(self, wired: Wired, argument: Argument) -> tuple[ToolSpec, ...]:
        """Of what must be known and is no wish: a customer's word would not do, or it is only to be looked up."""
        if not argument.required or ("customer" in argument.sources and wired.spec.effect != "read"):
            return ()
        would = (one for one in self._specs(wired) if one.effect == "read" and one.name != wired.spec.name)
        return tuple(one for one in would if argument.name in {gives.name for gives in one.gives})

    def _said(self, wired: Wired, argument: Argument) -> Iterator[tuple[Value, str]]:
        for call in self.calls:
            if call.connection_id == wired.connection.pk and self._may_build_on(call):
                for content in _under(argument.name, call.content):
                    yield Value(content, "tool", str(call.pk)), f"looked up by “{call.title}”"
        if argument.name in MAIL and self.address:
            yield self._mail()
        pattern = argument.pattern or self._pattern(wired, argument.name)
        for message in self.messages:
            for content in found_in(message, argument, pattern, self.language):
                yield Value(content, "customer", str(message.pk)), f"{_writer(message, self.name)} wrote so"

    def _mail(self) -> tuple[Value, str]:
        if self.proven:
            return Value(self.address, "requester"), f"{self.name} writes from it, and it is proven"
        return Value(self.address, "agent", str(self.by.user_id or "")), "nobody proves it is theirs: you answer for it"

    def _may_build_on(self, call: Call) -> bool:
        """Asked once for each call, however many tools and arguments there are."""
        if call.pk not in self.found:
            self.found[call.pk] = may_build_on(call, self.persons, self.by)
        return self.found[call.pk]

    def _pattern(self, wired: Wired, name: str) -> str:
        """The form that another tool of the same system knows for what is called so."""
        named = (one for spec in self._specs(wired) for one in spec.arguments if one.name == name)
        return next((one.pattern for one in named if one.pattern), "")

    def _specs(self, wired: Wired) -> list[ToolSpec]:
        return [one.spec for one in self.around(wired)]

    def around(self, wired: Wired) -> list[Wired]:
        """All of its system that may be used, by whoever acts."""
        if wired.connection.pk not in self.siblings:
            usable = (one for one in registry.tools_of(wired.connection) if one.usable)
            self.siblings[wired.connection.pk] = [one for one in usable if self.by.can(one.spec.needs)]
        return self.siblings[wired.connection.pk]


def lore_of(ticket: Ticket, *, by: Actor) -> Lore:
    """A person vouches for the address that the ticket is from; a program acts only for whom a server vouches for."""
    heard = ticket.messages.filter(direction="in", public=True, taken_back_at=None).order_by("-id")
    messages = tuple(heard.select_related("person", "ticket")[:MESSAGES])
    theirs = heard.filter(Q(person=ticket.requester_id) | Q(person=None)).select_related("ticket").first()
    proven = verified_address(theirs) if theirs else ""
    claimed = ticket.requester.identities.filter(kind="email").order_by("-verified", "id").first()
    address = proven or (claimed.value if claimed and by.kind == "agent" else "")
    calls = Call.objects.of(ticket.pk).filter(state="done").order_by("-id")[:CALLS]
    return Lore(by, address, bool(proven), ticket.requester.first_name, ticket.language, tuple(calls), messages)


def found_in(message: Message, argument: Argument, pattern: str, language: str) -> Sequence[Any]:
    """Letter for letter out of the text; of a place its street and its city."""
    text = question_of(message)
    if argument.name in ("street", "city") and argument.kind == "text":
        slot = Slot(name=argument.name, line=0, kind="address", many=True, question={})
        return [one[argument.name] for one in find(slot, text, language=language) or []]
    if argument.kind not in FOUND or (argument.kind == "text" and not pattern and not argument.choices):
        return []
    kind = "choice" if argument.choices else argument.kind
    options = tuple(Option(value=one) for one in argument.choices)
    slot = Slot(name=argument.name, line=0, kind=kind, many=True, question={}, pattern=pattern, options=options)
    return find(slot, text, language=language) or []


def _each_once(argument: Argument, said: Sequence[tuple[Value, str]]) -> Iterator[Known]:
    """By whoever is believed first."""
    seen: list[Any] = []
    for value, who in said:
        if not any(same(value.content, other) for other in seen):
            seen.append(value.content)
            yield Known(value, who, value.source in argument.sources)


def _best(spec: ToolSpec, argument: Argument, known: Sequence[Known], written: Sequence[Any]) -> Known | None:
    """Money and what may be left out are never filled in. What somebody wishes for is what they wrote, where their word is
    taken; what names a thing is what was looked up, and of several that one which somebody wrote of. Else none.
    """
    if not argument.required or argument.name == spec.amount:
        return None
    taken = [one for one in known if one.taken]
    theirs = [one for one in taken if any(same(one.value.content, content) for content in written)]
    if "customer" in argument.sources and (theirs or spec.effect != "read"):
        return theirs[0] if len(theirs) == 1 else None
    first = [one for one in taken if one.value.source == taken[0].value.source]
    if len(first) > 1:
        first = [one for one in first if one in theirs]
    return first[0] if len(first) == 1 else None


def _under(name: str, content: Any) -> Iterator[Any]:
    """Every single value that stands under this name, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == name and isinstance(value, str | int | float) and value != "":
                yield value
            elif isinstance(value, dict | list):
                yield from _under(name, value)
    elif isinstance(content, list):
        for one in content:
            yield from _under(name, one)


def _writer(message: Message, else_: str) -> str:
    return message.person.first_name if message.person else else_
