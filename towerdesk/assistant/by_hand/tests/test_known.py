"""What is filled in: what was looked up names a thing, what was written is a wish, and of two that may be meant neither."""

import pytest

from towerdesk.assistant.by_hand.known import lore_of
from towerdesk.connectors import registry
from towerdesk.connectors.contract import VOUCHED, Argument, ToolSpec, Value
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.use import use
from towerdesk.testing import cast

MARA = "mara@lindqvist.example"
ORDERS = [{"order": "BW-1", "street": "Mill Lane 1"}, {"order": "BW-2", "street": "Mill Lane 1"}]
LOOK = ToolSpec("look", "Look up the orders", arguments=(Argument("mail", sources=VOUCHED),), effect="read")
SEND = ToolSpec(
    "send",
    "Send it elsewhere",
    arguments=(
        Argument("order", pattern=r"BW-\d", sources=VOUCHED),
        Argument("street"),
        Argument("fee", "amount"),
        Argument("note", required=False, choices=("quick", "slow")),
    ),
    amount="fee",
)


@pytest.fixture
def send(desk):
    connect("shop", FakeTool(LOOK, lambda given: {"orders": ORDERS}), FakeTool(SEND))
    yield registry.tool("shop.send")
    registry.put("fake", None)


def asked(desk, text: str):
    ticket = cast.opened(desk, cast.mara(), "Moved", text)
    ticket.messages.update(trust={"verified": True}, sender=MARA)
    ticket.requester.identities.update(verified=True)
    return ticket


def filled(ticket, wired, by):
    fields = lore_of(ticket, by=by).fields(wired)
    return {one.argument.name: one.best and (one.best.value.content, one.best.value.source) for one in fields}


def test_of_several_that_were_looked_up_the_one_that_was_written_of(send, desk, ben):
    ticket = asked(desk, "Send BW-2 to Lindenstraße 12, 20095 Hamburg, quick, I pay € 5.00.")
    assert filled(ticket, send, ben) == dict.fromkeys(("order", "fee", "note")) | {
        "street": ("Lindenstraße 12", "customer")
    }

    given = {"mail": Value(MARA, "requester")}
    call = use("shop.look", given, key="k", by=ben, ticket=ticket.pk, person=MARA)

    assert filled(ticket, send, ben) == {
        "order": ("BW-2", "tool"),
        "street": ("Lindenstraße 12", "customer"),
        "fee": None,
        "note": None,
    }
    [order] = [one for one in lore_of(ticket, by=ben).fields(send) if one.argument.name == "order"]
    assert {known.value.said for known in order.known} == {str(call.pk)}


def test_of_two_that_may_be_meant_neither(send, desk, ben):
    ticket = asked(desk, "Send BW-2 or BW-1 elsewhere.")
    use("shop.look", {"mail": Value(MARA, "requester")}, key="k", by=ben, ticket=ticket.pk, person=MARA)

    assert filled(ticket, send, ben) == dict.fromkeys(("order", "street", "fee", "note"))


def test_what_was_looked_up_for_somebody_else_is_not_known(send, desk, ben):
    ticket = asked(desk, "Send BW-2 elsewhere.")
    given = {"mail": Value("jonas@weber.example", "agent")}
    use("shop.look", given, key="k", by=ben, ticket=ticket.pk, person="jonas@weber.example")

    assert filled(ticket, send, ben)["order"] is None
