"""A past ticket once more by a procedure: the messages as they came, and of each tool what the journal says it answered.

Nothing is called, nothing is written. Where the journal holds no answer, it ends there: nobody can tell what would have been.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.procedures.engine import Answer, Stop, begin, go
from towerdesk.assistant.procedures.fill import says_all
from towerdesk.assistant.procedures.hear import hear
from towerdesk.assistant.procedures.model import Node, Procedure
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.who import given, verified_address
from towerdesk.connectors.contract import Value
from towerdesk.connectors.models import Call
from towerdesk.lib import clock
from towerdesk.tickets.models import Ticket

MOST_STOPS = 20
UNTOLD = "The journal does not tell what {} would have answered"
WHOLE = ("done", "refused")

type Did = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the customer's, as the models read it."""

    message: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one ticket. `did`: what was changed there in the end, by whomever; `by_people`: what they filled in."""

    ticket: Ticket
    address: str
    messages: Sequence[Said]
    calls: Sequence[Call]
    did: Did
    by_people: Mapping[str, Any]

    @property
    def is_settled(self) -> bool:
        """Only then it is known what people made of it."""
        return self.ticket.status in ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`end` is a stop of the engine, or `not_begun`; `does`: what it would have changed."""

    end: str
    why: str = ""
    does: Did = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.end in WHOLE

    def as_people(self, past: Past) -> bool:
        """To its end, with the same changes as were made on the ticket."""
        return past.is_settled and self.is_whole and _plain(self.does) == _plain(past.did)


def pasts(tickets: Sequence[int]) -> list[Past]:
    """In the order of their numbers; those without a message are left out."""
    calls: dict[int, list[Call]] = {}
    for call in Call.objects.filter(ticket_id__in=tickets, undoes=None, undoings=None).order_by("id"):
        calls.setdefault(int(call.ticket_id or 0), []).append(call)
    runs = {run.ticket_id: run for run in ProcedureRun.objects.filter(ticket__in=tickets).order_by("id")}
    found = (
        Ticket.objects.filter(pk__in=tickets).select_related("requester").prefetch_related("messages").order_by("id")
    )
    return [past for ticket in found if (past := _past(ticket, calls.get(ticket.pk, []), runs.get(ticket.pk))).messages]


def again(graph: Procedure, past: Past) -> Outcome:
    """At each step it is the day of the message that led there."""
    coming = list(past.messages)
    language = past.ticket.language or graph.language
    said = coming.pop(0)
    if not says_all(graph, said.text, language):
        return Outcome("not_begun", "The first message does not say what it begins with")
    state = begin(graph, given(past.ticket, past.address))
    world = Recorded(past, language)
    hear(graph, state, said.text, said.message, language)
    stop = Stop("later")
    for _ in range(MOST_STOPS):
        with clock.at(said.at):
            stop = go(graph, state, world)
        if stop.kind == "ask" and coming:
            said = coming.pop(0)
            hear(graph, state, said.text, said.message, language)
        elif not _agreed(state, stop, past):
            break
    return Outcome(stop.kind, (stop.why or ", ".join(stop.missing) or stop.text)[:300], world.does)


def _past(ticket: Ticket, calls: Sequence[Call], run: ProcedureRun | None) -> Past:
    ours = [one for one in ticket.messages.all() if one.direction == "in" and one.public and one.taken_back_at is None]
    messages = sorted(ours, key=lambda one: one.pk)
    address = next((found for message in messages if (found := verified_address(message))), "") or (
        run.identity if run else ""
    )
    known = run.kept.get("known", {}) if run else {}
    by_people = {name: one["content"] for name, one in known.items() if one["source"] == "agent"}
    did = [(call.tool, call.arguments) for call in calls if call.effect != "read" and call.state == "done"]
    return Past(
        ticket, address, [Said(one.pk, question_of(one), one.created_at) for one in messages], calls, did, by_people
    )


def _agreed(state: State, stop: Stop, past: Past) -> bool:
    """A yes to whatever is asked, and of people what they filled in; False where that is not enough."""
    if stop.kind == "confirm":
        state.confirmed[stop.node] = state.asked
        return True
    if stop.kind not in ("approve", "task") or not set(stop.missing) <= set(past.by_people):
        return False
    state.known.values |= {name: Value(past.by_people[name], "agent") for name in stop.missing}
    state.approved[stop.node] = True
    return True


@dataclass(slots=True)
class Recorded:
    """A world that answers from the journal of one ticket."""

    past: Past
    language: str
    does: Did = field(default_factory=list)

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        """Before it changes anything, what was answered first; afterwards what was answered last."""
        calls = [call for call in self._same(tool, given) if call.state in ("done", "failed")]
        if not calls:
            return Answer("later", note=UNTOLD.format(tool))
        call = calls[-1] if self.does else calls[0]
        return (
            Answer("done", call.content, str(call.pk)) if call.state == "done" else Answer("nothing", said=str(call.pk))
        )

    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        self.does.append((tool, {name: value.content for name, value in given.items()}))
        call = next((one for one in self._same(tool, given) if one.state == "done"), None)
        return (
            Answer("done", call.content, str(call.pk), checked=True)
            if call
            else Answer("later", note=UNTOLD.format(tool))
        )

    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return Answer("refused", note="Nothing is undone in a rehearsal")

    def may_write(self) -> bool:
        """What it then does is only told."""
        return True

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        """A rehearsal keeps no journal."""

    def _same(self, tool: str, given: Mapping[str, Value]) -> list[Call]:
        asked = _text({name: value.content for name, value in given.items()})
        return [call for call in self.past.calls if call.tool == tool and _text(call.arguments) == asked]


def _plain(did: Did) -> list[tuple[str, str]]:
    return sorted((tool, _text(given)) for tool, given in did)


def _text(given: Mapping[str, Any]) -> str:
    """12 and "12" are the same to a tool."""
    return json.dumps({name: str(value) for name, value in given.items() if value is not None}, sort_keys=True)
