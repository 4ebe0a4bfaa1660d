"""Do what was decided: the run, its effects, its receipt and the event are one transaction."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant import policy, receipts
from towerdesk.assistant.act import act, classify
from towerdesk.assistant.claims import keep_claims
from towerdesk.assistant.decision import Decision
from towerdesk.assistant.evidence import draw_for
from towerdesk.assistant.holdout import keep_arm
from towerdesk.assistant.models import REPLACED, Run
from towerdesk.assistant.settle import withdraw_open
from towerdesk.assistant.told import told
from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.knowledge.index import pack
from towerdesk.lib.clock import now
from towerdesk.lib.rows import insert, inserting, update
from towerdesk.tickets.models import Ticket


def carry_out(decision: Decision, *, instead_of: Run | None = None, cause: Event | None = None) -> Run:
    """Raises `Conflict` when somebody was quicker; then nothing of it was done."""
    ticket, judgement = decision.ticket, decision.judgement
    with transaction.atomic(), together(ticket):
        ticket.hold()
        classify(ticket, decision.reading, cause)
        withdraw_open(ticket, "A new message came in")
        if instead_of:
            instead_of.state = REPLACED
            update(instead_of, "state")
        run = _write_run(decision)
        run.sent = act(ticket, decision.message, run, judgement, cause)
        keep_arm(run, judgement.arm)
        if run.sent:
            update(run, "sent")
            keep_claims(run, run.sent)
        _record(ticket, run, decision, cause)
    return run


def _write_run(decision: Decision) -> Run:
    reading, proposal, judgement, move = decision.reading, decision.proposal, decision.judgement, decision.move
    made = reading.asked.made
    return insert(
        Run(
            ticket=decision.ticket,
            message=decision.message,
            at=now(),
            kind=decision.kind,
            procedure_run=move.run if move else decision.prepared,
            asks=bool(move and move.asks),
            named=decision.named,
            state="open" if judgement.outcome == "draft" else "done",
            outcome=judgement.outcome,
            intent=reading.intent,
            intent_probability=reading.probability,
            score=proposal.score,
            parts=proposal.parts,
            summary=reading.summary,
            reply=proposal.text,
            grounded=proposal.grounded,
            evidence=proposal.evidence,
            checks=proposal.checks,
            steps=decision.trace.steps,
            why=judgement.why[:300],
            licence=judgement.licence,
            cost=proposal.cost or Decimal(0),
            milliseconds=decision.trace.milliseconds,
            fingerprint=decision.made_by,
            vector=None if made is None else pack(made),
            **_drawn(decision),
        )
    )


def _drawn(decision: Decision) -> dict[str, Any]:
    """Whether its grade could certify, and whether it will be asked for: said before anybody has seen it.

    Of a procedure only the move that ends it: a question is neither right nor wrong, what comes of it is.
    """
    message, reading, proposal, move = decision.message, decision.reading, decision.proposal, decision.move
    eligible = policy.is_eligible(
        message, proposed=bool(proposal.text), failed=proposal.failed, caution=reading.caution
    ) and (move is None or move.ends)
    intent = reading.intent
    may_be_licensed = intent if intent and eligible and intent.level in policy.ALONE else None
    licence = policy.valid_licence(may_be_licensed, decision.kind) if may_be_licensed else None
    number, asked = draw_for(message, intent, licence, eligible=eligible)
    return {"eligible": eligible, "draw": number, "asked": asked}


def _record(ticket: Ticket, run: Run, decision: Decision, cause: Event | None) -> None:
    """With its receipt."""
    record(
        "assistant.proposed",
        inserting(receipts.receipt_of(run, told(run, decision))),
        by=THE_ASSISTANT,
        ticket=ticket.pk,
        subject=run.pk,
        cause=cause,
        run=run.pk,
        outcome=run.outcome,
        intent=decision.reading.slug,
        score=round(run.score, 4),
        cost=float(run.cost),
        milliseconds=round(run.milliseconds, 1),
    )
