"""A person goes on with a procedure: begins one, fills in what they know, ticks off what they did, lets it go on."""

from django.db import transaction

from towerdesk.assistant import receipts
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import OPEN_STATES, REPLACED, ProcedureRun, ProcedureVersion, Run
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.find import find, fits
from towerdesk.assistant.procedures.follow import SAID, calls_of, with_changes
from towerdesk.assistant.procedures.forecast import forecast
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.hear import hear, look_again
from towerdesk.assistant.procedures.judge import DEEDS
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.runs import Move, advance, start, state_of
from towerdesk.assistant.procedures.state import candidates
from towerdesk.assistant.settle import withdraw_open
from towerdesk.connectors.contract import Value
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save


def begin_by_hand(ticket: Ticket, version: ProcedureVersion, *, by: Actor) -> ProcedureRun:
    """The person vouches for who writes: it acts for the address that this ticket is from."""
    by.must("assistant.grade")
    graph = graph_of(version)
    run = start(ticket, version, ticket.intent, language=ticket.language)
    address = ticket.requester.identities.filter(kind="email").order_by("-verified", "id").first()
    ProcedureRun.objects.filter(pk=run.pk).update(identity=address.value if address else "")
    run.refresh_from_db()
    state = state_of(run)
    for message in ticket.messages.filter(direction="in", public=True, taken_back_at=None).order_by("id"):
        hear(graph, state, question_of(message), message.pk, run.language)
    keep(run, state)
    _suggest(advance(run, state, by=by), by)
    return run


def fill_in(run: ProcedureRun, name: str, said: str, *, by: Actor) -> None:
    """What a person knows. An empty text makes it unknown again. Raises `Invalid` for what does not fit."""
    by.must("assistant.grade")
    graph, state = graph_of(run.version), state_of(run)
    slot = graph.slot(name)
    if slot is None:
        raise Invalid("The procedure needs no such thing.")
    if state.writes:
        raise Conflict("Some of it is done already, so what it rests on can't be changed any more.")
    state.known.values.pop(name, None)
    if said.strip():
        content = find(slot, said, language=run.language, among=candidates(graph, state, name), alone=True)
        if content is None or (not slot.among and not slot.many and not fits(slot, content)):
            raise Invalid(
                f"“{said.strip()[:60]}” does not fit: {next(iter(slot.question.values()))}", {name: "It does not fit."}
            )
        source = state.known.worked_out(slot.among) if slot.among else Value(content, "agent", str(by.user_id))
        state.known.values[name] = Value(content, source.source, source.said)
    keep(run, state)


def go_on(run: ProcedureRun, *, by: Actor) -> Move:
    """On from where it stands, in this person's name: what it would say or do next becomes a suggestion to them."""
    by.must("assistant.grade")
    if run.state in ("done", "kept", "refused", "acting"):
        raise Conflict(f"There is nothing to go on with: {run.get_state_display().lower()}.")
    graph, state = graph_of(run.version), state_of(run)
    if run.state == "person":
        state.approved[state.at] = True
    elif not state.writes:
        state.tries = {}
        look_again(graph, state)
    if run.state not in OPEN_STATES and ProcedureRun.objects.open().filter(ticket=run.ticket_id).exists():
        raise Conflict("Another procedure is under way on this ticket.")
    keep(run, state, named="person")
    move = advance(run, state, by=by)
    _suggest(move, by)
    return move


def _suggest(move: Move, by: Actor) -> None:
    """As the assistant's suggestions are: it waits for the word of whoever works on the ticket."""
    run, stop = move.run, move.stop
    ticket = run.ticket
    message = ticket.messages.filter(direction="in", public=True).order_by("-id").first()
    text = move.letter or (forecast(run) if stop.kind in DEEDS else "")
    if message is None:
        return
    if stop.kind in DEEDS:
        with_changes(run, by)
    with transaction.atomic():
        ticket.hold()
        withdraw_open(ticket, f"{by.name} went on with the procedure")
        Run.objects.current().filter(message=message).update(state=REPLACED)
        made = Run.objects.create(
            ticket=ticket,
            message=message,
            kind="action",
            state="open" if text else "done",
            outcome="draft" if text else "handed_over",
            intent=run.intent,
            score=run.score,
            reply=text,
            why=_why(stop, by),
            steps=[{"name": "Followed a procedure", "sentence": f"{run}: {SAID[stop.kind]}", "milliseconds": 0}],
            procedure_run=run,
            asks=move.asks,
        )
        body = {"run": made.pk, "ticket": ticket.pk, "message": message.pk, "reply": text, "tools": calls_of(run)}
        receipts.seal(made, body | {"procedure": {"run": run.pk, "stop": run.stop}, "by": by.name})
        if text:
            save(ticket, also=next_step.plan(ticket, next_step.approve(ticket)))


def _why(stop: Stop, by: Actor) -> str:
    return f"{by.name} went on with the procedure: {SAID[stop.kind]}"
