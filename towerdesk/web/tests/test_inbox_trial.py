"""Ana tries an inbox with a real message: what came is shown, answered, and how far the answer came is said."""

from datetime import timedelta

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.delivery.send import send
from towerdesk.intake.lag import lag
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now
from towerdesk.testing.chats import chatting
from towerdesk.tickets.models import Message


@pytest.fixture
def chat(desk):
    with chatting(desk) as running:
        yield running


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_from_waiting_to_an_answer_that_arrived(chat, admins_web):
    chat.arrives("Before that")
    begun = admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/trial")
    look = begun.url.replace("?", "/trial/look?")
    assert "Waiting." in words_of(admins_web.get(look))
    assert 'hx-trigger="every 2s"' in words_of(admins_web.get(begun.url))

    raw = chat.arrives("Is this on?")
    page = words_of(admins_web.get(look))
    assert f"ticket {raw.message.ticket_id}" in page
    assert "every 2s" not in page

    answered = admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/trial/answer", {"raw": raw.pk})
    assert admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/trial/answer", {"raw": raw.pk}).url == answered.url
    answer = Message.objects.get(direction="out")
    assert "waits to be sent" in words_of(admins_web.get(answered.url))
    send(answer.pk)
    assert "The answer sent" in words_of(admins_web.get(answered.url))


def test_what_was_set_aside_or_failed_says_so(chat, admins_web):
    raw = chat.arrives("x", happening="poll")
    look = f"/settings/inboxes/{chat.inbox.pk}/trial/look?since={raw.pk - 1}"
    assert f"It was set aside: {raw.reason}" in words_of(admins_web.get(look))

    Raw.objects.filter(pk=raw.pk).update(state="failed", reason="It is broken.")
    assert "It could not be read: It is broken." in words_of(admins_web.get(look))


def test_what_is_on_a_ticket_that_one_may_not_read_is_not_shown(chat, bens_web, admins_web):
    raw = chat.arrives("Is this on?")

    assert bens_web.get(f"/settings/inboxes/{chat.inbox.pk}/trial/look?since=0").status_code == 403
    assert bens_web.post(f"/settings/inboxes/{chat.inbox.pk}/trial/answer", {"raw": raw.pk}).status_code == 403
    assert admins_web.post(f"/settings/inboxes/{chat.inbox.pk}/trial/answer", {"raw": "x"}).status_code == 404
    assert not Message.objects.filter(direction="out").exists()


def test_how_soon_what_arrives_is_read(chat, desk):
    other = Inbox.objects.create(name="Other", address="fakechat:other", channel="fakechat", team=desk.repairs)
    assert (lag(other).number, lag(other).waits) == (0, None)
    at = now()
    for seconds in (1, 2, 9):
        raw = chat.arrives(f"It took {seconds}")
        Raw.objects.filter(pk=raw.pk).update(arrived_at=at, done_at=at + timedelta(seconds=seconds))
    Raw.objects.filter(pk=chat.arrives("It waits").pk).update(state="stored", arrived_at=at, done_at=None)

    found = lag(chat.inbox)
    assert (found.number, found.usual, found.slowest) == (3, timedelta(seconds=2), timedelta(seconds=9))
    assert found.waits is not None
    assert found.waits >= timedelta(0)
