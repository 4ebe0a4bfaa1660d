"""Consider one message from a customer: read, retrieve, propose, check, judge; then do what the judgement allows.

All thinking happens before the transaction; all its effects, the run, the receipt and the event are one transaction.
"""

from functools import partial

import structlog
from django.db import IntegrityError
from django.db.models import QuerySet

from towerdesk.accounts.halt import halted
from towerdesk.assistant import llm, policy
from towerdesk.assistant.beside import may_have
from towerdesk.assistant.brain import Heads, heads_reading
from towerdesk.assistant.carry_out import carry_out
from towerdesk.assistant.decision import Decision
from towerdesk.assistant.models import Run
from towerdesk.assistant.procedures import weigh
from towerdesk.assistant.procedures.follow import follow, prepare
from towerdesk.assistant.procedures.named import named_in
from towerdesk.assistant.propose import propose
from towerdesk.assistant.read import read
from towerdesk.assistant.trace import Trace
from towerdesk.assistant.understand import gist
from towerdesk.events.models import Event
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import Message

log = structlog.get_logger()

ONE_RUN = "one_current_run_per_message"
ANSWERED_KINDS = ("", "list", "bulk")
"""Kinds of mail that are considered at all; only a person's mail may be answered without one."""
FOR_PEOPLE = ("handed_over", "draft")
"""Outcomes after which a person works on the ticket."""


def consider(
    message: Message, *, cause: Event | None = None, again: bool = False, by: Embedder | None = None
) -> Run | None:
    """One run per message, however often this is called; `again` replaces one whose answer has not left.

    `message` was read with its ticket a moment ago, which is up to date when this returns.

    Returns None when there is nothing to consider: automatic mail, a closed ticket, or a mere thank-you; and while the
    assistant is stopped.
    """
    ticket = message.ticket
    if message.auto not in ANSWERED_KINDS or message.taken_back_at or not ticket.is_waiting:
        return None
    if may_have(message, "stop") and halted():
        return None
    known = next(iter(_runs(message=message.pk)), None) if may_have(message, "run") else None
    if known and not (again and _came_to_nothing(known)):
        return known
    decision = _decide(message, known, by or embedder(), cause)
    try:
        return carry_out(decision, instead_of=known, cause=cause)
    except Conflict as overtaken:
        ticket.refresh_from_db()  # what had been begun was undone
        log.info("the assistant was overtaken", ticket=ticket.pk, why=str(overtaken))
        return None
    except IntegrityError as twice:
        if ONE_RUN not in str(twice):
            raise
        ticket.refresh_from_db()
        return next(iter(_runs(message=message.pk)), None)  # another job considered it in the same moment


def _came_to_nothing(run: Run) -> bool:
    return run.state != "used" and (run.sent is None or run.sent.delivery == "withdrawn")


def _decide(message: Message, known: Run | None, model: Embedder, cause: Event | None) -> Decision:
    """By a procedure that is under way, or is for this; else by the articles."""
    ticket, trace, using = message.ticket, Trace(), heads_reading(model)
    reading = read(message, using, model, trace)
    decider = partial(fingerprint, using, model)
    if followed := follow(
        ticket, message, reading, trace, using, again=known is not None, decider=decider, cause=cause
    ):
        reading, proposal, judgement, move = followed
        return Decision(ticket, message, reading, proposal, judgement, trace, decider(move.run.version_id), move)
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
        decider=decider(),
    )
    trace.say("Judged", judgement.why or "May answer alone")
    prepared = prepare(ticket, message, reading) if judgement.outcome in FOR_PEOPLE else None
    taken_over = judgement.outcome == "handed_over" and prepared is None
    named = named_in(reading.text, reading.language) if taken_over else []
    return Decision(ticket, message, reading, proposal, judgement, trace, decider(), prepared=prepared, named=named)


@compiled
def _runs(*, message: int) -> "QuerySet[Run]":
    return Run.objects.current().filter(message=message).select_related("sent")


def fingerprint(using: Heads, model: Embedder, procedure: int | None = None) -> str:
    """Of everything that decides: embedding model, how texts are read, heads, prompts, policy; of a procedure also how its
    moves are weighed, and the version (its id).

    Grades count only under the same.
    """
    parts = [model.fingerprint, llm.fingerprint(), policy.fingerprint(), gist.fingerprint()]
    if procedure:
        return llm.hash_of("|".join([*parts, using.deeds_fingerprint, weigh.fingerprint(), f"procedure {procedure}"]))
    return llm.hash_of("|".join([*parts, using.fingerprint]))
