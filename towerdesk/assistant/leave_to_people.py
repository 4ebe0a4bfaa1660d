"""A customer pressed for a person between two messages: what the assistant had begun on their ticket is put away.

Asked for in words, a message is there that is considered anew, and the same comes of that.
"""

import contextlib

from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.policy import WANTS_PERSON
from towerdesk.assistant.procedures.runs import hand_over
from towerdesk.assistant.settle import withdraw_open
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import Ticket

BEGUN = ("asking", "confirming", "ready", "approval")
"""One that is acting, or waits for another system, the clock hands over (`procedures/recover.py`)."""


def leave_to_people(ticket: Ticket) -> None:
    withdraw_open(ticket, f"{ticket.requester.first_name} asks for a person")
    begun = ProcedureRun.objects.filter(ticket=ticket, state__in=BEGUN)
    for run in begun.select_related("version__procedure", "ticket__requester", "intent"):
        with contextlib.suppress(Conflict):  # a message of theirs came in just now, and is considered
            hand_over(run, WANTS_PERSON)
