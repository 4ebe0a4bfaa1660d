"""What is said in a channel and never becomes a ticket is not kept for good, and is counted all the same."""

import json
from datetime import timedelta

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.intake.counts import counts
from towerdesk.intake.forget import DAYS, forget_waiting
from towerdesk.intake.models import FORGOTTEN, Raw
from towerdesk.intake.replay import put_on_ticket, replay
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import Message


@pytest.fixture
def waiting(chat):
    """An edit of a message that never came: its words wait, as those of a thread do that is no ticket."""
    return chat.arrives("Lunch at noon?", happening="edit", about="m-none", external_id="")


def later(days=DAYS):
    return clock.at(clock.now() + timedelta(days=days, minutes=1))


def again(raw):
    raw.refresh_from_db()
    return raw


def test_after_two_weeks_only_that_it_came_is_left(chat, waiting):
    before = counts(chat.inbox)
    assert forget_waiting() == 0
    with later():
        assert forget_waiting() == 1
        assert forget_waiting() == 0

    raw = again(waiting)
    assert (bytes(raw.content), raw.sender, raw.envelope, raw.state) == (b"", "", {}, "set_aside")
    assert raw.size > 0
    assert raw.reason.startswith("It waited 14 days")
    assert counts(chat.inbox) == before
    assert before.adds_up
    assert [event.data for event in Event.objects.filter(kind="inbox.forgot")] == [{"number": 1, "days": 14}]


def test_what_is_on_a_ticket_or_set_aside_for_another_reason_stays(chat):
    on_ticket = chat.arrives("It drips")
    poll = chat.arrives(happening="poll", external_id="")
    with later(400):
        assert forget_waiting() == 0
    assert [bytes(again(raw).content) != b"" for raw in (on_ticket, poll)] == [True, True]


@pytest.mark.parametrize(
    ("given", "days", "gone"), [(3, 3, 1), ("3", 3, 1), (30, 14, 0), (30, 30, 1), (0, 4000, 0), ("a week", 14, 1)]
)
def test_how_long_is_a_setting_of_the_inbox(chat, waiting, given, days, gone):
    Inbox.objects.filter(pk=chat.inbox.pk).update(settings={**chat.inbox.settings, "waiting_days": given})
    with later(days):
        assert forget_waiting() == gone


def test_it_is_not_woken_read_again_or_put_on_a_ticket(chat, waiting):
    with later():
        forget_waiting()
        for does in (replay, put_on_ticket):
            with pytest.raises(Conflict, match="was removed, since it waited for too long"):
                does(again(waiting), by=CLOCK)
        chat.arrives("old", external_id="m-none")
        chat.arrives("odd", external_id=FORGOTTEN)

    assert again(waiting).state == "set_aside"
    assert list(Message.objects.order_by("pk").values_list("visible", flat=True)) == ["old", "odd"]


def test_the_same_call_made_again_is_not_taken_for_a_new_one(chat, waiting):
    content, number = bytes(waiting.content), Raw.objects.count()
    with later():
        forget_waiting()
        chat.call(json.loads(content))
    assert Raw.objects.count() == number
