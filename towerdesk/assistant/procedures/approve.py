"""A person lets a procedure do what it is ready to do: it acts, reads back, and answers in their name."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from towerdesk.assistant import receipts
from towerdesk.assistant.grade import write_grade
from towerdesk.assistant.models import REPLACED, ProcedureRun, Run
from towerdesk.assistant.procedures.follow import calls_of
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.hear import look_again
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.runs import Move, advance, state_of
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import Then, reply
from towerdesk.tickets.save import save

FRESH = timedelta(minutes=2)
"""What was read longer ago is read and judged anew before anything is changed."""


def carry_out(run: Run, *, by: Actor, then: Then = "resolve", pause: timedelta = timedelta(0)) -> Message | None:
    """Outside of transactions. The message that answers the customer, or None when a person has to go on: then the
    ticket says why, and what has been done stands in its history.

    Raises `Conflict` when the suggestion is gone or somebody else is at it.
    """
    by.must("assistant.grade")
    by.must("tool.use")
    procedure_run = _claim(run, by)
    move = advance(procedure_run, by=by)
    return finish(run, move, by=by, then=then, pause=pause)


def _claim(run: Run, by: Actor) -> ProcedureRun:
    """From here on nobody else does it; a crash leaves it `acting`, and the clock goes on with it (`recover`)."""
    with transaction.atomic():
        run.ticket.hold()
        held = Run.objects.select_for_update().get(pk=run.pk)
        if held.state != "open" or held.procedure_run_id is None:
            raise Conflict("This suggestion is no longer open: somebody answered, or a new message came in.")
        going = ProcedureRun.objects.select_related("version__procedure", "ticket__requester", "intent").get(
            pk=held.procedure_run_id
        )
        if going.state not in ("ready", "approval"):
            raise Conflict(f"The procedure does not wait for this any more: {going.get_state_display().lower()}.")
        state = state_of(going)
        if going.state == "approval":
            state.approved[going.stop["node"]] = True
        if now() - going.changed_at > FRESH and not state.writes:
            look_again(graph_of(going.version), state)
        keep(going, state, named="acting", leave=f"agent:{by.user_id}")
        held.state = "used"
        held.save(update_fields=["state"])
    return going


def finish(
    run: Run, move: Move, *, by: Actor, then: Then = "resolve", pause: timedelta = timedelta(0)
) -> Message | None:
    """Answer with what came of it, and grade it: a person stands behind the deed as a whole."""
    with transaction.atomic():
        ticket = run.ticket.hold()
        sent = None
        if move.letter and run.sent_id is None:
            then = "wait" if move.asks else then
            warrant = move.run.leave if by.kind == "assistant" else ""
            sent = reply(ticket, move.letter, by=by, then=then, warrant=warrant, answers=run.message_id, pause=pause)
        after = _write_run(run, move, sent)
        if by.kind == "agent":
            write_grade(after, right=move.stop.kind in ("done", "refused"), verdict="approved", by=by)
        if sent is None:
            _to_a_person(ticket, after, move, by)
    return sent


def _write_run(run: Run, move: Move, sent: Message | None) -> Run:
    """What was decided and what came of it, for the same message: its receipt lists what was called."""
    run.state = REPLACED
    run.save(update_fields=["state"])
    after = Run.objects.create(
        ticket=run.ticket,
        message=run.message,
        kind="action",
        state="used" if sent else "done",
        outcome="draft" if sent else "handed_over",
        intent=run.intent,
        intent_probability=run.intent_probability,
        score=run.score,
        parts=run.parts,
        summary=run.summary,
        reply=move.letter or run.reply,
        checks=run.checks,
        steps=[
            *run.steps,
            {"name": "Acted", "sentence": move.stop.why or "It was done and read back", "milliseconds": 0},
        ],
        why=move.stop.why[:300],
        sent=sent,
        fingerprint=run.fingerprint,
        vector=run.vector,
        eligible=run.eligible,
        draw=run.draw,
        asked=run.asked,
        procedure_run=move.run,
        asks=move.asks,
    )
    receipts.seal(after, _receipt(run, after, move))
    return after


def _receipt(run: Run, after: Run, move: Move) -> dict[str, Any]:
    return {
        "run": after.pk,
        "ticket": after.ticket_id,
        "message": after.message_id,
        "at": after.at.isoformat(),
        "stands_for": run.pk,
        "reply": after.reply,
        "judgement": {"outcome": after.outcome, "why": after.why},
        "tools": calls_of(move.run),
        "procedure": {"run": move.run.pk, "key": move.run.version.procedure.key, "leave": move.run.leave},
        "fingerprint": after.fingerprint,
    }


def _to_a_person(ticket: Ticket, run: Run, move: Move, by: Actor) -> None:
    why = move.stop.why or "The procedure came to no end"
    save(ticket, also=next_step.plan(ticket, next_step.answer(ticket, why[:120])))
    record("procedure.stopped", by=by, ticket=ticket.pk, subject=move.run.pk, run=run.pk, why=why)
