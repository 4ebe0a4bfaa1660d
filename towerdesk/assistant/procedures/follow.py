"""Let a procedure answer a message: the one that is under way, or the one that is for this."""

import contextlib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.beside import may_have
from towerdesk.assistant.brain import Heads
from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.policy import Judgement
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.fill import says_all
from towerdesk.assistant.procedures.forecast import forecast, foresee
from towerdesk.assistant.procedures.graphs import graph_of, published_for
from towerdesk.assistant.procedures.judge import DEEDS, judge_move
from towerdesk.assistant.procedures.runs import (
    Move,
    advance,
    ended_by,
    give_leave,
    hand_over,
    has_run,
    look_up,
    needs_account,
    open_run,
    prepared_run,
    start,
    state_of,
    stop_watching,
    take,
    unhear,
)
from towerdesk.assistant.procedures.values import dump
from towerdesk.assistant.procedures.weigh import Weighed, began_with, weigh
from towerdesk.assistant.procedures.who import verified_address
from towerdesk.assistant.propose.proposal import Proposal
from towerdesk.assistant.read import GOES_ON, Reading, intent_of
from towerdesk.assistant.trace import Trace
from towerdesk.connectors.models import Call
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.models import Message, Ticket

type Followed = tuple[Reading, Proposal, Judgement, Move]
type Decider = Callable[[int], str]
"""What decides, as a hash, when the procedure version with this id is followed."""

NOT_SURE = "It is not sure that this is what they want"
SURE_ENOUGH = 0.6
"""Intent probability from which its procedure is begun."""


def follow(
    ticket: Ticket,
    message: Message,
    reading: Reading,
    trace: Trace,
    using: Heads,
    *,
    again: bool,
    decider: Decider,
    cause: Event | None,
) -> Followed | None:
    """None when no procedure is under way and none is for this: then the articles have their turn.

    Where a licence lets it act, it has acted when this returns; all else is a proposal.
    """
    move = move_for(ticket, message, reading, again=again, cause=cause)
    if move is None:
        return None
    weighed = weigh(move, reading, using)
    trace.say("Weighed", weighed.words)
    move, judgement = act_on(ticket, message, move, score=weighed.score, decider=decider, cause=cause)
    proposal = proposal_of(move, weighed, trace)
    trace.say("Judged", judgement.why or "May go on alone")
    if judgement.outcome in ("shadow", "silent"):
        stop_watching(move.run)
    return read_by(reading, move.run), proposal, judgement, move


def move_for(ticket: Ticket, message: Message, reading: Reading, *, again: bool, cause: Event | None) -> Move | None:
    """What the procedure does next; None when none is under way and none is for this."""
    run = open_run(ticket.pk) if may_have(message, "procedures") else None
    if again:
        run = unhear(run or ended_by(message), message) or run
    run = run or _begun(ticket, message, reading)
    if run is None:
        return None
    if reading.caution and reading.caution != GOES_ON:
        return hand_over(run, reading.caution)
    try:
        return take(run, message, cause=cause)
    except Trouble as trouble:
        return hand_over(run, str(trouble))


def _begun(ticket: Ticket, message: Message, reading: Reading) -> ProcedureRun | None:
    """Only at the beginning of a conversation: later on a person decides what is wanted."""
    intent = reading.intent
    if intent is None or intent.level == "off" or reading.probability < SURE_ENOUGH or reading.caution == GOES_ON:
        return None
    version = published_for(intent.slug)
    if version is None or has_run(ticket.pk):
        return None
    graph = graph_of(version)
    if not says_all(graph, reading.text, reading.language):
        return None
    if needs_account(graph) and not verified_address(message):
        return None  # nobody vouches for them: the articles may answer, a person may help
    began = began_with(reading)
    return start(ticket, version, intent, language=reading.language, score=reading.probability, began=began)


def prepare(ticket: Ticket, message: Message, reading: Reading) -> ProcedureRun | None:
    """For whoever takes over: the procedure that may be meant, with what was said filled in and looked up.

    Nothing of it is said to the customer, and nothing is changed: a person goes on with it, or does not. What was
    prepared before is prepared again with what was written since, also where a crash had left it half done.
    """
    if reading.caution == GOES_ON:
        return None
    before = may_have(message, "procedures") and has_run(ticket.pk)
    run = prepared_run(ticket.pk, NOT_SURE) if before else _may_be_meant(ticket, message, reading)
    if run is not None:
        with contextlib.suppress(Trouble):
            look_up(run, message)
    return run


