"""All that was thought about one message, before anything is done."""

from dataclasses import dataclass, field

from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.policy import Judgement
from towerdesk.assistant.procedures.runs import Move
from towerdesk.assistant.propose import Proposal
from towerdesk.assistant.read import Reading
from towerdesk.assistant.trace import Trace
from towerdesk.tickets.models import Message, Ticket


@dataclass(frozen=True, slots=True)
class Decision:
    """`made_by` is the fingerprint of what decided; `move` what a procedure does next, None where articles answer: then
    `prepared` is a procedure that a person may go on with, `named` what the message names where there is none.
    """

    ticket: Ticket
    message: Message
    reading: Reading
    proposal: Proposal
    judgement: Judgement
    trace: Trace
    made_by: str
    move: Move | None = None
    prepared: ProcedureRun | None = None
    named: list[dict[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """One of `models.KINDS`."""
        return "action" if self.move else "answer"
