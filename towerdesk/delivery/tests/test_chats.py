"""Replies in a chat: in order, with the inbox's own account, and a provider that asks for patience is given it."""

from datetime import timedelta

import pytest

from towerdesk.channels.contract import NotSent
from towerdesk.delivery.send import send, send_due
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.testing.chats import chatting
from towerdesk.tickets.models import Message
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.reply import reply


@pytest.fixture
def chat(desk):
    with chatting(desk) as running:
        yield running


@pytest.fixture
def ticket(chat):
    return chat.arrives("It drips").ticket


def fates(*messages):
    return [Message.objects.values_list("delivery", flat=True).get(pk=one.pk) for one in messages]


def texts(chat):
    return [one.text for one in chat.fake.sent]


def test_a_reply_goes_back_into_the_conversation_with_the_inboxs_account(chat, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"

    [sent] = chat.fake.sent
    assert (sent.to, sent.conversation, sent.answers, sent.account.get("token")) == (["77"], "c1", "m1", "t-1")
    answer.refresh_from_db()
    assert answer.message_id == f"ours-{answer.pk}"


def test_a_later_reply_never_overtakes_an_earlier_one(chat, ticket, ana):
    chat.fake.goes_wrong = [NotSent("busy", later=True)]
    one, two, three = [reply(ticket, text, by=ana) for text in ("one", "two", "three")]
    assert [send(one.pk), send(two.pk), send(three.pk)] == ["retry", "waits", "waits"]
    assert texts(chat) == []

    with clock.at(clock.now() + timedelta(minutes=2)):
        send_due()
    assert texts(chat) == ["one", "two", "three"]


def test_what_waited_leaves_as_soon_as_the_first_is_given_up(chat, ticket, ana):
    one, two = [reply(ticket, text, by=ana) for text in ("one", "two")]
    assert send(two.pk) == "waits"
    chat.fake.goes_wrong = [NotSent("blocked by the user", later=False)]

    assert send(one.pk) == "failed"
    assert fates(one, two) == ["failed", "sent"]


def test_another_conversation_does_not_wait(chat, ticket, ana):
    other = chat.arrives("Hello", sender="78", conversation="c2").ticket
    chat.fake.goes_wrong = [NotSent("busy", later=True)]
    one, two = reply(ticket, "one", by=ana), reply(other, "two", by=ana)

    assert [send(one.pk), send(two.pk)] == ["retry", "sent"]


def test_a_provider_that_names_a_time_is_asked_again_then(chat, ticket, ana):
    chat.fake.goes_wrong = [NotSent("too many", later=True, after=7)]
    answer = reply(ticket, "one", by=ana)
    send(answer.pk)

    answer.refresh_from_db()
    assert timedelta(seconds=5) < answer.send_after - clock.now() <= timedelta(seconds=7)
    with clock.at(clock.now() + timedelta(seconds=8)):
        assert send(answer.pk) == "sent"


def test_an_expired_token_is_said_on_the_inbox_until_it_works_again(chat, ticket, ana):
    chat.fake.goes_wrong = [NotSent("The token is refused: enter a new one.", later=True, trouble=True)]
    answer = reply(ticket, "one", by=ana)
    send(answer.pk)
    chat.inbox.refresh_from_db()
    assert chat.inbox.trouble == "The token is refused: enter a new one."

    with clock.at(clock.now() + timedelta(minutes=2)):
        assert send(answer.pk) == "sent"
    chat.inbox.refresh_from_db()
    assert chat.inbox.trouble == ""


def test_one_provider_that_is_down_does_not_hold_up_the_others(chat, ana):
    tickets = [chat.arrives("Hello", sender=f"{n}", conversation=f"c{n}").ticket for n in range(5)]
    chat.fake.goes_wrong = [NotSent("down", later=True)] * 9
    for one in tickets:
        reply(one, "Hello", by=ana)
    send_due()

    assert len(chat.fake.goes_wrong) == 6


def test_nobody_can_be_reached_by_chat_who_only_wrote_mails(chat, ana):
    mara = person_for("mara@lindqvist.example", "Mara Lindqvist")
    ticket = open_ticket("Hello", requester=mara, inbox=chat.inbox, by=ana)
    answer = reply(ticket, "Hello", by=ana)

    assert send(answer.pk) == "failed"
    answer.refresh_from_db()
    assert answer.delivery_note == "No address of Mara is known to write to"


def test_secrets_that_can_not_be_opened_let_replies_wait(chat, ticket, ana):
    chat.inbox.settings["account"]["token"] = "sealed elsewhere"
    chat.inbox.save()
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == "waits"
    answer.refresh_from_db()
    assert answer.delivery_note.startswith("A stored password can't be read with this desk's key")
