"""The shop's policy as procedures: what its customers are expected to get they get, and what it forbids is refused."""

from collections import defaultdict

import pytest

from tests.retail.forbidden import KINDS, forbidden, permitted
from tests.retail.run import carry_out, guards, procedures
from tests.retail.shop import Shop
from tests.retail.tasks import tasks

EACH = 3
"""Of each kind; `python -m tests.performance.policy` takes more."""


def test_the_expected_changes_of_all_114_tasks_bring_the_database_to_the_expected_state():
    reached = []
    for task in tasks():
        shop = Shop()
        for request in task.requests():
            carry_out(request, shop)
        reached.append(shop.state() == task.expected())

    assert len(reached) == 114
    assert all(reached)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_policy_forbids_is_refused_before_anything_is_written(kind):
    cases = list(forbidden(EACH, kind))
    assert len(cases) == EACH
    for case in cases:
        shop = case.shop()
        before = shop.state()
        outcome = carry_out(case.request, shop)

        assert outcome.ended in ("refused", "ask", "hand_over"), outcome
        assert outcome.writes == []
        assert outcome.stopped_at, outcome
        assert shop.state() == before


def test_every_guard_of_the_procedures_is_the_one_that_refuses_something():
    refused = defaultdict(set)
    for case in forbidden(1):
        refused[case.request.procedure].update(carry_out(case.request, case.shop()).stopped_at)

    for key, procedure in procedures().items():
        assert refused[key] == guards(procedure), key


def test_what_the_policy_allows_is_done_as_the_shop_itself_would_do_it():
    for case in permitted(EACH):
        shop, directly = case.shop(), case.shop()
        directly.call(case.tool, **case.arguments)

        assert carry_out(case.request, shop).ended == "done"
        assert shop.state() == directly.state()


def test_nothing_is_written_before_the_customer_says_yes():
    for case in permitted(1):
        shop = case.shop()
        before = shop.state()
        outcome = carry_out(case.request, shop, yes=False)

        assert outcome.ended == ("confirm" if case.tool != "get_order_details" else "done")
        assert (outcome.writes, shop.state()) == ([], before)


def test_whose_account_it_is_cannot_be_said_by_the_customer():
    """Naming somebody else's account makes no difference: no slot is called so, and the server's word counts."""
    [case] = [case for case in permitted(1) if case.tool == "modify_user_address"]
    other = next(user for user in Shop().tables["users"].values() if user["email"] != case.request.email)
    shop = case.shop()
    case.request.slots.update(user_id=other["user_id"], email=other["email"])
    carry_out(case.request, shop)

    assert [key for kind, key in shop.changed()] == [case.arguments["user_id"]]
