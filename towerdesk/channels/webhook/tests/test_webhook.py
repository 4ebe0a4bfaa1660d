"""A program's messages on the desk and our replies at the program, signed both ways, over real HTTP."""

import time

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says, serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.webhook.fake import FakeProgram, call
from towerdesk.channels.webhook.read import find, read
from towerdesk.channels.webhook.signing import shown
from towerdesk.delivery.send import send
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import replay
from towerdesk.lib.actor import CLOCK
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply


@pytest.fixture
def program(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeProgram()) as running:
        yield running


@pytest.fixture
def inbox(desk, program):
    made = Inbox.objects.create(name="Shop", address="webhook:shop", channel="webhook", team=desk.repairs)
    connect(made, {"reply_url": f"{program.url}/replies"}, by=CLOCK)
    program.secret = shown(account_of(made))
    return made


def post(inbox, body, headers):
    return Client().post(f"/hooks/{inbox.hook}", body, content_type="application/json", headers=headers).status_code


def arrives(inbox, id_="d1", **payload):
    assert post(inbox, *call(account_of(inbox), id_, **payload)) == 200
    raw = Raw.objects.order_by("-pk")[0]
    accept(raw.pk)
    raw.refresh_from_db()
    return raw


def test_a_message_of_a_program_is_a_ticket_of_its_writer(inbox):
    raw = arrives(inbox, sender="Mara@lindqvist.example", sender_name="Mara", text="It drips", subject="Help", id="m1")

    assert (raw.state, raw.ticket.subject, raw.message.sender) == ("ticket", "Help", "mara@lindqvist.example")
    assert not raw.ticket.requester.identities.get().verified


@pytest.mark.parametrize(
    "wrong", [{"webhook-signature": "v1,AAAA"}, {"webhook-id": "other"}, {"webhook-signature": "é"}]
)
def test_a_forged_one_is_turned_away(inbox, wrong):
    body, headers = call(account_of(inbox), "d1", text="It drips")

    assert post(inbox, body, headers | wrong) == 401
    assert post(inbox, body + b" ", headers) == 401
    assert post(inbox, b"\xff", headers) == 401
    assert Raw.objects.count() == 0


@pytest.mark.parametrize("seconds", [-330, 330])
def test_one_from_another_time_is_turned_away(inbox, seconds):
    assert post(inbox, *call(account_of(inbox), "d1", signed_at=time.time() + seconds, text="It drips")) == 401


def test_a_replay_is_stored_once(inbox):
    again = call(account_of(inbox), "d1", text="It drips")

    assert [post(inbox, *again) for _ in range(3)] == [200] * 3
    assert Raw.objects.count() == 1


def test_paths_say_where_things_stand_and_hold_for_what_is_read_again(inbox):
    raw = arrives(inbox, data={"items": [{"body": "It drips"}], "who": {"id": 7}})
    assert (raw.state, raw.reason) == ("set_aside", "There are no words where the inbox looks for them (text).")

    connect(inbox, {"text": "data.items.0.body", "sender": "data.who.id"}, by=CLOCK)
    replay(raw, by=CLOCK)
    accept(raw.pk)
    raw.refresh_from_db()
    assert (raw.message.visible, raw.message.sender) == ("It drips", "7")


@pytest.mark.parametrize("path", ["", ".", "a.b.c", "a.0", "a.99999999999", "0", "a..b"])
def test_a_path_that_leads_nowhere_finds_nothing(path):
    assert find({"a": {"b": 1}}, path) is None
    assert find([], path) is None


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"1", b'{"text": {"a": 1}, "at": "x"}', b"[" * 9999])
def test_nothing_makes_it_raise(content):
    assert read(content, "d1", {}).identity == "webhook"


def test_a_reply_is_posted_and_signed(inbox, program, ana):
    ticket = arrives(inbox, sender="7", text="It drips", id="m1", conversation="c1").ticket
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"

    told = program.asked[0].json()
    assert (told["type"], told["data"]["text"], told["data"]["to"]) == ("reply.created", "Turn it by half", ["7"])
    assert (told["data"]["conversation"], told["data"]["answers"]) == ("c1", "m1")
    assert program.asked[0].headers["webhook-id"] == f"towerdesk-{answer.pk}"


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        (Says(503), "retry"),
        (Says(429, headers={"Retry-After": "9"}), "retry"),
        (Says(400), "failed"),
        (Says(hangs_up=True), "unsure"),
        (Says(302, headers={"Location": "http://169.254.169.254/"}), "failed"),
    ],
)
def test_what_the_program_says_decides(inbox, program, ana, says, outcome):
    ticket = arrives(inbox, sender="7", text="It drips", id="m1").ticket
    program.goes_wrong = [says]

    assert send(reply(ticket, "Turn it by half", by=ana).pk) == outcome


def test_a_private_address_is_not_called(inbox, ana, settings):
    settings.HOOK_HOSTS = []
    ticket = arrives(inbox, sender="7", text="It drips", id="m1").ticket

    assert send(reply(ticket, "Turn it by half", by=ana).pk) == "failed"
    inbox.refresh_from_db()
    assert "not a public address" in inbox.trouble


def test_without_an_address_replies_wait_and_say_why(inbox, ana):
    inbox.settings["account"].pop("reply_url")
    inbox.save()
    answer = reply(arrives(inbox, sender="7", text="It drips", id="m1").ticket, "Turn it", by=ana)

    assert send(answer.pk) == "waits"
    assert Message.objects.get(pk=answer.pk).delivery_note.startswith("No address for replies is set")
