"""Procedures on tickets: begin one, take in what the customer wrote, go on, and hand over."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import OPEN_STATES, ProcedureRun, ProcedureVersion
from towerdesk.assistant.procedures.engine import Stop, begin, go
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.hear import Heard, hear, start_anew
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.letter import kept as kept_letter
from towerdesk.assistant.procedures.letter import letter
from towerdesk.assistant.procedures.model import Procedure
from towerdesk.assistant.procedures.slots_by_model import proposed_slots
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.who import given, verified_address
from towerdesk.assistant.procedures.world import DeskWorld
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import Intent, Message, Ticket

UNKNOWN_SENDER = "Nobody vouches for who wrote this, so nothing of an account is shown or changed"


@dataclass(frozen=True, slots=True)
class Move:
    """What a run does next: `stop`, and the letter for the customer (empty when there is nothing to say)."""

    run: ProcedureRun
    stop: Stop
    letter: str

    @property
    def asks(self) -> bool:
        return self.stop.kind in ("ask", "confirm")

    @property
    def ends(self) -> bool:
        """What comes of it is there to be seen, or to be approved."""
        return self.stop.kind in ("done", "refused", "write", "approve")


def open_run(ticket: int) -> ProcedureRun | None:
    return next(iter(_open(ticket=ticket)), None)


@compiled
def _open(*, ticket: int) -> "QuerySet[ProcedureRun]":
    open_ones = ProcedureRun.objects.filter(ticket=ticket, state__in=OPEN_STATES)
    return open_ones.select_related("version__procedure", "intent")


def has_run(ticket: int) -> bool:
    return bool(_any(ticket=ticket))


@compiled
def _any(*, ticket: int) -> "QuerySet[ProcedureRun, int]":
    return ProcedureRun.objects.filter(ticket=ticket).order_by().values_list("pk", flat=True)[:1]


def start(
    ticket: Ticket,
    version: ProcedureVersion,
    intent: Intent | None,
    *,
    language: str,
    score: float = 0.0,
    began: dict[str, float] | None = None,
    prepared: str = "",
) -> ProcedureRun:
    """Nothing is asked or read yet. Raises `Conflict` when one is under way on this ticket.

    `prepared`: why it is a person's from the start. It is never open, so that a crash leaves nothing that goes on by itself.
    """
    graph = graph_of(version)
    handed = {"state": "handed_over", "stop": {"kind": "hand_over", "why": prepared}, "ended_at": now()}
    try:
        with transaction.atomic():
            return ProcedureRun.objects.create(
                ticket=ticket,
                version=version,
                intent=intent,
                kept=begin(graph, {}).dump(),
                language=language or graph.language,
                score=score,
                began=began or {},
                **(handed if prepared else {}),
            )
    except IntegrityError:
        raise Conflict("Another procedure is under way on this ticket.") from None


def take(run: ProcedureRun, message: Message, *, cause: Event | None = None, by: Actor = THE_ASSISTANT) -> Move:
    """Take in one message and go on. Saying it again with the same message stops at the same place."""
    graph, state = graph_of(run.version), state_of(run)
    address = verified_address(message)
    if needs_account(graph) and not address:
        return stop_with(run, state, Stop("hand_over", why=UNKNOWN_SENDER))
    if run.identity and address != run.identity:
        return stop_with(run, state, Stop("hand_over", why="Somebody else wrote than the one it was begun for"))
    if not run.identity and address:
        run.identity = address
        ProcedureRun.objects.filter(pk=run.pk).update(identity=address)
        state = state_of(run)
    before = run.kept
    text = question_of(message)
    proposed = proposed_slots(graph, state, text, run.ticket)
    heard = hear(graph, state, text, message.pk, run.language, proposed)
    if heard in ("no", "unclear"):
        return _turned_down(run, state, heard)
    keep(run, state, before=before)
    return advance(run, state, by=by, cause=cause)


def prepared_run(ticket: int, why: str) -> ProcedureRun | None:
    """The newest that was only prepared for a person (`start`), as long as nobody has gone on with it."""
    handed = ProcedureRun.objects.filter(ticket=ticket).select_related("version__procedure", "intent").order_by("-id")
    run = handed.first()
    return run if run and run.state == "handed_over" and run.stop.get("why") == why and not run.leave else None


def look_up(run: ProcedureRun, message: Message) -> None:
    """Of a prepared run: take in the message, look up what can be, and stay handed over. Again with the same is the same.

    What a person has filled in stays.
    """
    graph, state = graph_of(run.version), state_of(run)
    address = verified_address(message)
    if (needs_account(graph) and not address) or (run.identity and address != run.identity):
        return
    if address and not run.identity:
        run.identity = address
        ProcedureRun.objects.filter(pk=run.pk).update(identity=address)
        state = state_of(run)
    state.heard = [said for said in state.heard if said["id"] != message.pk]
    state.tries = {}
    start_anew(graph, state)
    text = question_of(message)
    hear(graph, state, text, message.pk, run.language, proposed_slots(graph, state, text))
    world = DeskWorld(run, THE_ASSISTANT, run.language)
    stop = go(graph, state, world)
    world.flush()
    keep(run, state, Stop("hand_over", why=str(run.stop["why"]), missing=stop.missing))


def advance(
    run: ProcedureRun, state: State | None = None, *, by: Actor = THE_ASSISTANT, cause: Event | None = None
) -> Move:
    """On to the next stop, with the leave that the run has by now."""
    graph, state = graph_of(run.version), state or state_of(run)
    world = DeskWorld(run, by, run.language, cause)
    stop = go(graph, state, world)
    world.flush()
    return stop_with(run, state, stop)


def unhear(run: ProcedureRun | None, message: Message) -> ProcedureRun | None:
    """The customer changed the words of their newest message: as if it had not been heard, unless it led to a change."""
    if run is None or not run.before:
        return None
    state = state_of(run)
    if state.writes or not state.heard or state.heard[-1]["id"] != message.pk:
        return None
    before = State.load(run.before, {})
    before.visits = state.visits  # each call keeps a key of its own
    keep(run, before, named="asking")
    return run


def ended_by(message: Message) -> ProcedureRun | None:
    """The run that came to its end with this ticket's newest message: other words may lead elsewhere."""
    ended = ProcedureRun.objects.filter(ticket=message.ticket_id, state__in=("refused", "kept", "handed_over"))
    return ended.select_related("version__procedure", "intent").order_by("-id").first()


