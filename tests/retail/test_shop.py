"""The shop itself, and its tools behind the contract: what they read, refuse, would change and change."""

import json

import pytest

from tests.data import data
from tests.retail.connector import SPECS, RetailConnector
from tests.retail.forbidden import KINDS, forbidden, permitted
from tests.retail.shop import TOOLS, WRITES, Shop, ShopError
from tests.retail.tasks import tasks
from towerdesk.connectors.contract import Account, NotDone

ADDRESS = {"address1": "1 Quay", "city": "Denver", "state": "CO", "country": "USA", "zip": "80279"}


def tool(shop, name):
    return next(one for one in RetailConnector(shop).tools(Account()) if one.spec.name == name)


def test_the_sixteen_tools_take_what_their_descriptions_say():
    described = json.loads((data("policy-tau2-retail") / "tools.json").read_text())

    assert {spec.name for spec in SPECS} == set(TOOLS) == {one["name"] for one in described}
    for one in described:
        [spec] = [spec for spec in SPECS if spec.name == one["name"]]
        assert [argument.name for argument in spec.arguments] == list(one["arguments"])
        assert (spec.effect != "read") == (one["kind"] == "write") == (spec.name in WRITES)


def test_every_writing_tool_shows_what_it_would_change_and_then_changes_just_that():
    for case in permitted(each=2):
        if case.tool not in WRITES:
            continue
        shop = case.shop()
        before = shop.state()
        shown = tool(shop, case.tool).preview(case.arguments)
        assert shown.changes
        assert shop.state() == before

        tool(shop, case.tool).execute(case.arguments, key="1")
        assert shop.state() != before


def test_a_preview_reads_like_a_diff():
    shop = Shop()
    order = next(order for order in shop.tables["orders"].values() if order["status"] == "pending")
    change = tool(shop, "modify_pending_order_address").preview({"order_id": order["order_id"], **ADDRESS})

    shown = {line.what: (line.was, line.now) for line in change.changes}
    assert shown["address address1"] == (order["address"]["address1"], "1 Quay")
    assert "status" not in shown


def test_the_same_key_is_done_once():
    [case, *_] = permitted(each=1)
    shop = case.shop()
    cancel = tool(shop, case.tool)
    first = cancel.execute(case.arguments, key="1")

    assert cancel.execute(case.arguments, key="1") == first == cancel.look_up("1")
    assert cancel.look_up("2") is None
    with pytest.raises(NotDone, match="Non-pending order"):
        cancel.execute(case.arguments, key="2")


def test_what_happens_in_one_shop_happens_in_no_other():
    [case, *_] = permitted(each=1)
    one, other = case.shop(), case.shop()
    one.call(case.tool, **case.arguments)

    assert one.state() != other.state() == Shop().state()


def test_the_shop_refuses_an_expression_that_is_none():
    assert Shop().call("calculate", expression="(54.04 + 41.50) * 2 - 10 / 4") == "188.58"
    for wrong in ("__import__('os')", "1 if 1 else 2", "2 ** 9", "1 / 0", "x"):
        with pytest.raises(ShopError):
            Shop().call("calculate", expression=wrong)


def test_a_request_that_is_spoilt_differs_from_one_that_is_not():
    """So that a refusal says something: nothing that is forbidden is also among what is permitted."""
    spoilt, fine = list(forbidden(each=3)), list(permitted(each=3))

    assert {case.why for case in spoilt} == set(KINDS)
    requests = [(case.request, case.before) for case in fine]
    assert not [case for case in spoilt if (case.request, case.before) in requests]


def test_some_tasks_expect_that_nothing_changes():
    nothing = Shop().state()

    assert len(tasks()) == 114
    assert sum(task.expected() == nothing for task in tasks()) == 11
