"""A person's word on a suggestion. What they do with it is the grade that licences rest on."""

import re
from datetime import timedelta
from difflib import SequenceMatcher

from django.db import transaction

from towerdesk.assistant.models import Grade, Run
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


def audit(run: Run, right: bool, *, by: Actor, note: str = "") -> Grade:
    """Grade what was sent alone or only watched: no customer sees anything of it."""
    by.must("assistant.grade")
    if Grade.objects.filter(run=run).exists():
        raise Conflict("Somebody has graded this already.")
    return write_grade(run, right=right, verdict="audited", by=by, note=note)


def write_grade(run: Run, *, right: bool, verdict: str, by: Actor, note: str = "") -> Grade:
    with transaction.atomic():
        grade, _ = Grade.objects.update_or_create(
            run=run,
            defaults={
                "intent_id": run.intent_id,
                "score": run.score,
                "right": right,
                "verdict": verdict,
                "by_kind": by.kind,
                "by_name": by.name,
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
        write_grade(run, right=verdict == "approved" or is_same(run.reply, text), verdict=verdict, by=by)
    return message


def _must_be_words(run: Run) -> None:
    """What says that something was done is sent when it was done: see `procedures.approve.carry_out`."""
    waits = run.procedure_run
    if run.kind == "action" and waits is not None and waits.state in ("ready", "approval"):
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