def give_leave(run: ProcedureRun, leave: str) -> None:
    """From now on it may write: by a licence, or because a person of ours said so."""
    ProcedureRun.objects.filter(pk=run.pk).update(leave=leave)
    run.leave = leave


def stop_watching(run: ProcedureRun) -> None:
    """It was only thought, not said: nobody will answer it."""
    end(run, "stopped")


def end(run: ProcedureRun, named: str) -> None:
    ProcedureRun.objects.filter(pk=run.pk, state__in=OPEN_STATES).update(
        state=named, revision=F("revision") + 1, ended_at=now(), changed_at=now()
    )


def hand_over(run: ProcedureRun, why: str) -> Move:
    """At whatever step: what is known stays with it."""
    return stop_with(run, state_of(run), Stop("hand_over", why=why, missing=tuple(run.stop.get("missing", ()))))


def state_of(run: ProcedureRun) -> State:
    return State.load(run.kept, given(run.ticket, run.identity))


def stop_with(run: ProcedureRun, state: State, stop: Stop) -> Move:
    keep(run, state, stop)
    said = letter(stop, graph_of(run.version), state, language=run.language, to=run.ticket.requester.first_name)
    return Move(run, stop, said)


def needs_account(graph: Procedure) -> bool:
    """It calls tools, so it shows or changes something that is somebody's."""
    return any(node.do in ("read", "write") for node in graph.nodes)


def _turned_down(run: ProcedureRun, state: State, heard: Heard) -> Move:
    if heard == "no" and not state.writes:
        stop = Stop("done", why="They said no")
        keep(run, state, stop, "kept")
        return Move(run, stop, kept_letter(run.language, run.ticket.requester.first_name))
    why = "They did not plainly say yes or no" if heard == "unclear" else "They said no to the rest of it"
    return stop_with(run, state, Stop("hand_over", why=why))
