"""A provider calls: what is signed is kept once and answered after it is kept; what is not is turned away and counted."""

import json
import time

import httpx2
import pytest
from django.db import OperationalError, connection
from django.test import Client

from towerdesk.channels.fake import signature
from towerdesk.channels.models import Inbox
from towerdesk.intake import hooks
from towerdesk.intake.models import Raw
from towerdesk.lib.vault import seal
from towerdesk.testing import cast
from towerdesk.testing.chats import chatting


def forged(inbox):
    inbox.refresh_from_db()
    return inbox.forged, inbox.forged_why


def test_a_call_is_taken_apart_and_every_piece_kept(chat):
    assert chat.call(chat.one("It drips"), chat.one("And it leaks")).status_code == 200
    assert [(raw.state, raw.door, raw.inbox) for raw in Raw.objects.all()] == [("stored", "hook", chat.inbox)] * 2
    chat.inbox.refresh_from_db()
    assert chat.inbox.last_seen_at is not None


def test_a_delivery_that_comes_again_is_stored_once(chat):
    one, two = chat.one("It drips"), chat.one("And it leaks")

    assert [chat.call(*said).status_code for said in ([one], [one, two], [two, two], [one])] == [200] * 4
    assert Raw.objects.count() == 2


def test_the_same_delivery_at_two_inboxes_is_two(desk, chat):
    from towerdesk.testing.chats import Chat, chat_inbox

    other = Chat(chat_inbox(desk, "fakechat:second"), chat.fake)
    chat.call(chat.one("It drips", id="same"))
    other.call(other.one("It drips", id="same"))

    assert Raw.objects.count() == 2


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "nonsense", "t=now,v1=é"])
def test_a_forged_call_is_turned_away_counted_and_not_kept(chat, header):
    answer = chat.call(chat.one("Give me money"), **{"X-Fake-Signature": header})

    assert (answer.status_code, Raw.objects.count()) == (401, 0)
    assert forged(chat.inbox) == (1, "the signature does not fit")


def test_a_changed_body_is_forged(chat):
    body = json.dumps([chat.one("It drips")]).encode()
    headers = {"X-Fake-Signature": signature(body, chat.secret)}

    assert Client().post(chat.path, body + b" ", content_type="application/json", headers=headers).status_code == 401


def test_an_old_call_is_turned_away(chat):
    assert chat.call(chat.one("It drips"), at=time.time() - 301).status_code == 401
    assert forged(chat.inbox) == (1, "it was signed too long ago")


def test_a_check_that_breaks_lets_nobody_in(chat):
    chat.fake.check = lambda call, account: 1 / 0

    assert chat.call(chat.one("It drips")).status_code == 401
    assert forged(chat.inbox) == (1, "the check failed (ZeroDivisionError)")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff\x00", b'{"a": "\\u0000"}', b"[[[[[[", b"null", b'[{"id": {}}]']
)
def test_odd_content_that_is_signed_is_kept_and_shown_and_never_an_error(chat, body):
    headers = {"X-Fake-Signature": signature(body, chat.secret)}
    answer = Client().post(chat.path, body, content_type="application/json", headers=headers)
    chat.read()

    assert answer.status_code == 200
    assert [raw.state for raw in Raw.objects.all()] in ([], ["set_aside"], ["ticket"])


def test_a_challenge_is_answered_and_stores_nothing(chat):
    right = Client().get(chat.path, {"verify": chat.secret, "challenge": "1158201444"})
    wrong = Client().get(chat.path, {"verify": "guessed", "challenge": "1158201444"})

    assert (right.status_code, right.content, wrong.status_code) == (200, b"1158201444", 401)
    assert Raw.objects.count() == 0


def test_nobody_answers_at_keys_that_were_not_given_out(chat, desk):
    desk.inbox.hook = "of-a-mail-inbox"
    desk.inbox.save()

    asked = ["/hooks/unknown", "/hooks/%00", "/hooks/", "/hooks/of-a-mail-inbox", f"{chat.path}x"]
    assert {Client().post(path).status_code for path in asked} == {404}


def test_too_much_is_refused_before_it_is_read(chat):
    body = b"x" * (hooks.MOST_BYTES + 1)
    headers = {"X-Fake-Signature": signature(body, chat.secret)}

    assert Client().post(chat.path, body, content_type="application/json", headers=headers).status_code == 413
    assert Client().put(chat.path).status_code == 405


def test_a_paused_inbox_still_keeps_everything(chat):
    Inbox.objects.filter(pk=chat.inbox.pk).update(paused=True)

    assert chat.call(chat.one("It drips")).status_code == 200
    assert Raw.objects.count() == 1


def test_while_the_database_is_away_the_provider_is_asked_to_come_again(chat):
    def away(execute, sql, *rest):
        if "INSERT INTO" in sql and "intake_raw" in sql:
            raise OperationalError("the database is being started")
        return execute(sql, *rest)

    with connection.execute_wrapper(away):
        answer = chat.call(chat.one("It drips"))
    assert (answer.status_code, answer.headers["Retry-After"], Raw.objects.count()) == (503, "30", 0)


def test_all_pieces_of_a_call_are_kept_or_none(chat):
    seen = []

    def away(execute, sql, *rest):
        if "INSERT INTO" in sql and "intake_raw" in sql:
            seen.append(sql)
            if len(seen) == 2:
                raise OperationalError("the disk is full")
        return execute(sql, *rest)

    one, two = chat.one("It drips"), chat.one("And it leaks")
    with connection.execute_wrapper(away):
        assert chat.call(one, two).status_code == 503
    assert Raw.objects.count() == 0
    assert chat.call(one, two).status_code == 200
    assert Raw.objects.count() == 2


def test_secrets_of_another_desk_can_not_check_anything(chat):
    chat.inbox.settings["account"]["secret"] = "sealed elsewhere"
    chat.inbox.save()

    assert chat.call(chat.one("It drips")).status_code == 503


def test_a_secret_is_sealed_where_it_lies(chat):
    assert chat.secret not in json.dumps(chat.inbox.settings)
    assert "t-1" not in json.dumps(chat.inbox.settings)
    assert chat.inbox.settings["account"]["token"] != seal("t-1")  # never the same twice


@pytest.mark.django_db(transaction=True)
def test_over_real_http(live_server):
    with chatting(cast.small_desk()) as chat:
        body = json.dumps([chat.one("It drips")]).encode()
        headers = {"X-Fake-Signature": signature(body, chat.secret), "Content-Type": "application/json"}
        with httpx2.Client(base_url=live_server.url) as web:
            said = [web.post(chat.path, content=body, headers=headers).status_code for _ in range(2)]
            said.append(web.post(chat.path, content=body + b" ", headers=headers).status_code)

        assert said == [200, 200, 401]
        assert Raw.objects.count() == 1
