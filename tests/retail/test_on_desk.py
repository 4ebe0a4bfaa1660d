"""The same requests on a real desk: through the connectors' journal, for the person that the server knows.

`TOWERDESK_TASKS=all` takes all 114 tasks instead of some for each tool.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.retail.connector import SPECS, RetailConnector
from tests.retail.forbidden import forbidden
from tests.retail.run import FOLDER, NAME
from tests.retail.shop import WRITES, Shop
from tests.retail.tasks import tasks
from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.engine import go
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.runs import start, state_of
from towerdesk.assistant.procedures.world import DeskWorld
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Value
from towerdesk.connectors.models import Call, Connection, ToolSetting
from towerdesk.lib.actor import CLOCK
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.models import Message


def some_tasks():
    """Each tool at least once, in as few tasks as that takes; or all."""
    if os.environ.get("TOWERDESK_TASKS") == "all":
        return tasks()
    chosen, left = [], set(WRITES)
    while left:
        best = max(tasks(), key=lambda task: len(left & {name for name, _ in task.actions}))
        chosen.append(best)
        left -= {name for name, _ in best.actions}
    return chosen


@pytest.fixture
def retail(desk):
    """The shop's tools are switched on, its procedures published."""
    connection = Connection.objects.create(slug=NAME, name="Shop", kind=NAME)
    ToolSetting.objects.bulk_create(
        ToolSetting(connection=connection, tool=spec.name, enabled=True, approval="never") for spec in SPECS
    )
    registry.put(NAME, RetailConnector(Shop()))
    for file in sorted(Path(FOLDER).glob("*.md")):
        publish(write(None, file.read_text(), by=CLOCK), desk_tools(), by=CLOCK)
    yield connection
    registry.put(NAME, None)


def asked_on(desk, request, by, shop):
    """Begun on a ticket of theirs, with what they mean, and yes to whatever is asked."""
    registry.put(NAME, RetailConnector(shop))
    ticket = cast.opened(desk, person_for(request.email))
    message = Message.objects.filter(ticket=ticket).latest("id")
    run = start(ticket, Procedure.objects.get(key=request.procedure).current, None, language="en")
    run.identity, run.leave = request.email, f"agent:{by.id}"
    run.save()
    graph, state, world = graph_of(run.version), state_of(run), DeskWorld(run, by)
    for name, content in request.slots.items():
        state.known.values[name] = Value(content, "customer", str(message.pk))
    stop = go(graph, state, world)
    while stop.kind == "confirm":
        state.confirmed[stop.node] = state.asked
        stop = go(graph, state, world)
    return stop, ticket


@pytest.mark.parametrize("task", some_tasks(), ids=lambda task: f"task-{task.id}")
def test_the_expected_state_is_reached_through_the_journal(task, desk, retail, ana):
    shop = Shop()
    ends = Counter(asked_on(desk, request, ana, shop)[0].kind for request in task.requests())

    assert shop.state() == task.expected(), ends
    journal = Call.objects.filter(tool__in=[f"{NAME}.{name}" for name in WRITES])
    assert [call.tool.split(".")[1] for call in journal.order_by("id")] == [
        name for name, _ in shop.calls if name in WRITES
    ]
    assert {(call.state, call.checked) for call in journal} <= {("done", "yes")}


def test_what_is_forbidden_leaves_no_call_that_changes_anything(desk, retail, ana):
    seen = set()
    for case in forbidden(1):
        if case.request.procedure in seen:
            continue
        seen.add(case.request.procedure)
        shop = case.shop()
        before = shop.state()
        stop, ticket = asked_on(desk, case.request, ana, shop)

        assert stop.kind in ("refused", "ask", "hand_over")
        assert not Call.objects.of(ticket.pk).changing().exists()
        assert shop.state() == before
    assert len(seen) == 8
