"""Ask others for a decision, take their answers, let them pass it on; the deadline ends it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.lib.text import one_line, storable
from towerdesk.people.find import normal_email
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Approval, Ticket, Voice
from towerdesk.tickets.save import save

MOST = 20  # approvers
LONGEST = timedelta(days=90)
BATCH = 200


def ask_approval(
    ticket: Ticket,
    question: str,
    approvers: Sequence[str],
    *,
    need: str = "any",
    deadline: datetime,
    by: Actor,
    cause: Event | None = None,
) -> Approval:
    """`approvers` are mail addresses: of agents, who may also decide at the desk, or of others, who get a link."""
    by.must("ticket.ask_approval")
    asked, emails = one_line(storable(question), 500), list(dict.fromkeys(map(_email, approvers)))
    _must_be_askable(asked, emails, need, deadline)
    with transaction.atomic():
        ticket.hold()
        if not ticket.is_waiting:
            raise Conflict(f"Ticket {ticket.number} is {ticket.get_status_display().lower()}: open it again first.")
        approval = Approval.objects.create(
            ticket=ticket, question=asked, need=need, deadline=deadline, asked_by=by.name[:200]
        )
        voices = [_voice(approval, email) for email in emails]
        ticket.status = "hold"
        save(ticket, "status", also=next_step.plan(ticket, _deciding(approval, voices)))
        said: dict[str, Any] = {
            "question": asked,
            "names": _names(voices),
            "need": need,
            "deadline": deadline.isoformat(),
        }
        record("approval.asked", by=by, ticket=ticket.pk, subject=approval.pk, cause=cause, **said)
    return approval


def answer_approval(voice: Voice, yes: bool, note: str = "", *, by: Actor) -> Approval:
    """Once per approver; the first answers that settle it end it for all."""
    with transaction.atomic():
        approval, held = _hold(voice, by)
        held.answer, held.note, held.answered_at = "yes" if yes else "no", one_line(storable(note), 500), now()
        held.save(update_fields=["answer", "note", "answered_at"])
        said: dict[str, Any] = {"answer": held.answer, "note": held.note}
        record("approval.answered", by=by, ticket=approval.ticket_id, subject=approval.pk, **said)
        outcome = _outcome(approval)
        if outcome:
            _end(approval, outcome, by=by)
    return approval


def delegate_approval(voice: Voice, email: str, *, by: Actor) -> Voice:
    """Somebody else decides instead; the link that was sent before leads nowhere from now on."""
    to = _email(email)
    with transaction.atomic():
        approval, held = _hold(voice, by)
        if approval.voices.filter(email=to).exists():
            raise Invalid(f"{to} is asked already: choose somebody else.")
        was, user = held.name, User.objects.filter(email=to, is_active=True).first()
        held.user, held.email, held.name, held.instead_of, held.mailed_at = user, to, str(user or to), was, None
        held.save(update_fields=["user", "email", "name", "instead_of", "mailed_at"])
        _plan(approval)
        record("approval.delegated", by=by, ticket=approval.ticket_id, subject=approval.pk, name=held.name)
    return held


def withdraw_approval(approval: Approval, *, by: Actor) -> None:
    """Nobody is asked any more."""
    by.must("ticket.ask_approval")
    with transaction.atomic():
        _end(_waiting(approval), "withdrawn", by=by)


def expire_approvals() -> int:
    """Run by the clock: what was not decided in time comes back to whoever asked."""
    late = Approval.objects.filter(outcome="waiting", deadline__lte=now()).order_by("deadline")
    return sum(_expire(approval) for approval in late.select_related("ticket")[:BATCH])


def _expire(approval: Approval) -> int:
    with transaction.atomic():
        approval.ticket.hold()
        held = Approval.objects.select_for_update().get(pk=approval.pk)
        if held.outcome == "waiting":
            _end(held, "expired", by=CLOCK)
            return 1
    return 0


def _must_be_askable(question: str, emails: list[str], need: str, deadline: datetime) -> None:
    if not question:
        raise Invalid("Say in one sentence what is to be decided.", {"question": "Write the question."})
    if not 0 < len(emails) <= MOST:
        raise Invalid(f"Name one to {MOST} approvers by their mail addresses.", {"approvers": "Name somebody."})
    if need not in ("any", "all"):
        raise Invalid("Either any one of them or all of them have to say yes.", {"need": "any or all"})
    if deadline.tzinfo is None or not now() < deadline < now() + LONGEST:
        raise Invalid("Choose a deadline within the next 90 days.", {"deadline": "Choose a moment to come."})


def _email(text: str) -> str:
    email = normal_email(storable(text))
    if not email or "@" not in email or len(email) > 320:
        raise Invalid(f"{one_line(text, 60)!r} is not a mail address.", {"approvers": "Write a mail address."})
    return email


def _voice(approval: Approval, email: str) -> Voice:
    user = User.objects.filter(email=email, is_active=True).first()
    return Voice.objects.create(approval=approval, user=user, email=email, name=str(user or email))


def _hold(voice: Voice, by: Actor) -> tuple[Approval, Voice]:
    """The ticket first, then what hangs on it. Raises `Conflict` when it was decided or answered meanwhile."""
    by.must("approval.answer")
    approval = _waiting(voice.approval)
    held = Voice.objects.select_for_update().get(pk=voice.pk)
    if (by.user_id or None) != held.user_id or (held.user_id is None and by.name != held.name):
        raise Refused(f"{held.name} is asked for this decision, not {by.name}.")
    if held.answer:
        raise Conflict("You have answered this already.")
    return approval, held


def _waiting(approval: Approval) -> Approval:
    ticket = approval.ticket.hold()
    held = Approval.objects.select_for_update().get(pk=approval.pk)
    held.ticket = ticket
    if held.outcome != "waiting":
        raise Conflict(f"This is settled: {held.get_outcome_display().lower()}.")
    return held


def _outcome(approval: Approval) -> str:
    """Empty while it depends on those who have not answered."""
    answers = list(approval.voices.values_list("answer", flat=True))
    enough, veto = ("yes", "no") if approval.need == "any" else ("no", "yes")
    if enough in answers:
        return "approved" if enough == "yes" else "refused"
    return ("refused" if veto == "no" else "approved") if all(answer == veto for answer in answers) else ""


def _end(approval: Approval, outcome: str, *, by: Actor) -> None:
    approval.outcome, approval.ended_at = outcome, now()
    approval.save(update_fields=["outcome", "ended_at"])
    ticket = approval.ticket
    if ticket.status == "hold":
        ticket.status = "open"
        why = f"{approval.get_outcome_display()}: “{one_line(approval.question, 80)}”"
        save(ticket, "status", also=next_step.plan(ticket, next_step.answer(ticket, why)))
    record("approval.ended", by=by, ticket=ticket.pk, subject=approval.pk, outcome=outcome, question=approval.question)


def _plan(approval: Approval) -> None:
    ticket, left = approval.ticket, list(approval.voices.filter(answer=""))
    if ticket.status == "hold":
        save(ticket, also=next_step.plan(ticket, _deciding(approval, left)))


def _deciding(approval: Approval, voices: Sequence[Voice]) -> next_step.Step:
    does = "decides" if len(voices) == 1 else "decide"
    return next_step.wait_on_others(f"{_names(voices)} {does}: {approval.question}", approval.deadline)


def _names(voices: Sequence[Voice]) -> str:
    names = [voice.user.first_name if voice.user else voice.name for voice in voices]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
