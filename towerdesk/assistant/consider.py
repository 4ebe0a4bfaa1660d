"""Consider one message from a customer: read, retrieve, propose, check, judge; then do what the judgement allows.

All thinking happens before the transaction; all its effects, the run, the receipt and the event are one transaction.
"""

from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.accounts.halt import halted
from towerdesk.assistant import llm, policy, receipts
from towerdesk.assistant.act import act, classify
from towerdesk.assistant.brain import Heads, heads
from towerdesk.assistant.claims import keep_claims
from towerdesk.assistant.evidence import draw_for
from towerdesk.assistant.holdout import keep_arm
from towerdesk.assistant.models import REPLACED, Run
from towerdesk.assistant.procedures.follow import follow
from towerdesk.assistant.procedures.runs import Move
from towerdesk.assistant.propose import Proposal, propose
from towerdesk.assistant.read import Reading, read
from towerdesk.assistant.settle import withdraw_open
from towerdesk.assistant.trace import Trace
from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.knowledge.index import pack
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.lib.errors import Conflict
from towerdesk.lib.rows import insert, update
from towerdesk.tickets.models import Message, Ticket

log = structlog.get_logger()

ANSWERED_KINDS = ("", "list", "bulk")
"""Kinds of mail that are considered at all; only a person's mail may be answered without one."""


def consider(
    message: Message, *, cause: Event | None = None, again: bool = False, by: Embedder | None = None
) -> Run | None:
    """One run per message, however often this is called; `again` replaces one whose answer has not left.

    `message` was read with its ticket a moment ago, which is up to date when this returns.

    Returns None when there is nothing to consider: automatic mail, a closed ticket, or a mere thank-you; and while the
    assistant is stopped.
    """
    ticket = message.ticket
    if message.auto not in ANSWERED_KINDS or message.taken_back_at or not ticket.is_waiting or halted():
        return None
    known = next(iter(_runs(message=message.pk)), None)
    if known and not (again and _came_to_nothing(known)):
        return known
    model, trace, using = by or embedder(), Trace(), heads()
    reading = read(message, using, model, trace)
    if followed := follow(ticket, message, reading, trace, again=known is not None, cause=cause):
        reading, proposal, judgement, move = followed
        return _try(ticket, message, known, reading, proposal, judgement, trace, using, model, cause, move)
    proposal = propose(reading, model, using, trace, ticket)
    judgement = policy.judge(
        ticket,
        message,
        reading.intent,
        score=proposal.score,
        proposed=bool(proposal.text),
        failed=proposal.failed,
        caution=reading.caution,
        rests_on=proposal.evidence[0]["version"] if proposal.evidence else None,
        decider=fingerprint(using, model),
    )
    trace.say("Judged", judgement.why or "May answer alone")
    return _try(ticket, message, known, reading, proposal, judgement, trace, using, model, cause)


def _try(
    ticket: Ticket,
    message: Message,
    known: Run | None,
    reading: Reading,
    proposal: Proposal,
    judgement: policy.Judgement,
    trace: Trace,
    using: Heads,
    model: Embedder,
    cause: Event | None,
    move: Move | None = None,
) -> Run | None:
    try:
        return _carry_out(ticket, message, known, reading, proposal, judgement, trace, using, model, cause, move)
    except Conflict as overtaken:
        ticket.refresh_from_db()  # what had been begun was undone
        log.info("the assistant was overtaken", ticket=ticket.pk, why=str(overtaken))
        return None


def _came_to_nothing(run: Run) -> bool:
    return run.state != "used" and (run.sent is None or run.sent.delivery == "withdrawn")


