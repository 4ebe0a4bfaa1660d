"""Procedures go out with the set-up and come back as they ran."""

import pytest

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish, retire
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.setup.bring_in import bring_in
from towerdesk.setup.export import export_text
from towerdesk.setup.tree import read_text

STATUS = """# Say how an order stands

## What we need

- order (text): The number of your order

## Look it up

- Ask: order
- Read: found = shop.get_order(order=order)
- Say: It is {found.status}.
"""
TESTS = """- test: It is found
  says: ["Where is it?", BW-7]
  tools: {shop.get_order: {status: packed}}
  expect: {ends: done}
"""
BY_HAND = "# Refund by hand\n\n## Pull up the account\n\n- Do: Pull up the account\n"


@pytest.fixture
def shop(desk):
    spec = ToolSpec("get_order", "Look up an order", arguments=(Argument("order"),), effect="read")
    yield connect("shop", FakeTool(spec))
    registry.put("fake", None)


@pytest.fixture
def written(shop):
    """One that runs with a newer draft, one that is retired, one that was never published."""
    status = write(None, STATUS, TESTS, by=CLOCK)
    publish(status, desk_tools(), by=CLOCK)
    write(status, STATUS + "- Done\n", TESTS, by=CLOCK)
    retire(write(None, BY_HAND, by=CLOCK), by=CLOCK)
    write(None, BY_HAND.replace("Refund", "Cancel"), by=CLOCK)
    return export_text(by=CLOCK)


def test_they_come_back_as_they_ran(written):
    Procedure.objects.all().delete()
    bring_in(read_text(written), by=CLOCK)

    assert export_text(by=CLOCK) == written
    status = Procedure.objects.get(key="say-how-an-order-stands")
    assert (status.status, status.current.text, status.current.tests) == ("published", STATUS, TESTS)


def test_a_second_import_makes_no_version(written):
    before = Procedure.objects.get(key="say-how-an-order-stands").versions.count()
    assert bring_in(read_text(written), by=CLOCK).differences == []

    assert Procedure.objects.get(key="say-how-an-order-stands").versions.count() == before


def test_one_that_is_not_in_the_file_retires_when_asked(written):
    bring_in(read_text("procedures: []\n"), by=CLOCK, prune=True)

    assert set(Procedure.objects.values_list("key", "status")) == {
        ("say-how-an-order-stands", "retired"),
        ("refund-by-hand", "retired"),
        ("cancel-by-hand", "draft"),
    }


def test_one_whose_tools_are_not_connected_is_refused_with_its_place(written, shop):
    Procedure.objects.all().delete()
    shop.delete()
    tree = read_text(written)
    del tree["connections"]

    with pytest.raises(Invalid, match=r"say-how-an-order-stands.*There is no tool “shop.get_order”"):
        bring_in(tree, by=CLOCK)


def test_a_text_that_says_another_key_is_refused(desk):
    with pytest.raises(Invalid, match="its text calls it “refund-by-hand”"):
        bring_in(read_text(f"procedures:\n- key: other\n  text: {BY_HAND!r}\n".replace("'", '"')), by=CLOCK)
