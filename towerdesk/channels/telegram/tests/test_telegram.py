"""A bot's conversations on the desk, against a server that behaves like Telegram's, over real HTTP."""

import json

import httpx2
import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says, serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.telegram.fake import TOKEN, FakeTelegram, message, update, wrong
from towerdesk.delivery.send import send, send_due
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import replay
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.files import keep, read
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply

SECRET = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def telegram(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeTelegram()) as running:
        yield running


@pytest.fixture
def inbox(desk, telegram):
    made = Inbox.objects.create(name="Bot", address="telegram:brasswell_bot", channel="telegram", team=desk.repairs)
    connect(made, {"token": TOKEN, "server": telegram.url}, by=CLOCK)
    return made


def calls(inbox, body, secret=None):
    secret = account_of(inbox).get("secret") if secret is None else secret
    return Client().post(f"/hooks/{inbox.hook}", body, content_type="application/json", headers={SECRET: secret})


def arrives(inbox, number, **what):
    assert calls(inbox, update(number, **what)).status_code == 200
    raw = Raw.objects.order_by("-pk")[0]
    accept(raw.pk)
    raw.refresh_from_db()
    return raw


@pytest.fixture
def ticket(inbox):
    return arrives(inbox, 1, message=message(5, "My grinder is loud", date=1)).ticket


def state(answer):
    return Message.objects.values_list("delivery", "delivery_note").get(pk=answer.pk)


def test_connecting_tries_the_token_and_tells_telegram_our_address(inbox, telegram):
    assert telegram.hook["url"].endswith(f"/hooks/{inbox.hook}")
    assert telegram.hook["secret_token"] == account_of(inbox).get("secret")
    assert telegram.hook["allowed_updates"] == ["message", "edited_message", "callback_query"]


def test_a_wrong_token_is_said_and_shown_to_nobody(inbox, telegram):
    with pytest.raises(Invalid, match="refuses the account") as told:
        connect(inbox, {"token": "999:wrong"}, by=CLOCK)
    assert "999" not in str(told.value)
    telegram.goes_wrong = [Says(502)]
    with pytest.raises(Unavailable):
        connect(inbox, {"token": TOKEN}, by=CLOCK)


def test_a_call_without_the_secret_is_turned_away(inbox):
    body = update(1, message=message(5, "hi", date=1))

    assert [calls(inbox, body, secret).status_code for secret in ("", "guessed", "é")] == [401] * 3
    assert Raw.objects.count() == 0


def test_telegram_brings_an_update_again_and_it_is_one(inbox):
    body = update(1, message=message(5, "My grinder is loud", date=1))
    assert [calls(inbox, body).status_code for _ in range(3)] == [200] * 3

    assert Raw.objects.count() == 1


def test_a_pressed_button_is_told_that_it_was_heard(inbox):
    query = {"id": "77", "from": {"id": 23}, "data": "yes", "message": message(4, "Solved?", date=1)}

    assert calls(inbox, update(1, callback_query=query)).json() == {
        "method": "answerCallbackQuery",
        "callback_query_id": "77",
    }


