"""A person's word on a suggestion. What they do with it is the grade that licences rest on."""

import re
from datetime import timedelta
from difflib import SequenceMatcher

from django.db import transaction

from towerdesk.assistant.claims import keep_claims
from towerdesk.assistant.models import Grade, Run, SecondGrade, Unsure
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import Then, reply
from towerdesk.tickets.save import save

SAME = 0.92
"""Edits that leave this share of the text (difflib's ratio) and every number and link alone are a matter of taste."""
FACTS = re.compile(r"https?://\S+|\d[\d.,:/-]*")


def approve(run: Run, *, by: Actor, then: Then = "resolve", pause: timedelta = timedelta(0)) -> Message:
    """Send the suggestion as it stands, in the approver's name."""
    return _use(run, run.reply, "approved", by=by, then=then, pause=pause)


def send_edited(run: Run, text: str, *, by: Actor, then: Then = "resolve", pause: timedelta = timedelta(0)) -> Message:
    """Send the person's version. Only a change of wording leaves the suggestion graded as right."""
    verdict = "approved" if text.strip() == run.reply.strip() else "edited"
    return _use(run, text, verdict, by=by, then=then, pause=pause)


def reject(run: Run, why: str, *, by: Actor) -> None:
    """The suggestion was wrong; the ticket waits for the person's own answer."""
    by.must("assistant.grade")
    if not why.strip():
        raise Invalid("Say in a few words what is wrong with the suggestion: that is how the assistant learns.")
    with transaction.atomic():
        ticket, run = _hold(run)
        run.state = "rejected"
        run.save(update_fields=["state"])
        write_grade(run, right=False, verdict="rejected", by=by, note=why)
        if ticket.step_kind == "approve":
            ticket.step_kind = "answer"
            save(ticket, also=next_step.plan(ticket, next_step.answer(ticket)))


REASONS = {
    "other_question": "Does not answer what was asked",
    "wrong_fact": "Says something that is not so",
    "out_of_date": "Is out of date",
    "leaves_out": "Leaves out what matters",
    "needs_person": "This needs a person",
    "manner": "The tone or the language is wrong",
}
"""Why a proposal is wrong, in the order of the digits that say so in the grading queue."""
CANT_TELL = 2
"""So many people who can't tell make it wrong: a customer could not have told either."""
UNDO_WITHIN = timedelta(minutes=10)


def audit(run: Run, right: bool, *, by: Actor, note: str = "", reason: str = "", seconds: float | None = None) -> Grade:
    """Grade what was sent alone, only watched, or left lying: no customer sees anything of it."""
    by.must("assistant.grade")
    if reason and (right or reason not in REASONS):
        raise Invalid("A reason says why something is wrong: choose one of those that are offered.")
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        if Grade.objects.filter(run=held).exists():
            raise Conflict("Somebody has graded this already.")
        said = note or REASONS.get(reason, "")
        return write_grade(run, right=right, verdict="audited", by=by, note=said, reason=reason, seconds=seconds)


def cannot_tell(run: Run, *, by: Actor) -> Grade | None:
    """Somebody else is asked; when they can't tell either, it counts as wrong."""
    by.must("assistant.grade")
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        if Grade.objects.filter(run=held).exists():
            return None
        Unsure.objects.get_or_create(run=held, user_id=by.user_id or 0)
        if held.unsure.count() < CANT_TELL:
            return None
        return write_grade(run, right=False, verdict="unsure", by=by, note="Two people could not tell")


def grade_again(run: Run, right: bool, *, by: Actor) -> SecondGrade:
    """A second opinion, given without seeing the first one."""
    by.must("assistant.grade")
    first = Grade.objects.filter(run=run).first()
    if first is None or first.by_id == by.user_id or SecondGrade.objects.filter(run=run).exists():
        raise Conflict("This wants no second opinion of yours.")
    return SecondGrade.objects.create(run=run, right=right, by_id=by.user_id, by_name=by.name[:200])


def take_back_grade(run: Run, *, by: Actor) -> None:
    """One's own grade from the queue, soon after: a key was pressed too quickly. Raises `Conflict` when it is too late."""
    by.must("assistant.grade")
    with transaction.atomic():
        since = now() - UNDO_WITHIN
        own = Grade.objects.select_for_update().filter(run=run, by_id=by.user_id, verdict="audited", at__gt=since)
        if not (own.delete()[0] or SecondGrade.objects.filter(run=run, by_id=by.user_id, at__gt=since).delete()[0]):
            Unsure.objects.filter(run=run, user_id=by.user_id or 0, at__gt=since).delete()
            if Grade.objects.filter(run=run).exists():
                raise Conflict("This grade is no longer yours to take back.")
        record("assistant.ungraded", by=by, ticket=run.ticket_id, subject=run.pk, run=run.pk)


def write_grade(
    run: Run, *, right: bool, verdict: str, by: Actor, note: str = "", reason: str = "", seconds: float | None = None
) -> Grade:
    with transaction.atomic():
        grade, _ = Grade.objects.update_or_create(
            run=run,
            defaults={
                "intent_id": run.intent_id,
                "score": run.score,
                "right": right,
                "verdict": verdict,
                "reason": reason,
                "seconds": seconds,
                "by_kind": by.kind,
                "by_id": by.user_id,
                "by_name": by.name[:200],
                "at": now(),
                "note": note[:2000],
            },
        )
        record(
            "assistant.graded",
            by=by,
            ticket=run.ticket_id,
            subject=run.pk,
            run=run.pk,
            verdict="right" if right else "wrong",
            intent=run.intent.slug if run.intent else "",
            score=run.score,
        )
    return grade


def _use(run: Run, text: str, verdict: str, *, by: Actor, then: Then, pause: timedelta) -> Message:
    by.must("assistant.grade")
    with transaction.atomic():
        ticket, run = _hold(run)
        _must_be_words(run)
        then = "wait" if run.asks else then
        message = reply(ticket, text, by=by, then=then, answers=run.message_id, pause=pause)
        run.state, run.sent = ("used" if verdict == "approved" else "edited"), message
        run.save(update_fields=["state", "sent"])
        keep_claims(run, message)
        write_grade(run, right=verdict == "approved" or is_same(run.reply, text), verdict=verdict, by=by)
    return message


def _must_be_words(run: Run) -> None:
    """What says that something was done is sent when it was done: see `procedures.approve.carry_out`."""
    if run.acts:
        raise Invalid("This would change something first: let the procedure do it, or write your own reply.")


def _hold(run: Run) -> tuple[Ticket, Run]:
    """The ticket first, then the run: one order for everybody. Raises `Conflict` when the suggestion is gone."""
    ticket = run.ticket.hold()
    held = Run.objects.select_for_update().get(pk=run.pk)
    if held.state != "open":
        raise Conflict("This suggestion is no longer open: somebody answered, or a new message came in.")
    return ticket, held


def is_same(suggested: str, sent: str) -> bool:
    """Whether an edit left the substance alone."""
    if FACTS.findall(suggested) != FACTS.findall(sent):
        return False
    return SequenceMatcher(None, suggested.split(), sent.split(), autojunk=False).ratio() >= SAME
