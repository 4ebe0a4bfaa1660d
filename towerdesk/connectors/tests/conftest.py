"""A shop with a few tools, switched on."""

from collections.abc import Iterator

import pytest

from towerdesk.connectors import registry
from towerdesk.connectors.contract import VOUCHED, Argument, Gives, ReadBack, ToolSpec, Undo
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.models import Connection

MARA = "mara@example.com"
ORDERS = {
    "BW-1": {"number": "BW-1", "mail": MARA, "status": "open"},
    "BW-2": {"number": "BW-2", "mail": "jo@example.com"},
}


@pytest.fixture
def find() -> FakeTool:
    spec = ToolSpec(
        "get_order",
        "Look up an order",
        arguments=(Argument("order", title="Order"),),
        effect="read",
        gives=(Gives("number"), Gives("mail"), Gives("status")),
        person="result.mail",
    )
    return FakeTool(spec, lambda given: ORDERS[given["order"]])


@pytest.fixture
def refund() -> FakeTool:
    spec = ToolSpec(
        "refund",
        "Refund an order",
        arguments=(
            Argument("order", sources=VOUCHED),
            Argument("amount", "amount"),
            Argument("person", sources=VOUCHED, required=True),
        ),
        effect="final",
        amount="amount",
        person="person",
    )
    return FakeTool(spec, lambda given: {"refunded": given["amount"]})


@pytest.fixture
def pause() -> FakeTool:
    spec = ToolSpec(
        "pause",
        "Pause the deliveries",
        arguments=(Argument("order"),),
        undo=Undo("resume", {"order": "argument.order"}),
        read_back=ReadBack("get_order", {"order": "argument.order"}, {"status": "=paused"}),
    )
    return FakeTool(spec, lambda given: {"status": "paused"})


@pytest.fixture
def resume() -> FakeTool:
    return FakeTool(ToolSpec("resume", "Resume the deliveries", arguments=(Argument("order"),)))


@pytest.fixture
def shop(desk: object, find: FakeTool, refund: FakeTool, pause: FakeTool, resume: FakeTool) -> Iterator[Connection]:
    yield connect("shop", find, refund, pause, resume)
    registry.put("fake", None)
