"""Close what the assistant left open: suggestions that a person overtook, answers that have left, resolutions that failed."""

from django.db import transaction
from django.db.models import F, QuerySet

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.grade import write_grade
from towerdesk.assistant.models import LEFT, Grade, ProcedureRun, Run
from towerdesk.connectors.models import Call
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.ticket import WAITING
from towerdesk.tickets.resolve import resolve


def withdraw_open(ticket: Ticket, why: str) -> None:
    """Suggestions that wait on this ticket are no longer offered."""
    if not _open_runs(ticket=ticket.pk):
        return
    with transaction.atomic():
        for run in Run.objects.select_for_update().filter(ticket=ticket, state="open"):
            run.state = "withdrawn"
            run.save(update_fields=["state"])
            record("assistant.withdrawn", by=CLOCK, ticket=ticket.pk, subject=run.pk, run=run.pk, why=why)


@compiled
def _open_runs(*, ticket: int) -> "QuerySet[Run, int]":
    return Run.objects.filter(ticket=ticket, state="open").order_by().values_list("pk", flat=True)


def answered_by_person(message: Message) -> None:
    """A person wrote an answer of their own: the assistant's suggestion steps back, and its procedure stops."""
    withdraw_open(message.ticket, f"{message.author_name} answered")
    if not Run.objects.filter(sent=message).exists():
        under_way = ProcedureRun.objects.open().filter(ticket=message.ticket_id)
        under_way.update(state="stopped", revision=F("revision") + 1, ended_at=now(), changed_at=now())


def conclude() -> int:
    """Tickets whose licensed answer has left are resolved; how well, the customer says. Returns how many."""
    tickets = [message.ticket for message in _answered()]
    for ticket in tickets:
        resolve(ticket, _how(ticket), kind="solved", by=THE_ASSISTANT)
    return len(tickets)


def _how(ticket: Ticket) -> str:
    run = ProcedureRun.objects.filter(ticket=ticket).select_related("version__procedure").order_by("-id").first()
    return f"By the procedure “{run.version.procedure}”" if run else "Answered from the articles"


@compiled
def _answered() -> "QuerySet[Message]":
    """Asked after every reply: by way of the bay of the few tickets that the assistant works on."""
    sent = Message.objects.filter(author_kind="assistant", direction="out", public=True, delivery__in=LEFT)
    at_work = sent.filter(ticket__step_kind="assistant", ticket__status__in=WAITING)
    return at_work.select_related("ticket")[:200]


def count_undone(call_id: int) -> None:
    """A person took back what the assistant had done by licence: it should not have been done."""
    call = Call.objects.filter(pk=call_id, by_kind="assistant", warrant__startswith="licence:").first()
    ticket = Ticket.objects.filter(pk=call.ticket_id or 0).first() if call else None
    by = call.undoings.filter(state="done", by_kind="agent").last() if call else None
    if call and ticket and by:
        count_against(ticket, f"{by.by_name} took it back: {call.title}")


def count_against(ticket: Ticket, why: str) -> None:
    """The customer disputed or reopened what the assistant had answered alone, or a person took back what it had done: that
    was an error.
    """
    alone = Run.objects.filter(ticket=ticket, outcome__in=("sent", "pause"), sent__isnull=False)
    run = alone.order_by("-id").first()
    if run is not None and not Grade.objects.filter(run=run, right=False).exists():
        write_grade(run, right=False, verdict="disputed", by=CLOCK, note=why)
