"""How much and how often a tool may be used."""

from datetime import timedelta

import pytest

from towerdesk.connectors.contract import FateUnknown, NotDone, Value
from towerdesk.connectors.models import ToolSetting
from towerdesk.connectors.set_up import set_tool
from towerdesk.connectors.tests.test_use import refund_it
from towerdesk.connectors.use import use
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Refused


@pytest.mark.parametrize(
    ("setting", "ok", "over"),
    [
        ({"most_amount": "12.50"}, ["12.50"], "12.51"),
        ({"most_amount_a_day": "20.00"}, ["10.00", "10.00"], "0.01"),
        ({"most_amount_a_day_each": "20.00"}, ["19.99"], "0.02"),
        ({"most_a_day": 2}, ["1.00", "1.00"], "1.00"),
        ({"most_a_day_each": 1}, ["1.00"], "1.00"),
    ],
)
def test_limits_hold_at_their_edges(shop, refund, setting, ok, over):
    set_tool("shop.refund", **setting, by=CLOCK)
    for number, amount in enumerate(ok):
        assert refund_it(amount, f"ok-{number}").state == "done"

    with pytest.raises(Refused):
        refund_it(over, "over")
    assert len(refund.calls) == len(ok)
    if "most_amount" not in setting:
        with clock.at(clock.now() + timedelta(hours=24)):
            assert refund_it(ok[0], "next day").state == "done"


def test_what_failed_counts_for_nothing_and_what_nobody_knows_counts(shop, refund):
    set_tool("shop.refund", most_a_day=1, by=CLOCK)
    refund.goes_wrong = [NotDone("The shop is closed.")]
    assert refund_it(key="failed").state == "failed"

    refund.says_nothing, refund.goes_wrong = True, [FateUnknown("The line broke.")]
    assert refund_it(key="unknown").state == "unknown"
    with pytest.raises(Refused):
        refund_it(key="third")


def test_above_an_amount_a_person_approves_whatever_the_licence_says(shop, refund):
    ToolSetting.objects.filter(tool="refund").update(approval="unlicensed", approve_above="60.00")

    assert refund_it("60.00", "at", warrant="licence:1").state == "done"
    assert refund_it("60.01", "above", warrant="licence:1").state == "planned"


def test_with_a_limit_in_money_the_amount_must_be_said(shop, refund):
    set_tool("shop.pause", most_amount=5, by=CLOCK)
    with pytest.raises(Refused, match="amount must be said"):
        use("shop.pause", {"order": Value("BW-1", "procedure")}, key="p", by=CLOCK, ticket=7)


def test_all_whom_nobody_knows_are_one_person(shop):
    set_tool("shop.pause", most_a_day_each=1, by=CLOCK)
    given = {"order": Value("BW-1", "procedure")}
    assert use("shop.pause", given, key="first", by=CLOCK, ticket=7).state == "done"

    with pytest.raises(Refused, match="for one person"):
        use("shop.pause", given, key="second", by=CLOCK, ticket=8)
