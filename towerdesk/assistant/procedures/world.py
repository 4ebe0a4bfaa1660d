"""The desk around a run: tools by the connectors, leave to write by licence or person, and the journal."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.models import ProcedureRun, ProcedureStep
from towerdesk.assistant.procedures.engine import Answer, Fate
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.model import Node
from towerdesk.assistant.procedures.state import State
from towerdesk.connectors.contract import Preview, Value
from towerdesk.connectors.models import Call
from towerdesk.connectors.undo import undo
from towerdesk.connectors.use import preview_use, use
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Refused, Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import warrant_allows

FATES: dict[str, Fate] = {
    "done": "done", "failed": "failed", "planned": "waits", "claimed": "unknown", "unknown": "unknown",
    "declined": "refused", "undone": "failed",
}  # fmt: skip


@dataclass(slots=True)
class DeskWorld:
    """`by` acts: the assistant, or the agent who pressed the button. Nothing of it is done inside a transaction."""

    run: ProcedureRun
    by: Actor
    language: str = "en"
    cause: Event | None = None
    passed: list[ProcedureStep] = field(default_factory=list)  # not written down yet

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        """What is not theirs is as if it were not there."""
        try:
            call = self._use(key, tool, given)
        except Refused as refused:
            return Answer("nothing", note=str(refused))
        except Trouble as trouble:
            return Answer("later", note=str(trouble))
        if call.state == "done":
            return Answer("done", call.content, str(call.pk), call.sentence)
        return Answer("later" if call.again or call.state != "failed" else "nothing", said=str(call.pk), note=call.note)

    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        try:
            call = self._use(key, tool, given)
        except Trouble as trouble:
            return Answer("refused", note=str(trouble))
        fate = FATES[call.state]
        if call.checked == "no":
            return Answer("failed", said=str(call.pk), note="It was read back, and it is not as it should be")
        if fate == "failed" and call.again:
            fate = "later"
        return Answer(fate, call.content, str(call.pk), call.note or call.sentence, checked=call.checked == "yes")

    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer:
        """By the tool that the procedure names; without values by the one that the call's own contract names."""
        try:
            if given:
                return self.write(key, tool, given)
            call = undo(Call.objects.get(pk=int(said)), by=self.by, warrant=self.run.leave, cause=self.cause)
        except Trouble as trouble:
            return Answer("refused", note=str(trouble))
        return Answer(FATES[call.state], call.content, str(call.pk), call.note)

    def preview(self, tool: str, given: Mapping[str, Value]) -> Preview:
        """Raises `Trouble` when it would not be taken."""
        return preview_use(
            tool, given, by=self.by, ticket=self.run.ticket_id, person=self._persons(), warrant=self.run.leave
        )

    def may_write(self) -> bool:
        """Looked up anew before each write: somebody may have taken the ticket a moment ago."""
        if not self.run.leave:
            return False
        ticket = Ticket.objects.get(pk=self.run.ticket_id)
        if ticket.merged_into_id or ticket.status == "closed":
            return False
        return self.run.leave.startswith("agent:") or warrant_allows(ticket)

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        """After a call the place is kept before anything else is done; the rest is worked out again after a crash."""
        visit = max(0, state.visits.get(node.id, 0) - 1) if answer else len(state.heard)
        step = ProcedureStep(
            run=self.run, node=node.id, visit=visit, line=node.line, does=node.do, sentence=sentence[:1000], at=now()
        )
        step.by_name = self.by.name[:200]
        if answer:
            step.inputs, step.output = _hash(state.known.plain()), answer.content
            step.call = int(answer.said) if answer.said.isdecimal() else None
        self.passed.append(step)
        if answer:
            self.flush()
            keep(self.run, state)

    def flush(self) -> None:
        """A node that was passed and written down before, as it was before a crash, is the same one."""
        ProcedureStep.objects.bulk_create(self.passed, ignore_conflicts=True)
        self.passed.clear()

    def _use(self, key: str, tool: str, given: Mapping[str, Value]) -> Call:
        return use(
            tool,
            given,
            key=f"procedure:{self.run.pk}:{key}",
            by=self.by,
            ticket=self.run.ticket_id,
            person=self._persons(),
            run=self.run.pk,
            warrant=self.run.leave if self.run.leave.startswith("licence:") else "",
            cause=self.cause,
        )

    def _persons(self) -> list[str]:
        return [self.run.identity] if self.run.identity else []


def _hash(known: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()
