"""Let a language model, where there is one, point at the words that fill a slot. It points; the typed checks decide."""

import structlog

from towerdesk.assistant import llm
from towerdesk.assistant.procedures.fill import may_be_pointed_at
from towerdesk.assistant.procedures.model import Procedure, Slot
from towerdesk.assistant.procedures.state import State
from towerdesk.lib.errors import Unavailable
from towerdesk.tickets.models import Ticket

log = structlog.get_logger()


def proposed_slots(procedure: Procedure, state: State, text: str, ticket: Ticket | None = None) -> dict[str, str]:
    """Slot → words of the message; empty without a model, when nothing is open, or when it does not answer in time.

    An answer to a question for a yes is not asked about: what it says is a yes, a no, or for the typed checks.
    """
    if not llm.configured() or state.waits == "yes":
        return {}
    wanted = [slot for slot in procedure.slots if may_be_pointed_at(slot) and _is_open(slot, state)]
    if not wanted:
        return {}
    try:
        found = llm.point_at({slot.name: next(iter(slot.question.values())) for slot in wanted}, text, ticket)
    except Unavailable as error:
        log.warning("the model filled no slots", why=str(error))
        return {}
    return {name: said for name, said in found.items() if said}


def _is_open(slot: Slot, state: State) -> bool:
    known = state.known.values.get(slot.name)
    return known is None or known.content is None
