"""A person goes by a procedure themselves: what it knows is filled in, and they tick off and fill in what is theirs."""

from collections.abc import Mapping, Sequence

from towerdesk.assistant.models import Procedure, ProcedureRun, ProcedureStep
from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.keep import keep
from towerdesk.assistant.procedures.model import Ask, Node, Task
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.assistant.procedures.runs import Move, advance, end, open_run, start, state_of, take
from towerdesk.assistant.procedures.state import State, candidates
from towerdesk.connectors.contract import Value
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.models import Message, Ticket

NOT_THIS_ANY_MORE = "The procedure does not wait for this any more: look where it stands."


def go_by(ticket: Ticket, procedure: Procedure, *, by: Actor) -> Move:
    """Begin it with what the customer wrote last. Raises `Conflict` when one is under way on this ticket."""
    by.must("ticket.change")
    version = procedure.current
    if version is None or procedure.status != "published":
        raise Conflict(f"“{procedure}” is not published, so nobody goes by it.")
    run = start(ticket, version, None, language=ticket.language)
    record("procedure.begun", by=by, ticket=ticket.pk, subject=run.pk, run=run.pk, title=procedure.title)
    heard = Message.objects.filter(ticket=ticket, direction="in", public=True).order_by("-id").first()
    return take(run, heard, by=by) if heard else advance(run, by=by)


def tick_off(run: ProcedureRun, node: str, filled: Mapping[str, str], *, by: Actor) -> Move:
    """What `node` asks of a person is done; `filled` are what they found out, as they typed it."""
    by.must("ticket.change")
    graph, state = graph_of(run.version), state_of(run)
    here = graph.node(node) if state.at == node and run.stop.get("node") == node else None
    if not isinstance(here, Task | Ask):
        raise Conflict(NOT_THIS_ANY_MORE)
    _fill_in(graph, state, here.slots, filled, by)
    if isinstance(here, Task):
        state.approved[node] = True
    _write_down(run, here, by)
    keep(run, state)
    return advance(run, state, by=by)


def leave_off(ticket: Ticket, *, by: Actor) -> None:
    """From here on without it."""
    by.must("ticket.change")
    run = open_run(ticket.pk)
    if run:
        end(run, "stopped")


def _fill_in(graph: Graph, state: State, slots: Sequence[str], filled: Mapping[str, str], by: Actor) -> None:
    wrong = {}
    for name in slots:
        slot, typed = graph.slot(name), filled.get(name, "").strip()
        if slot is None:
            continue
        if typed:
            content = find(slot, typed, language=graph.language, among=candidates(graph, state, name), alone=True)
            if content is None:
                wrong[name] = "This does not fit what is asked for."
            else:
                state.known.values[name] = Value(content, "agent", str(by.user_id or ""))
        elif not (slot.optional or name in state.known.values):
            wrong[name] = "This is needed."
    if wrong:
        told = "; ".join(f"{name.replace('_', ' ')}: {why}" for name, why in wrong.items())
        raise Invalid(f"Not yet: {told}", wrong)


def _write_down(run: ProcedureRun, node: Node, by: Actor) -> None:
    visit = ProcedureStep.objects.filter(run=run, node=node.id).count()
    ProcedureStep.objects.create(
        run=run,
        node=node.id,
        visit=visit,
        line=node.line,
        does=node.do,
        sentence=f"{by.name} did this",
        by_name=by.name[:200],
        at=now(),
    )