def _carry_out(
    ticket: Ticket,
    message: Message,
    known: Run | None,
    reading: Reading,
    proposal: Proposal,
    judgement: policy.Judgement,
    trace: Trace,
    using: Heads,
    model: Embedder,
    cause: Event | None,
    move: Move | None,
) -> Run:
    with transaction.atomic(), together():
        ticket.hold()
        classify(ticket, reading, cause)
        withdraw_open(ticket, "A new message came in")
        if known:
            known.state = REPLACED
            update(known, "state")
        run = _write_run(ticket, message, reading, proposal, judgement, trace, fingerprint(using, model), move)
        run.sent = act(ticket, message, run, judgement, cause)
        keep_arm(run, judgement.arm)
        if run.sent:
            update(run, "sent")
            keep_claims(run, run.sent)
        receipts.seal(run, _receipt(run, reading, proposal, judgement))
        record(
            "assistant.proposed",
            by=THE_ASSISTANT,
            ticket=ticket.pk,
            subject=run.pk,
            cause=cause,
            run=run.pk,
            outcome=run.outcome,
            intent=reading.slug,
            score=round(run.score, 4),
            cost=float(run.cost),
            milliseconds=round(run.milliseconds, 1),
        )
    return run


def _write_run(
    ticket: Ticket,
    message: Message,
    reading: Reading,
    proposal: Proposal,
    judgement: policy.Judgement,
    trace: Trace,
    made_by: str,
    move: Move | None,
) -> Run:
    made = reading.asked.made
    return insert(
        Run(
            ticket=ticket,
            message=message,
            at=now(),
            kind="action" if move and move.acts else "answer",
            procedure_run=move.run if move else None,
            asks=bool(move and move.asks),
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
            steps=trace.steps,
            why=judgement.why[:300],
            licence=judgement.licence,
            cost=proposal.cost or Decimal(0),
            milliseconds=trace.milliseconds,
            fingerprint=made_by,
            vector=None if made is None else pack(made),
            **_drawn(message, reading, proposal),
        )
    )


def _drawn(message: Message, reading: Reading, proposal: Proposal) -> dict[str, Any]:
    """Whether its grade could certify, and whether it will be asked for: said before anybody has seen it."""
    eligible = policy.is_eligible(
        message, proposed=bool(proposal.text), failed=proposal.failed, caution=reading.caution
    )
    may_be_licensed = reading.intent if reading.intent and eligible and reading.intent.level in policy.ALONE else None
    licence = policy.valid_licence(may_be_licensed) if may_be_licensed else None
    number, asked = draw_for(message, reading.intent, licence, eligible=eligible)
    return {"eligible": eligible, "draw": number, "asked": asked}


@compiled
def _runs(*, message: int) -> "QuerySet[Run]":
    return Run.objects.current().filter(message=message).select_related("sent")


def _receipt(run: Run, reading: Reading, proposal: Proposal, judgement: policy.Judgement) -> dict[str, Any]:
    licence = judgement.licence
    return {
        "run": run.pk,
        "ticket": run.ticket_id,
        "message": run.message_id,
        "at": run.at.isoformat(),
        "read": {"text": reading.text, "language": reading.language, "mood": reading.mood, "caution": reading.caution},
        "intent": {
            "slug": reading.slug,
            "probability": round(reading.probability, 4),
            "scope": round(reading.scope, 4),
            "runners_up": reading.runners_up,
        },
        "evidence": proposal.evidence,
        "rejected": proposal.rejected,
        "reply": proposal.text,
        "grounded": proposal.grounded,
        "checks": proposal.checks,
        "score": {
            "value": round(proposal.score, 4),
            "parts": {name: round(v, 4) for name, v in proposal.parts.items()},
        },
        "judgement": {"outcome": judgement.outcome, "why": judgement.why, "arm": judgement.arm},
        "draw": {"number": run.draw, "asked": run.asked},
        "licence": {
            "id": licence.pk,
            "threshold": licence.threshold,
            "n": licence.n,
            "k": licence.k,
            "bound": licence.bound,
        }
        if licence
        else None,
        "model": proposal.model,
        "tools": proposal.tools,
        "procedure": proposal.procedure,
        "fingerprint": run.fingerprint,
        "cost": float(run.cost),
        "milliseconds": round(run.milliseconds, 2),
    }


def fingerprint(using: Heads, model: Embedder) -> str:
    """Of everything that decides: embedding model, heads, prompts, policy. Grades count only under the same."""
    parts = (model.fingerprint, using.fingerprint, llm.fingerprint(), policy.fingerprint())
    return llm.hash_of("|".join(parts))
