"""Use a tool of a connected system on a ticket: see which there are and what is known, foresee, call, and ask again."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import BaseModel, Field

from towerdesk.api.once import key_of
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Id, the_ticket
from towerdesk.api.v1.shapes import In, Key
from towerdesk.assistant.by_hand import known
from towerdesk.assistant.by_hand.use import preview_by_hand, tool_for, tools_for, use_by_hand
from towerdesk.connectors.contract import Change
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.lib.errors import Invalid

router = Router(tags=["tools"])

type Name = Annotated[str, Path(max_length=101, pattern=r"^[a-z0-9_-]+\.[A-Za-z0-9_.-]+$")]


class ArgumentsIn(In):
    """By name. An amount is a decimal string such as "12.50", a date ISO 8601."""

    arguments: Annotated[dict[Key, Any], Field(max_length=50)] = {}


class KnownOut(BaseModel):
    """`source` said it: requester, tool (an earlier call), customer. `taken`: this argument takes that word."""

    value: Any
    source: str
    taken: bool


class ArgumentOut(BaseModel):
    name: str
    kind: str
    title: str
    required: bool
    choices: list[str]
    sources: list[str]
    known: list[KnownOut]


class ToolOut(BaseModel):
    """`effect` is `read`, `outside` (it changes something) or `final` (for good)."""

    name: str
    system: str
    title: str
    description: str
    effect: str
    arguments: list[ArgumentOut]


class ToolsOut(BaseModel):
    items: list[ToolOut]


class ChangeOut(BaseModel):
    what: str
    was: str
    now: str


class ForeseenOut(BaseModel):
    """`waits` says why a person would have to agree first; empty when nobody has to."""

    sentence: str
    changes: list[ChangeOut]
    waits: str


class CallOut(BaseModel):
    """`state` is planned (it waits for a person), claimed (under way, or being found out), done, failed, unknown, declined
    or undone. `again`: it surely did not happen, and the same key may be sent once more. `checked`: read back, yes or no.
    """

    id: int
    tool: str
    state: str
    sentence: str
    note: str
    again: bool
    checked: str
    content: Any
    at: datetime


@router.get("/{number}/tools", response=ToolsOut)
def tools_on_it(request: HttpRequest, number: Id) -> ToolsOut:
    """List the tools that this key may use, with what is known on the ticket of each argument, and who said it."""
    ticket, by = the_ticket(request, number), asker(request)
    by.must("tool.use")
    lore = known.lore_of(ticket, by=by)
    return ToolsOut(items=[_tool(one, lore) for one in tools_for(by)])


@router.post("/{number}/tools/{name}/preview", response=ForeseenOut)
def tool_preview_on_it(request: HttpRequest, number: Id, name: Name, said: ArgumentsIn) -> ForeseenOut:
    """See what a tool would do, and whether it would wait for a person. Changes nothing."""
    ticket, by = the_ticket(request, number), asker(request)
    found = preview_by_hand(ticket, tool_for(name, by), said.arguments, by=by).preview
    return ForeseenOut(sentence=found.sentence, changes=[_change(one) for one in found.changes], waits=found.waits)


@router.post("/{number}/tools/{name}", response=CallOut)
def use_tool_on_it(request: HttpRequest, number: Id, name: Name, said: ArgumentsIn) -> CallOut:
    """Use a tool, once for an Idempotency-Key, which whatever changes something must have; sent again, it says what became of it.

    A key's own values count as a procedure's: what a tool takes only of a call must have been looked up on this ticket.
    """
    ticket, by = the_ticket(request, number), asker(request)
    wired, key = tool_for(name, by), key_of(request)
    if key is None and wired.spec.effect != "read":
        sentence = "Send an Idempotency-Key, such as a UUID: it changes something, and must never be done twice."
        raise Invalid(sentence, {"Idempotency-Key": "It is needed here."})
    mine = hashlib.sha256(key.encode()).hexdigest() if key else uuid4().hex
    return _call(use_by_hand(ticket, wired, said.arguments, key=f"api:{by.id}:{mine}", by=by))


def _tool(wired: Wired, lore: known.Lore) -> ToolOut:
    spec = wired.spec
    return ToolOut(
        name=wired.name,
        system=wired.connection.name,
        title=spec.title,
        description=spec.description,
        effect=spec.effect,
        arguments=[_argument(one) for one in lore.fields(wired)],
    )


def _argument(one: known.Field) -> ArgumentOut:
    argument = one.argument
    return ArgumentOut(
        name=argument.name,
        kind=argument.kind,
        title=argument.title,
        required=argument.required,
        choices=list(argument.choices),
        sources=sorted(argument.sources),
        known=[KnownOut(value=it.value.content, source=it.value.source, taken=it.taken) for it in one.known],
    )


def _change(one: Change) -> ChangeOut:
    return ChangeOut(what=one.what, was=one.was, now=one.now)


def _call(call: Call) -> CallOut:
    return CallOut(
        id=call.pk,
        tool=call.tool,
        state=call.state,
        sentence=call.sentence,
        note=call.note,
        again=call.again,
        checked=call.checked,
        content=call.content,
        at=call.created_at,
    )