def _may_be_meant(ticket: Ticket, message: Message, reading: Reading) -> ProcedureRun | None:
    """By the likeliest intent that a procedure is for; where one is plainly meant, by no other."""
    sure = reading.intent is not None and reading.probability >= SURE_ENOUGH
    for slug in [reading.slug] if sure else reading.likely:
        intent = intent_of(slug)
        version = published_for(intent.slug) if intent and intent.level != "off" else None
        if version and (verified_address(message) or not needs_account(graph_of(version))):
            score = reading.probability if slug == reading.slug else 0.0
            return start(ticket, version, intent, language=reading.language, score=score, prepared=NOT_SURE)
    return None


def act_on(
    ticket: Ticket, message: Message, move: Move, *, score: float, decider: Decider, cause: Event | None
) -> tuple[Move, Judgement]:
    """Judge the move; where a licence lets it act, it acts here and now, and the move is what comes after that."""
    judgement = judge_move(ticket, message, move, score=score, decider=decider(move.run.version_id))
    if move.stop.kind not in DEEDS or judgement.outcome != "sent" or judgement.licence is None:
        return move, judgement
    give_leave(move.run, f"licence:{judgement.licence.pk}")
    after = advance(move.run, cause=cause)
    if after.letter:
        return after, judgement
    return after, Judgement("handed_over", after.stop.why or "It came to no end")


def read_by(reading: Reading, run: ProcedureRun) -> Reading:
    """A mere yes has no intent of its own: it is about what the procedure is about."""
    return replace(reading, intent=run.intent, probability=run.score or reading.probability, caution="")


def proposal_of(move: Move, weighed: Weighed, trace: Trace) -> Proposal:
    """As a suggestion with its checks. Of a deed: what would be done, and what would be said then.

    `weighed` as it was judged: before a deed that a licence let it do.
    """
    run, stop = move.run, move.stop
    if stop.kind in DEEDS:
        with_changes(run)
    text = move.letter or (forecast(run) if stop.kind in DEEDS else "")
    trace.say("Followed a procedure", f"{run.version.procedure}: {SAID[stop.kind]}{_short(stop)}")
    checks = [
        {"name": "The procedure's graph", "ok": True, "score": 1.0, "sentence": f"{run.version}: {SAID[stop.kind]}"}
    ]
    state, graph = state_of(run), graph_of(run.version)
    slots = {
        name: value | {"sure": weighed.sure.get(name)}
        for name, value in dump(state.known.values).items()
        if graph.slot(name)
    }
    return Proposal(
        text=text,
        checks=checks,
        parts=weighed.parts,
        score=weighed.score,
        tools=calls_of(run),
        procedure={
            "run": run.pk,
            "key": graph.key,
            "version": run.version.number,
            "stop": run.stop,
            "slots": slots,
            "leave": run.leave,
        },
    )


def with_changes(run: ProcedureRun, by: Actor = THE_ASSISTANT) -> None:
    """Beside what it is ready to do, what that would change: looked up once, for whoever approves it."""
    foreseen = [
        {
            "tool": one.tool,
            "sentence": one.preview.sentence if one.preview else one.tool,
            "changes": [asdict(change) for change in one.preview.changes] if one.preview else [],
            "trouble": one.trouble,
        }
        for one in foresee(run, by=by)
    ]
    run.stop = {**run.stop, "changes": foreseen}
    ProcedureRun.objects.filter(pk=run.pk).update(stop=run.stop)


def calls_of(run: ProcedureRun) -> list[dict[str, Any]]:
    calls = Call.objects.filter(key__startswith=f"procedure:{run.pk}:").order_by("id")
    return [
        {"call": call.pk, "tool": call.tool, "arguments": call.arguments, "sources": call.sources, "state": call.state}
        for call in calls
    ]


SAID = {
    "ask": "it asks for what is missing", "confirm": "it asks for a yes", "write": "it is ready to act",
    "approve": "a person agrees first",
    "refused": "the rules do not allow it", "done": "it is done", "hand_over": "a person takes over", "task": "a person's turn",
    "later": "it waits for another system",
}  # fmt: skip


def _short(stop: Stop) -> str:
    return f" ({', '.join(stop.missing)})" if stop.missing else ""