def test_the_answer_quotes_what_it_answers(inbox, telegram, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"

    asked = telegram.asked[-1].json()
    assert (asked["chat_id"], asked["text"]) == (23, "Turn it by half")
    assert asked["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}
    answer.refresh_from_db()
    assert answer.message_id == "23:501"


def test_a_media_file_is_fetched(inbox, telegram):
    telegram.files["pic-1"] = b"\x89PNG"
    photo = [{"file_id": "pic-1", "file_size": 4, "width": 1, "height": 1}]
    raw = arrives(inbox, 2, message=message(6, "", date=1) | {"photo": photo, "caption": "See"})

    [file] = raw.message.attachments.all()
    assert (raw.message.visible, file.name, read(file.path)) == ("See", "photo.jpg", b"\x89PNG")


@pytest.mark.parametrize(("size", "why"), [(21 * 2**20, "it has more than 20 MB"), (3, "Telegram does not take this")])
def test_a_file_that_can_not_be_had_does_not_hold_up_the_words(inbox, size, why):
    document = {"file_id": "gone", "file_name": "log.txt", "file_size": size}
    raw = arrives(inbox, 2, message=message(6, "", date=1) | {"document": document, "caption": "See"})

    assert raw.message.visible.startswith(f"See\n\n[log.txt could not be fetched: {why}")
    assert raw.message.attachments.count() == 0


def test_a_file_that_is_larger_than_it_was_said_is_not_taken(inbox, telegram):
    telegram.files["big"] = b"x" * (20 * 2**20 + 1)
    raw = arrives(inbox, 2, message=message(6, "", date=1) | {"document": {"file_id": "big"}, "caption": "See"})

    assert "[file could not be fetched: it has more than 20 MB]" in raw.message.visible


def test_a_file_server_in_trouble_is_asked_again(inbox, telegram):
    from towerdesk.intake.outage import StorageIsAway

    telegram.files["pic-1"] = b"\x89PNG"
    telegram.goes_wrong = [Says(502)]
    with pytest.raises(StorageIsAway):
        arrives(inbox, 2, message=message(6, "", date=1) | {"document": {"file_id": "pic-1"}})
    raw = Raw.objects.get()
    assert raw.state == "stored"
    accept(raw.pk)
    assert Message.objects.get().attachments.count() == 1


def test_a_group_becomes_a_ticket_once_the_inbox_takes_groups(inbox, telegram, ana):
    group = message(6, "It drips", date=1) | {"chat": {"id": -99, "type": "group", "title": "Café"}}
    raw = arrives(inbox, 2, message=group)
    assert raw.state == "set_aside"

    connect(inbox, {"groups": "tickets"}, by=CLOCK)
    replay(raw, by=CLOCK)
    accept(raw.pk)
    raw.refresh_from_db()
    assert send(reply(raw.ticket, "Turn it by half", by=ana).pk) == "sent"
    assert telegram.sent == [(-99, "Turn it by half", 501)]


def test_an_edit_changes_the_message(inbox, ticket):
    arrives(inbox, 2, edited_message=message(5, "My grinder is very loud", date=1, edit_date=60))

    assert [one.visible for one in Message.objects.of(ticket)] == ["My grinder is very loud"]


def test_files_of_ours_go_as_documents(inbox, telegram, ticket, ana):
    files = [keep("manual.pdf", "application/pdf", b"%PDF \xff"), keep("b.txt", "text/plain", b"b")]
    assert send(reply(ticket, "See the manual", by=ana, files=files[:1]).pk) == "sent"
    assert send(reply(ticket, "Both", by=ana, files=files).pk) == "sent"

    assert [(chat, text) for chat, text, _ in telegram.sent] == [
        (23, "See the manual"),
        (23, "Both"),
        (23, ""),
        (23, ""),
    ]
    assert b"%PDF \xff" in telegram.asked[-5].body or b"%PDF \xff" in telegram.asked[-4].body


def test_a_long_answer_goes_in_several_messages(inbox, telegram, ticket, ana):
    send(reply(ticket, "word " * 2000, by=ana).pk)

    assert len(telegram.sent) == 3


def test_too_many_requests_wait_as_long_as_telegram_says(inbox, telegram, ticket, ana):
    telegram.goes_wrong = [wrong(429, "Too Many Requests: retry after 7", retry_after=7)]
    one, two = reply(ticket, "one", by=ana), reply(ticket, "two", by=ana)
    assert [send(one.pk), send(two.pk)] == ["retry", "waits"]
    assert state(one) == ("queued", "Telegram asks for patience (7 seconds). It is tried again by itself.")

    Message.objects.filter(pk=one.pk).update(send_after=one.created_at)
    send_due()
    assert [text for _, text, _ in telegram.sent] == ["one", "two"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_in_trouble_is_asked_again(inbox, telegram, ticket, ana, status):
    telegram.goes_wrong = [Says(status, b"<html>")]
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == "retry"


def test_who_blocked_the_bot_is_given_up_visibly(inbox, telegram, ticket, ana):
    telegram.blocked = {23}
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == "failed"
    assert state(answer)[1] == "Telegram does not take this (403 Forbidden: bot was blocked by the user)"


def test_a_line_that_breaks_after_sending_leaves_it_unsure(inbox, telegram, ticket, ana):
    telegram.goes_wrong = [Says(hangs_up=True)]
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == "unsure"


def test_a_server_that_is_not_there_is_tried_again(inbox, ticket, ana):
    inbox.settings["account"]["server"] = "http://127.0.0.1:1"
    inbox.save()
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == "retry"
    assert state(answer)[1].startswith("Telegram can't be reached (ConnectError).")


def test_a_token_that_was_revoked_is_said_on_the_inbox(inbox, telegram, ticket, ana):
    telegram.goes_wrong = [wrong(401, "Unauthorized")]
    send(reply(ticket, "one", by=ana).pk)

    inbox.refresh_from_db()
    assert inbox.trouble == "Telegram refuses the account (401 Unauthorized): connect the inbox again."


def test_no_secret_is_in_what_is_stored(inbox, ticket):
    raw = Raw.objects.get()
    kept = json.dumps([raw.envelope, inbox.settings]) + bytes(raw.content).decode()

    assert TOKEN not in kept
    assert account_of(inbox).get("secret") not in kept


@pytest.mark.django_db(transaction=True)
def test_a_conversation_over_real_http_both_ways(live_server, settings):
    settings.PUBLIC_URL, settings.HOOK_HOSTS = live_server.url, ["127.0.0.1"]
    desk = cast.small_desk()
    ana = cast.acting(cast.agent("Ana Reyes", desk.repairs))
    with serving(FakeTelegram()) as telegram:
        inbox = Inbox.objects.create(name="Bot", address="telegram:b", channel="telegram", team=desk.repairs)
        connect(inbox, {"token": TOKEN, "server": telegram.url}, by=CLOCK)
        headers = {SECRET: telegram.hook["secret_token"], "Content-Type": "application/json"}
        with httpx2.Client() as web:
            for number, text in ((1, "My grinder"), (2, "is loud"), (1, "My grinder")):
                body = update(number, message=message(number, text, date=number))
                assert web.post(telegram.hook["url"], content=body, headers=headers).status_code == 200
        for number in Raw.objects.values_list("pk", flat=True):
            accept(number)
        ticket = Ticket.objects.get()
        assert send(reply(ticket, "Turn it by half", by=ana).pk) == "sent"

        assert telegram.sent == [(23, "Turn it by half", 501)]
        assert [one.visible for one in Message.objects.of(ticket)] == ["My grinder", "is loud", "Turn it by half"]
