"""A procedure whose tool is gone is found before a customer finds it."""

import pytest

from towerdesk.advice.lint import lint
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.lib.actor import CLOCK

STATUS = """# Say how an order stands
## What we need
- order (text): The number of your order
## Look it up
- Ask: order
- Read: found = shop.get_order(order=order)
- Say: It is {found.status}.
"""


@pytest.fixture
def shop(desk):
    spec = ToolSpec("get_order", "Look up an order", arguments=(Argument("order"),), effect="read")
    yield connect("shop", FakeTool(spec))
    registry.put("fake", None)


def told():
    return [one.finding for one in lint(by=CLOCK) if one.check.name == "procedure-fails"]


def test_a_procedure_that_runs_is_not_told(shop):
    publish(write(None, STATUS, by=CLOCK), desk_tools(), by=CLOCK)
    write(None, STATUS.replace("shop.get_order", "shop.gone").replace("# Say", "# Draft: say"), by=CLOCK)

    assert told() == []


def test_one_whose_tool_is_gone_is(shop):
    publish(write(None, STATUS, by=CLOCK), desk_tools(), by=CLOCK)
    shop.delete()

    [found] = told()
    assert "“Say how an order stands” can't run any more. Line 6: There is no tool “shop.get_order”" in found.what
    assert found.mend.path == "/procedures/say-how-an-order-stands"
