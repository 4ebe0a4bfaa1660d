"""Hold the values of a call to what its tool says: names, kinds, who may say them, and whose data it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from towerdesk.connectors.contract import RESULT, Result, ToolSpec, Value
from towerdesk.connectors.kinds import fitting
from towerdesk.connectors.mapping import dig, leaves, plain, same
from towerdesk.connectors.models import Call
from towerdesk.connectors.vouched import may_build_on
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Refused

type Persons = str | Sequence[str]
"""The addresses or ids that the server knows the requester by; the first one stands in the journal."""

WORD_OF = {
    "customer": "the text of a message",
    "requester": "who writes",
    "tool": "an earlier call",
    "agent": "one of us",
    "procedure": "a procedure",
}


@dataclass(frozen=True, slots=True)
class Checked:
    arguments: dict[str, Any]
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    amount: Decimal | None = None
    person: str = ""


def checked(
    spec: ToolSpec, given: Mapping[str, Value], *, by: Actor, ticket: int | None = None, person: Persons = ""
) -> Checked:
    """Raises `Invalid` for a value that does not fit, and `Refused` for one whose source may not say it."""
    arguments = fitting_all(spec, {name: value.content for name, value in given.items()})
    persons = known_as(person)
    for name in arguments:
        _may_say(spec, name, given[name])
        if given[name].source == "tool":
            _was_said(spec, name, given[name], ticket, persons, by)
    if spec.person and not spec.person.startswith(RESULT):
        _is_theirs(spec, given[spec.person], persons, by)
    sources = {name: {"source": given[name].source, "said": given[name].said} for name in arguments}
    return Checked(arguments, sources, amount_of(spec, arguments), persons[0] if persons else "")


def fitting_all(spec: ToolSpec, contents: Mapping[str, Any]) -> dict[str, Any]:
    wrong = {
        name: "There is no such argument." for name in contents if name not in {one.name for one in spec.arguments}
    }
    values: dict[str, Any] = {}
    for argument in spec.arguments:
        content = contents.get(argument.name)
        if content is None or content == "":
            if argument.required:
                wrong[argument.name] = "This is needed."
            continue
        try:
            values[argument.name] = fitting(argument, content)
        except ValueError as error:
            wrong[argument.name] = f"This {error}."
    if wrong:
        told = "; ".join(f"{name}: {why}" for name, why in wrong.items())
        raise Invalid(f"{spec.title} can't be called so. {told}", wrong)
    return values


def amount_of(spec: ToolSpec, arguments: Mapping[str, Any]) -> Decimal | None:
    return Decimal(str(arguments[spec.amount])) if spec.amount in arguments else None


def known_as(person: Persons) -> list[str]:
    return [person] if isinstance(person, str) and person else [one for one in person if one]


def must_be_theirs(spec: ToolSpec, result: Result, persons: Sequence[str]) -> None:
    """Of a tool that reads: what it found is kept only when it is the requester's. Nothing said counts as not theirs."""
    said = dig(result.content, spec.person.removeprefix(RESULT))
    if said is None or not any(same(said, one) for one in persons):
        raise Refused(f"{spec.title}: what was found belongs to somebody else, so it is not shown.")


def _may_say(spec: ToolSpec, name: str, value: Value) -> None:
    if value.source not in spec.argument(name).sources:
        word = WORD_OF.get(value.source, value.source)
        raise Refused(f"{spec.title} does not take the word of {word} for {name}.")


def _was_said(spec: ToolSpec, name: str, value: Value, ticket: int | None, persons: Sequence[str], by: Actor) -> None:
    """The call that is named gave this value, on this ticket and for this person."""
    call = Call.objects.filter(pk=int(value.said), ticket_id=ticket).first() if value.said.isdecimal() else None
    if call is None or call.state != "done":
        raise Refused(f"{spec.title}: no call on this ticket gave the {name}.")
    if not may_build_on(call, persons, by):
        raise Refused(f"{spec.title}: the {name} was found for somebody else.")
    found = {plain(one) for one in leaves(call.content)}
    if not {plain(one) for one in leaves(value.content)} <= found:
        raise Refused(f"{spec.title}: {call.title} did not give this {name}.")


def _is_theirs(spec: ToolSpec, value: Value, persons: Sequence[str], by: Actor) -> None:
    """An earlier call's word was held to the person already; an agent of ours answers for whom they act."""
    if value.source == "tool" and persons:
        return
    if value.source == "agent" and by.kind == "agent":
        return
    if not any(same(value.content, one) for one in persons):
        raise Refused(f"{spec.title}: {spec.person} is not who this ticket is from.")
