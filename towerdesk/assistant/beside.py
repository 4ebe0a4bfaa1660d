"""What matters to a decision and mostly is not there, told by the query that reads the message: then nobody asks again."""

from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from towerdesk.accounts.models import Halt
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.problems.models import Surge
from towerdesk.tickets.models import Attachment, Message

type Beside = Literal["files", "answers", "run", "procedures", "stop", "surges"]


def told_beside(messages: "QuerySet[Message]") -> "QuerySet[Message]":
    """For a decision that follows at once: what somebody adds in between is found by the decision after it."""
    answers = Message.objects.filter(ticket=OuterRef("ticket"), direction="out", public=True, pk__lt=OuterRef("pk"))
    return messages.annotate(
        has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))),
        has_answers=Exists(answers),
        has_run=Exists(Run.objects.filter(message=OuterRef("pk"))),
        has_procedures=Exists(ProcedureRun.objects.filter(ticket=OuterRef("ticket"))),
        has_stop=Exists(Halt.objects.filter(lifted_at=None)),
        has_surges=Exists(Surge.objects.filter(state="ongoing", holds=True)),
    )


def may_have(message: Message, what: Beside) -> bool:
    """True unless the query that read the message has told that there is none."""
    told: bool = getattr(message, f"has_{what}", True)
    return told
