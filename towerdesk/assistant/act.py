"""Do what the judgement allows: write down what the ticket is about, and answer, suggest, or hand over."""

from datetime import timedelta
from typing import Any

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.models import Licence, Run
from towerdesk.assistant.policy import PAUSE, Judgement
from towerdesk.assistant.read import Reading
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.errors import Conflict
from towerdesk.tickets import next_step
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Intent, Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.save import save, saving
from towerdesk.tickets.taxonomy.choose import can_choose

SURE_ENOUGH = 0.5
"""Intent probability from which a ticket is classified; below, a person does it."""


def classify(ticket: Ticket, reading: Reading, cause: Event | None) -> None:
    """Fill in what nobody has said yet; what a person or a rule set stays. With the ticket held."""
    values: dict[str, Any] = {}
    if ticket.intent_id is None and reading.intent and reading.probability >= SURE_ENOUGH:
        values |= {"intent": reading.intent, **_presets(ticket, reading.intent)}
    if ticket.priority == "normal" and reading.priority != "normal":
        values["priority"] = reading.priority
    if not ticket.language and reading.language:
        values["language"] = reading.language
    if reading.mood and reading.mood != ticket.mood:
        values["mood"] = reading.mood
    if values:
        change(ticket, by=THE_ASSISTANT, cause=cause, held=True, **values)
    if "intent" in values and ticket.assignee_id is None and ticket.team_id != values["intent"].team_id:
        assign(ticket, values["intent"].team, by=THE_ASSISTANT, cause=cause)


def _presets(ticket: Ticket, intent: Intent) -> dict[str, str]:
    """What the intent says beforehand, unless it has been retired since."""
    said = {"type": can_choose("type", intent.type)}
    said |= {} if ticket.product_area else {"product_area": can_choose("area", intent.product_area)}
    return {name: value for name, value in said.items() if value}


def act(ticket: Ticket, message: Message, run: Run, judgement: Judgement, cause: Event | None) -> Message | None:
    """Returns the message that was queued, if the assistant answers alone."""
    ticket.score, ticket.score_proven = run.score or None, judgement.outcome in ("pause", "sent")
    if judgement.outcome in ("pause", "sent"):
        return _answer(ticket, message, run, judgement, cause)
    if judgement.outcome == "draft":
        save(ticket, "score", "score_proven", also=next_step.plan(ticket, next_step.approve(ticket, _to_approve(run))))
    elif judgement.outcome == "handed_over":
        step = next_step.plan(ticket, next_step.answer(ticket, f"Handed over: {_begin_small(judgement.why)}"))
        record(
            "assistant.handed_over",
            saving(ticket, "score", "score_proven", also=step),
            by=THE_ASSISTANT,
            ticket=ticket.pk,
            subject=run.pk,
            cause=cause,
            run=run.pk,
            why=judgement.why,
            score=round(run.score, 4),
        )
    return None


def _answer(ticket: Ticket, message: Message, run: Run, judgement: Judgement, cause: Event | None) -> Message:
    licence = judgement.licence
    if licence is None:
        raise ValueError("An answer without a licence was about to be sent: this is a fault in the policy.")
    if not Licence.objects.select_for_update(of=("self",)).filter(pk=licence.pk, ended_at=None).first():
        raise Conflict("The licence was taken back while this was written.")
    said = reply(
        ticket,
        run.reply,
        by=THE_ASSISTANT,
        then="wait" if run.asks else "keep",
        warrant=f"licence:{licence.pk}",
        answers=message.pk,
        pause=PAUSE if judgement.outcome == "pause" else timedelta(0),
        cause=cause,
    )
    if run.asks:
        save(ticket, "score", "score_proven")
        return said
    step = next_step.send_after_pause(said.send_after or said.created_at)
    ticket.status = "open"
    save(ticket, "status", "score", "score_proven", also=next_step.plan(ticket, step))
    return said


def _to_approve(run: Run) -> str:
    if run.acts and run.procedure_run:
        return f"approves what “{run.procedure_run.version.procedure}” would do"
    return "approves or edits the suggested reply"


def _begin_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
