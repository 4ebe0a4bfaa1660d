"""One key is one call, whatever happens on the way."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.accounts.models import Halt
from towerdesk.connectors.contract import FateUnknown, NotDone, Value
from towerdesk.connectors.decide import approve, decline, expire
from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.connectors.recover import recover
from towerdesk.connectors.settle import settle
from towerdesk.connectors.tests.conftest import MARA
from towerdesk.connectors.undo import undo
from towerdesk.connectors.use import preview_use, use
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict, Invalid, Refused

TICKET = 7


def look_up(order="BW-1", key="look", by=THE_ASSISTANT, **more):
    given = {"order": Value(order, "customer", "message 1")}
    return use("shop.get_order", given, key=key, by=by, ticket=TICKET, person=MARA, **more)


def refund_it(amount="12.50", key="refund", by=THE_ASSISTANT, read=None, **more):
    read = read or look_up()
    given = {
        "order": Value("BW-1", "tool", str(read.pk)),
        "amount": Value(amount, "procedure"),
        "person": Value(MARA, "requester"),
    }
    return use("shop.refund", given, key=key, by=by, ticket=TICKET, person=MARA, **more)


def told(kind):
    return Event.objects.filter(kind=kind, ticket_id=TICKET).count()


def test_a_refund_is_made_once_however_often_it_is_asked_for(shop, refund):
    first, second = refund_it(), refund_it()

    assert first == second
    assert (first.state, first.content, len(refund.calls)) == ("done", {"refunded": "12.50"}, 1)
    assert told("tool.done") == 1


def test_while_the_assistant_is_stopped_it_calls_nobody(shop, find, ana):
    Halt.objects.create(by_name="Ana")

    with pytest.raises(Refused, match="is stopped"):
        look_up()
    assert look_up(by=ana).state == "done"
    assert len(find.calls) == 1


def test_a_key_stands_for_one_call(shop):
    refund_it("12.50")

    with pytest.raises(Conflict):
        refund_it("13.50")


def test_what_surely_did_not_happen_may_be_tried_with_the_same_key(shop, refund):
    refund.goes_wrong = [NotDone("The shop is closed for the night.", later=True)]

    assert [refund_it().state, refund_it().state] == ["failed", "done"]
    assert len(refund.calls) == 1


def test_what_the_shop_refuses_is_not_tried_again(shop, refund):
    refund.goes_wrong = [NotDone("It was refunded already.")]

    assert [refund_it().note, refund_it().note] == ["It was refunded already."] * 2
    assert not refund.calls


def test_a_line_cut_after_the_effect_is_found_out_at_once(shop, refund):
    refund.before, refund.goes_wrong = False, [FateUnknown("The line broke.")]

    assert refund_it().state == "done"
    assert len(refund.calls) == 1


def test_a_line_cut_before_the_effect_is_found_out_by_the_clock(shop, refund):
    refund.goes_wrong = [FateUnknown("The line broke.")]
    call = refund_it()
    assert (call.state, recover()) == ("claimed", 0)

    with clock.at(clock.now() + timedelta(minutes=3)):
        recover()
        call.refresh_from_db()
        assert (call.state, call.again, call.note) == ("failed", True, "It did not arrive there.")
        assert refund_it().state == "done"
    assert len(refund.calls) == 1


def test_where_the_system_can_not_say_a_person_does(shop, refund, ana):
    refund.says_nothing, refund.goes_wrong = True, [FateUnknown("The line broke.")]
    call = refund_it()
    assert (call.state, told("tool.unknown")) == ("unknown", 1)
    assert refund_it() == call

    settled = settle(call, True, by=ana)

    assert (settled.state, settled.note) == ("done", "Ana Reyes found that it happened.")
    with pytest.raises(Conflict):
        settle(call, False, by=ana)


def test_what_a_person_says_did_not_happen_may_be_tried_again(shop, refund, ana):
    refund.says_nothing, refund.goes_wrong = True, [ValueError("a fault of ours")]
    settle(refund_it(), False, by=ana)

    assert refund_it().state == "done"
    assert len(refund.calls) == 1


def test_without_a_licence_the_assistant_waits_for_a_person(shop, refund, ana):
    ToolSetting.objects.update(approval="unlicensed")
    call = refund_it()
    assert (call.state, told("tool.planned"), refund.calls) == ("planned", 1, [])
    assert refund_it(key="other", warrant="licence:3").state == "done"

    approved = approve(call, by=ana)

    assert (approved.state, len(refund.calls), told("tool.approved")) == ("done", 2, 1)
    with pytest.raises(Conflict):
        approve(call, by=ana)


def test_what_was_approved_stays_so_when_the_shop_was_away(shop, refund, ana):
    ToolSetting.objects.update(approval="automatic")
    refund.goes_wrong = [NotDone("The shop is closed for the night.", later=True)]
    assert approve(refund_it(), by=ana).state == "failed"

    assert refund_it().state == "done"


def test_nobody_vouches_for_an_approval_that_nobody_gave(shop):
    ToolSetting.objects.update(approval="always")

    assert refund_it(warrant="approved:Ana Reyes").state == "planned"


def test_nobody_approves_what_they_asked_for_where_two_must_agree(shop, ana, ben):
    ToolSetting.objects.update(approval="always")
    call = refund_it(by=ana)

    for nobody in (ana, THE_ASSISTANT):
        with pytest.raises(Refused):
            approve(call, by=nobody)
    assert approve(call, by=ben).state == "done"


def test_what_leads_approve_no_agent_does(shop, ana, ben):
    ToolSetting.objects.update(approval="automatic", approver="lead")
    call = refund_it()

    with pytest.raises(Refused):
        approve(call, by=ben)
    assert approve(call, by=ana).state == "done"


def test_a_no_is_a_no_and_silence_is_one_too(shop, refund, ben):
    ToolSetting.objects.update(approval="automatic")
    first, second = refund_it(key="one"), refund_it(key="two")

    assert decline(first, "She has it already", by=ben).note == "Ben Okafor declined: She has it already"
    with clock.at(clock.now() + timedelta(hours=73)):
        assert expire() == 1
        with pytest.raises(Conflict):
            approve(second, by=ben)
    assert not refund.calls


def test_what_is_taken_back_is_undone(shop, pause, resume, ana):
    call = use("shop.pause", {"order": Value("BW-1", "agent")}, key="pause", by=ana, ticket=TICKET, person=MARA)

    back = undo(call, by=ana)

    call.refresh_from_db()
    assert (back.tool, back.state, call.state) == ("shop.resume", "done", "undone")
    assert resume.calls[0][1] == {"order": "BW-1"}
    with pytest.raises(Conflict):
        undo(call, by=ana)


def test_a_refund_has_no_way_back(shop, ana):
    with pytest.raises(Refused):
        undo(refund_it(), by=ana)


@pytest.mark.parametrize(("status", "checked"), [("paused", "yes"), ("open", "no")])
def test_what_was_changed_is_read_back(shop, find, ana, status, checked):
    find.does = lambda given: {"number": given["order"], "mail": MARA, "status": status}

    call = use("shop.pause", {"order": Value("BW-1", "agent")}, key="pause", by=ana, ticket=TICKET, person=MARA)

    assert (call.state, call.checked, told("tool.not_so")) == ("done", checked, int(checked == "no"))


def test_what_an_agent_does_for_whom_they_say_is_read_back_too(shop, find, ana):
    find.does = lambda given: {"number": given["order"], "mail": MARA, "status": "paused"}

    assert use("shop.pause", {"order": Value("BW-1", "agent")}, key="pause", by=ana).checked == "yes"


def test_a_preview_changes_nothing_and_says_what_would_hold_it_up(shop, refund):
    ToolSetting.objects.update(approval="unlicensed")
    read = look_up()
    given = {
        "order": Value("BW-1", "tool", str(read.pk)),
        "amount": Value("5", "procedure"),
        "person": Value(MARA, "requester"),
    }

    seen = preview_use("shop.refund", given, by=THE_ASSISTANT, ticket=TICKET, person=MARA)

    assert (seen.changes[1].now, seen.waits) == ("5.00", "no licence covers this, so a person approves it")
    assert (refund.calls, Call.objects.filter(tool="shop.refund").count()) == ([], 0)


def test_a_tool_that_is_off_is_not_used(shop):
    ToolSetting.objects.filter(tool="get_order").update(enabled=False)

    with pytest.raises(Refused):
        look_up()


def test_a_customer_calls_no_tool(shop, mara):
    with pytest.raises(Refused):
        look_up(by=mara.actor())


def test_a_value_that_does_not_fit_never_leaves(shop, refund):
    with pytest.raises(Invalid):
        refund_it("-5")
    assert not refund.calls
