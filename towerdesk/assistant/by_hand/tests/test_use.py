"""What somebody said yes to is what is done: for the person they saw, on the words they saw, and not beside another's doing."""

import pytest

from towerdesk.assistant.by_hand.use import preview_by_hand, use_by_hand
from towerdesk.connectors import registry
from towerdesk.connectors.claim import Changed
from towerdesk.connectors.contract import Argument, ToolSpec, Undo
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.models import Call, Connection
from towerdesk.connectors.undo import undo
from towerdesk.lib.clock import now
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

MAIL = Argument("mail", sources=frozenset(("requester", "agent")))
VOUCHER = ToolSpec("voucher", "Send a voucher", arguments=(MAIL,), person="mail", undo=Undo("take_back", {}))
TAKE_BACK = ToolSpec("take_back", "Take a voucher back")
TO_MARA = {"mail": "mara@lindqvist.example"}


@pytest.fixture
def voucher(desk):
    tool = FakeTool(VOUCHER)
    connect("shop", tool, FakeTool(TAKE_BACK))
    yield tool
    registry.put("fake", None)


@pytest.fixture
def asked(desk, mara):
    mara.identities.update(verified=True)
    ticket = cast.opened(desk, mara, "Late again", "It came a week late.")
    ticket.messages.update(trust={"verified": True}, sender=TO_MARA["mail"])
    return ticket


def test_of_two_who_say_yes_to_the_same_one_looks_again(asked, voucher, ana, ben):
    wired = registry.tool("shop.voucher")
    seen_by_ana = preview_by_hand(asked, wired, TO_MARA, by=ana).mark
    seen_by_ben = preview_by_hand(asked, wired, TO_MARA, by=ben).mark

    call = use_by_hand(asked, wired, TO_MARA, key="of ana", by=ana, seen=seen_by_ana)
    with pytest.raises(Changed):
        use_by_hand(asked, wired, TO_MARA, key="of ben", by=ben, seen=seen_by_ben)
    assert use_by_hand(asked, wired, TO_MARA, key="of ana", by=ana, seen=seen_by_ana) == call
    assert len(voucher.calls) == 1

    again = preview_by_hand(asked, wired, TO_MARA, by=ben).mark
    undo(call, by=ana)
    with pytest.raises(Changed):
        use_by_hand(asked, wired, TO_MARA, key="of ben", by=ben, seen=again)


def test_a_form_of_before_the_ticket_became_anothers_does_nothing(asked, voucher, ana):
    wired = registry.tool("shop.voucher")
    seen = preview_by_hand(asked, wired, TO_MARA, by=ana).mark

    jonas = person_for("jonas@weber.example", "Jonas Weber", verified=True)
    Ticket.objects.filter(pk=asked.pk).update(requester=jonas)
    asked.refresh_from_db()

    with pytest.raises(Changed):
        use_by_hand(asked, wired, TO_MARA, key="one", by=ana, seen=seen)
    assert not Call.objects.exists()


def test_a_tool_that_was_described_anew_is_looked_at_anew(asked, voucher, ana):
    seen = preview_by_hand(asked, registry.tool("shop.voucher"), TO_MARA, by=ana).mark
    Connection.objects.update(changed_at=now())

    with pytest.raises(Changed):
        use_by_hand(asked, registry.tool("shop.voucher"), TO_MARA, key="one", by=ana, seen=seen)
