"""A person goes on with a procedure: begins one, fills in what they know, ticks off what they did, lets it go on."""

from collections.abc import Mapping

from django.db import transaction

from towerdesk.assistant import receipts
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import OPEN_STATES, REPLACED, ProcedureRun, ProcedureStep, ProcedureVersion, Run
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.find import find, fits
from towerdesk.assistant.procedures.follow import SAID, calls_of, with_changes
from towerdesk.assistant.procedures.forecast import forecast
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.hear import hear, look_again
from towerdesk.assistant.procedures.judge import DEEDS
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.model import Ask, Node, Task
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.assistant.procedures.runs import Move, advance, end, open_run, start, state_of
from towerdesk.assistant.procedures.state import State, candidates
from towerdesk.assistant.settle import withdraw_open
from towerdesk.connectors.contract import Value
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save


def begin_by_hand(ticket: Ticket, version: ProcedureVersion, *, by: Actor) -> ProcedureRun:
    """The person vouches for who writes: it acts for the address that this ticket is from."""
    by.must("assistant.grade")
    graph = graph_of(version)
    run = start(ticket, version, ticket.intent, language=ticket.language)
    record("procedure.begun", by=by, ticket=ticket.pk, subject=run.pk, run=run.pk, title=version.procedure.title)
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


def tick_off(run: ProcedureRun, node: str, filled: Mapping[str, str], *, by: Actor) -> Move:
    """What `node` asks of a person is done; `filled` are what they found out, as they typed it."""
    by.must("assistant.grade")
    graph, state = graph_of(run.version), state_of(run)
    here = graph.node(node) if state.at == node and run.stop.get("node") == node else None
    if here is None or here.do not in ("task", "ask"):
        raise Conflict("The procedure does not wait for this any more: look where it stands.")
    _fill_in_all(graph, state, here, filled, by)
    if here.do == "task":
        state.approved[node] = True
    _write_down(run, here, by)
    keep(run, state)
    move = advance(run, state, by=by)
    _suggest(move, by)
    return move


def leave_off(ticket: Ticket, *, by: Actor) -> None:
    """From here on without it."""
    by.must("assistant.grade")
    if run := open_run(ticket.pk):
        end(run, "stopped")


def _fill_in_all(graph: Graph, state: State, node: Node, filled: Mapping[str, str], by: Actor) -> None:
    """Raises `Invalid` that names all that is missing or does not fit; nothing is kept then."""
    wrong = {}
    names = node.slots if isinstance(node, Ask | Task) else ()
    slots = [slot for name in names if (slot := graph.slot(name))]
    for slot in slots:
        typed = filled.get(slot.name, "").strip()
        if not typed:
            continue
        content = find(slot, typed, language=graph.language, among=candidates(graph, state, slot.name), alone=True)
        if content is None:
            wrong[slot.name] = "This does not fit what is asked for."
        else:
            state.known.values[slot.name] = Value(content, "agent", str(by.user_id or ""))
    needed = [slot.name for slot in slots if not slot.optional and slot.name not in state.known.values]
    wrong |= {name: "This is needed." for name in needed if name not in wrong}
    if wrong:
        told = "; ".join(f"{name.replace('_', ' ')}: {why}" for name, why in wrong.items())
        raise Invalid(f"Not yet: {told}", wrong)


def _write_down(run: ProcedureRun, node: Node, by: Actor) -> None:
    visit = ProcedureStep.objects.filter(run=run, node=node.id).count()
    said = f"{by.name} did this"
    ProcedureStep.objects.create(
        run=run, node=node.id, visit=visit, line=node.line, does=node.do, sentence=said, by_name=by.name[:200], at=now()
    )


def _suggest(move: Move, by: Actor) -> None:
    """As the assistant's suggestions are: it waits for the word of whoever works on the ticket."""
    run, stop = move.run, move.stop
    ticket = run.ticket
    message = ticket.messages.filter(direction="in", public=True).order_by("-id").first()
    text = move.letter or (forecast(run) if stop.kind in DEEDS else "")
    if message is None or not text:
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
            outcome="draft",
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
        save(ticket, also=next_step.plan(ticket, next_step.approve(ticket)))


def _why(stop: Stop, by: Actor) -> str:
    return f"{by.name} went on with the procedure: {SAID[stop.kind]}"
