"""What matters to a decision and mostly is not there, or mostly is as it was, told by the query that reads the message: then
nobody asks again.
"""

from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from towerdesk.accounts.models import Halt
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.lib.compiled import compiled
from towerdesk.lib.stamps import Stamp, stamps_of
from towerdesk.problems.models import Surge
from towerdesk.tickets.models import Attachment, Message

type Beside = Literal["files", "answers", "run", "procedures", "stop", "surges"]


@compiled
def read_beside(stamps: tuple[Stamp, ...], *, number: int) -> "QuerySet[Message]":
    """For a decision that follows at once: what somebody adds in between is found by the decision after it.

    With everything on the ticket that rules may ask for, and the `stamps` of what is kept in memory.
    """
    ticket = [f"ticket__{name}" for name in ("requester", "organisation", "assignee", "team", "intent", "inbox")]
    answers = Message.objects.filter(ticket=OuterRef("ticket"), direction="out", public=True, pk__lt=OuterRef("pk"))
    return (
        Message.objects.select_related("ticket", *ticket)
        .filter(pk=number)
        .annotate(
            stamps=stamps_of(stamps),
            has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))),
            has_answers=Exists(answers),
            has_run=Exists(Run.objects.filter(message=OuterRef("pk"))),
            has_procedures=Exists(ProcedureRun.objects.filter(ticket=OuterRef("ticket"))),
            has_stop=Exists(Halt.objects.filter(lifted_at=None)),
            has_surges=Exists(Surge.objects.filter(state="ongoing", holds=True)),
        )
    )


def may_have(message: Message, what: Beside) -> bool:
    """True unless the query that read the message has told that there is none."""
    told: bool = getattr(message, f"has_{what}", True)
    return told
