"""What people did on tickets, as the journals hold it: calls of tools, and points of the checklist that they ticked off."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from towerdesk.assistant.models import ProcedureRun
from towerdesk.connectors.models import Call
from towerdesk.events.models import Event

OURS = ("agent", "key")
FAR = 12  # deeds: a longer row of them is no habit that a page can tell


@dataclass(frozen=True, slots=True)
class Deed:
    """A call (`tool` with what it was given and answered), or a point that was ticked off (`text`)."""

    at: datetime
    tool: str = ""
    text: str = ""
    title: str = ""  # of the tool, as people call it
    effect: str = ""
    given: dict[str, Any] = field(default_factory=dict, hash=False)
    answer: Any = field(default=None, hash=False)
    sources: dict[str, Any] = field(default_factory=dict, hash=False)  # as the call keeps them
    call: str = ""  # its id

    @property
    def name(self) -> str:
        return self.tool or self.text

    @property
    def words(self) -> str:
        return self.title or self.name


def deeds_of(tickets: Sequence[int], since: dict[int, datetime] | None = None) -> dict[int, list[Deed]]:
    """In the order in which they were done; `since`: of a ticket, only what was done later than this."""
    found: dict[int, list[Deed]] = defaultdict(list)
    for call in _calls(tickets):
        found[int(call.ticket_id or 0)].append(
            Deed(
                call.created_at,
                call.tool,
                title=call.title,
                effect=call.effect,
                given=call.arguments,
                answer=call.content,
                sources=call.sources,
                call=str(call.pk),
            )
        )
    ticked = Event.objects.filter(ticket_id__in=tickets, kind="ticket.ticked", actor_kind__in=OURS)
    for event in ticked.order_by("id"):
        if event.data.get("did") == "ticked off":
            found[int(event.ticket_id or 0)].append(Deed(event.at, text=str(event.data["text"])))
    since = since or {}
    return {
        ticket: _each_once(
            [deed for deed in sorted(deeds, key=lambda deed: deed.at) if _is_after(deed, since.get(ticket))]
        )
        for ticket, deeds in found.items()
    }


def changed_after(runs: "QuerySet[ProcedureRun]") -> set[int]:
    """Of these runs, those after whose end a person of ours changed something on the same ticket."""
    ends = {run.ticket_id: run for run in runs.only("ticket_id", "changed_at")}
    changes = _calls(list(ends)).exclude(effect="read")
    return {
        ends[call.ticket_id].pk
        for call in changes
        if call.ticket_id in ends and call.created_at > ends[call.ticket_id].changed_at
    }


def _calls(tickets: Iterable[int]) -> "QuerySet[Call]":
    """Those that came about and were not taken back."""
    done = Call.objects.filter(ticket_id__in=tickets, state="done", by_kind__in=OURS, undoes=None, undoings=None)
    return done.order_by("id")


def _is_after(deed: Deed, moment: datetime | None) -> bool:
    return moment is None or deed.at > moment


def _each_once(deeds: Sequence[Deed]) -> list[Deed]:
    """What was looked up again before anything had changed says nothing new."""
    kept, looked = list[Deed](), set[str]()
    for deed in deeds:
        if deed.effect == "read":
            if (asked := f"{deed.tool} {sorted(deed.given.items())}") in looked:
                continue
            looked.add(asked)
        elif deed.tool:
            looked.clear()
        kept.append(deed)
    return kept
