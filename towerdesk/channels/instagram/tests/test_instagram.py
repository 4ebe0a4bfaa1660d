"""What Instagram does in another way than Messenger, whose tests tell the rest: both share channels/meta."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.instagram.fake import FakeInstagram, comment, told
from towerdesk.channels.meta.fake import MARA, OURS, SECRET, TOKEN, attached, changed, echo, event, message, signature
from towerdesk.channels.models import Inbox
from towerdesk.delivery.send import send
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.files import keep, read
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of


@pytest.fixture
def meta(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeInstagram()) as running:
        yield running


@pytest.fixture
def inbox(desk, meta):
    made = Inbox.objects.create(name="Insta", address="instagram:brasswell", channel="instagram", team=desk.repairs)
    values = {"account": OURS, "token": TOKEN, "secret": SECRET, "server": f"{meta.url}/v24.0"}
    assert connect(made, values, by=CLOCK) == "Connected to @brasswell. Now follow the steps at Meta."
    return made


@pytest.fixture
def arrives(inbox):
    """A call that is kept and read."""

    def arrive(body: bytes, **headers: str) -> Any:
        signed = headers or signature(body)
        said = Client().post(f"/hooks/{inbox.hook}", body, content_type="application/json", headers=signed)
        if said.status_code != 200:
            return said.status_code
        for number in Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True):
            accept(number)
        return Raw.objects.order_by("-pk")[0]

    return arrive


def test_a_talk_is_a_ticket_and_a_forged_call_is_nothing(arrives, meta):
    body = told(message("m1", "My grinder is loud"))
    assert arrives(body, **signature(body, "guessed")) == 401
    ticket = arrives(body).ticket

    assert ticket.requester.name == "Mara Lindqvist"
    assert Identity.objects.values_list("kind", "value").get() == ("instagram", MARA)
    assert "messaging_seen" in meta.subscribed


def test_a_story_that_mentions_us_and_one_that_is_answered(arrives, meta):
    story = attached("story_mention", meta.cdn("s.jpg", "image/jpeg", b"\xff\xd8"))
    raw = arrives(told(message("m1", attachments=story)))
    assert raw.message.visible == "[They mention us in their story]"
    assert read(raw.message.attachments.get().path) == b"\xff\xd8"

    about = {"story": {"id": "17", "url": meta.cdn("o.jpg", "image/jpeg", b"\xff\xd9")}}
    raw = arrives(told(message("m2", "How much is it?", reply_to=about)))
    assert raw.message.visible == "How much is it?\n[They answer a story of ours]"
    assert raw.message.attachments.get().name == "story.jpg"


def test_a_story_that_has_gone_by_is_said_on_the_message(arrives, meta):
    raw = arrives(told(message("m1", attachments=attached("story_mention", f"{meta.url}/cdn/gone"))))
    assert raw.message.visible == (
        "[They mention us in their story]\n\n[story could not be fetched: Instagram does not give it (404)]"
    )


def test_what_instagram_does_not_pass_on_is_on_the_ticket(arrives):
    raw = arrives(told(message("m1", is_unsupported=True)))
    assert raw.message.visible == "[They sent something that Instagram does not pass on: it says no more]"


def test_seen_names_one_message_and_an_unsent_one_is_taken_back(arrives, ana):
    ticket = arrives(told(message("m1", "My password is hunter2"))).ticket
    answer = reply(ticket, "Change it", by=ana)
    send(answer.pk)
    arrives(told(echo("m_ours1", "Change it")))
    arrives(told(event(read={"mid": "m_ours1"})))
    arrives(told(event(message={"mid": "m_m1", "is_deleted": True})))

    assert Message.objects.get(pk=answer.pk).delivery == "read"
    assert ticket.messages.get(direction="in").taken_back_at
    assert ticket.messages.count() == 2


def test_a_message_holds_a_thousand_bytes_and_no_files(arrives, meta, ana):
    ticket = arrives(told(message("m1", "Hi"))).ticket
    assert send(reply(ticket, "Тише едешь, дальше будешь. " * 40, by=ana).pk) == "sent"
    assert [len(one["message"]["text"].encode()) <= 1000 for one in meta.sent] == [True, True]
    for number, one in enumerate(meta.sent, start=1):
        arrives(told(echo(f"m_ours{number}", one["message"]["text"])))
    assert ticket.messages.count() == 2

    answer = reply(ticket, "See", by=ana, files=[keep("a.png", "image/png", b"x")])
    assert send(answer.pk) == "failed"
    answer.refresh_from_db()
    assert answer.delivery_note.startswith("Instagram fetches files by an address that is open to the internet")


def test_the_window_is_said(arrives):
    ticket = arrives(told(message("m1", "Hi"))).ticket
    assert terms_of(ticket).sentence.startswith("Instagram takes answers for another 23 h 59 min")
    with clock.at(clock.now() + timedelta(hours=25)):
        assert terms_of(ticket).closed


def test_a_comment_is_answered_beneath_itself(arrives, meta, ana):
    ticket = arrives(comment("179", "Is this one loud?")).ticket
    assert ticket.requester.name == "mara.l"
    assert send(reply(ticket, "Not at all", by=ana).pk) == "sent"
    assert meta.comments == [("179", "Not at all")]

    arrives(comment("179_91", "Not at all", who=OURS, name="brasswell", parent_id="179"))
    arrives(comment("182", "Thank you", parent_id="179"))
    assert ticket.messages.count() == 3


def test_the_test_that_meta_sends_is_a_message_too(arrives):
    raw = arrives(changed("instagram", "messages", message("m1", "random_text")))
    assert (raw.state, raw.message.visible) == ("ticket", "random_text")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            changed("instagram", "mentions", {"media_id": "17", "comment_id": "18"}),
            "Somebody mentions us under a post of",
        ),
        (
            changed("instagram", "story_insights", {"media_id": "17"}),
            "It tells of a change of the account: story_insights.",
        ),
        (changed("page", "feed", {"item": "comment"}), "It is about page, and this inbox stands for Instagram."),
        (told(event(referral={"ref": "x"})), "Somebody opened the conversation by a link or an advertisement"),
    ],
)
def test_unknown_kinds_are_kept_and_shown(arrives, body, reason):
    raw = arrives(body)
    assert raw.state == "set_aside"
    assert raw.reason.startswith(reason)
