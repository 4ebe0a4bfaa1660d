"""A number's conversations on the desk, against a server that behaves like Meta's, over real HTTP."""

import json
from datetime import timedelta

import httpx2
import pytest
from django.test import Client

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says
from towerdesk.channels.models import Inbox
from towerdesk.channels.whatsapp.fake import NUMBER, TOKEN, message, signature, status, told, wrong
from towerdesk.channels.whatsapp.templates import templates
from towerdesk.channels.whatsapp.tests.conftest import connected
from towerdesk.delivery.send import send, send_due
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.files import keep, read
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of

LATER = timedelta(hours=25)


@pytest.fixture
def ticket(line):
    return line.arrives(message("m1", "My grinder is loud")).ticket


def state(answer):
    return Message.objects.values_list("delivery", "delivery_note").get(pk=answer.pk)


def test_an_inbox_is_connected_to_its_number(desk, meta):
    inbox = Inbox.objects.create(name="W", address="whatsapp:1", channel="whatsapp", team=desk.repairs)
    values = {"number": NUMBER, "token": TOKEN, "secret": "s", "server": f"{meta.url}/v24.0"}

    assert connect(inbox, values, by=CLOCK) == "Connected to +1 555-0100, Brasswell. Now follow the steps at Meta."
    with pytest.raises(Invalid, match="WhatsApp does not give it"):
        connect(inbox, {"token": "old"}, by=CLOCK)
    meta.goes_wrong = [Says(503)]
    with pytest.raises(Unavailable):
        connect(inbox, {"token": TOKEN}, by=CLOCK)


def test_meta_verifies_the_address_once(line):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "guessed"}
    assert Client().get(line.path, asked).status_code == 401

    right = Client().get(line.path, asked | {"hub.verify_token": account_of(line.inbox).get("verify")})
    assert (right.status_code, right.content) == (200, b"1158201444")
    assert Raw.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": "sha256=00"},
        {"X-Hub-Signature": "sha1=00"},
        signature(b"another body"),
        signature(told(message("m1", "Hi", at=1)), "another secret"),
    ],
)
def test_a_forged_call_is_turned_away(line, headers):
    assert line.calls(told(message("m1", "Hi", at=1)), **headers) == 401
    assert Raw.objects.count() == 0


def test_one_call_with_many_messages_and_statuses_is_taken_apart(line):
    many = [
        message("m1", "one", at=1),
        message("m2", "two", at=2),
        status("wamid.x", "sent"),
        status("wamid.x", "read"),
    ]
    assert [line.calls(told(*many)), line.calls(told(*many[1:]))] == [200, 200]
    assert Raw.objects.count() == 4

    both = {**message("m3", "three"), "statuses": status("wamid.y", "sent")["statuses"], "errors": [{"code": 131000}]}
    line.calls(told(both))
    assert Raw.objects.count() == 6


def test_a_conversation_is_one_ticket_of_the_person_with_that_number(line):
    known = person_for("+972 98-765-4321", "Mara Lindqvist", kind="phone", verified=True)
    first = line.arrives(message("m1", "My grinder is loud"))
    second = line.arrives(message("m2", "Very loud"))

    assert (first.state, second.state, second.ticket_id) == ("ticket", "message", first.ticket_id)
    assert first.ticket.requester == known
    assert Identity.objects.get(kind="phone").verified


def test_who_shows_no_number_is_known_by_whatsapps_own_id(line, meta, ana):
    hidden = message("m1", "Hi")
    hidden["contacts"][0] = {"profile": {"name": "Jo"}, "user_id": "US.134"}
    hidden["messages"][0] = {**hidden["messages"][0], "from_user_id": "US.134"}
    del hidden["messages"][0]["from"]
    ticket = line.arrives(hidden).ticket
    assert Identity.objects.get(person=ticket.requester).kind == "whatsapp"

    assert send(reply(ticket, "Hello", by=ana).pk) == "sent"
    assert (meta.sent[0]["recipient"], "to" in meta.sent[0]) == ("US.134", False)


def test_a_message_for_another_number_of_the_app_is_set_aside_with_what_to_do(line):
    other = {**message("m1", "Hi"), "metadata": {"display_phone_number": "4930123", "phone_number_id": "99"}}
    raw = line.arrives(other)

    assert raw.state == "set_aside"
    assert raw.reason.startswith("It is for another number, 4930123")


def test_a_picture_is_fetched_with_the_token(line, meta):
    meta.media["pic"] = b"\x89PNG"
    raw = line.arrives(message("m1", type="image", image={"id": "pic", "mime_type": "image/png", "caption": "See"}))

    file = raw.message.attachments.get()
    assert (raw.message.visible, file.name, file.type, read(file.path)) == ("See", "photo.png", "image/png", b"\x89PNG")
    assert raw.ticket.subject == "See"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda url: {"url": "https://evil.example/x"}, "WhatsApp says that it is on a host that is not Meta's"),
        (lambda url: {"url": "http://lookaside.fbsbx.com/x"}, "WhatsApp says that it is on a host that is not Meta's"),
        (lambda url: {"url": f"{url}/file/pic", "file_size": 2**31}, "it has more than 20 MB"),
    ],
)
def test_the_token_goes_to_meta_alone_and_no_file_is_too_big(line, meta, answer, said):
    meta.goes_wrong = [Says(200, json.dumps(answer(meta.url)).encode())]
    raw = line.arrives(message("m1", type="document", document={"id": "pic", "filename": "a.pdf"}))

    assert raw.message.visible == f"[a.pdf could not be fetched: {said}]"
    assert len(meta.asked) == 2  # the first was for the number


def test_media_wait_for_a_token_that_has_expired(line, meta):
    meta.media["pic"] = b"x"
    meta.goes_wrong = [wrong(190, "expired", status=401)]
    from towerdesk.intake.outage import StorageIsAway

    assert line.calls(told(message("m1", type="image", image={"id": "pic"}))) == 200
    with pytest.raises(StorageIsAway):
        line.read()
    line.read()
    assert Message.objects.get().attachments.count() == 1


def test_a_reply_quotes_what_it_answers(line, meta, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"

    assert meta.sent == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "972987654321",
            "context": {"message_id": "wamid.m1"},
            "type": "text",
            "text": {"body": "Turn it by half", "preview_url": False},
        }
    ]
    answer.refresh_from_db()
    assert answer.message_id == "wamid.ours1"


def test_statuses_come_to_the_reply_and_never_lead_back(line, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    for how in ("sent", "read", "delivered"):
        line.arrives(status("wamid.ours1", how))

    assert state(answer)[0] == "read"


def test_a_status_that_says_failed_gives_the_ticket_back(line, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    line.arrives(status("wamid.ours1", "failed", errors=[{"code": 131026, "title": "Message undeliverable"}]))

    ticket.refresh_from_db()
    assert state(answer)[0] == "bounced"
    assert ticket.next_step.startswith("The reply did not arrive: This number can't be reached by WhatsApp")


def test_a_long_reply_with_files_leaves_in_parts_and_the_last_tells(line, meta, ticket, ana):
    files = [keep(name, "application/pdf", b"%PDF") for name in ("a.pdf", "b.pdf")]
    answer = reply(ticket, "word " * 1000, by=ana, files=files)
    assert send(answer.pk) == "sent"

    assert [one["type"] for one in meta.sent] == ["text", "text", "document", "document"]
    assert ["biz_opaque_callback_data" in one for one in meta.sent] == [True, True, True, False]
    raw = line.arrives(status("wamid.ours1", "delivered", biz_opaque_callback_data="part"))
    assert raw.reason.startswith("It tells that one part of a reply")
    line.arrives(status("wamid.ours4", "delivered"))
    assert state(answer)[0] == "delivered"


def test_one_picture_carries_its_text(line, meta, ticket, ana):
    send(reply(ticket, "Like this", by=ana, files=[keep("a.png", "image/png", b"x")]).pk)

    assert (meta.sent[0]["type"], meta.sent[0]["image"]) == ("image", {"id": "up-0", "caption": "Like this"})


@pytest.mark.parametrize(
    ("says", "outcome", "note"),
    [
        (wrong(130429, "Rate limit hit"), "retry", "WhatsApp asks for patience (130429)."),
        (wrong(131056, "pair rate limit hit"), "retry", "WhatsApp asks for patience (131056)."),
        (Says(500), "retry", "WhatsApp is in trouble (500)."),
        (wrong(131000, "Something went wrong", status=500), "retry", "WhatsApp is in trouble (131000)."),
        (wrong(131026, "Undeliverable"), "failed", "This number can't be reached by WhatsApp: they may have no WhatsApp,"),
        (wrong(131047, "Re-engagement"), "failed", "More than 24 hours have passed since the customer wrote: WhatsApp"),
        (wrong(131008, "Missing", details="Parameter x is missing"), "failed", "WhatsApp does not take this (400 Parameter x"),
        (Says(200, b"surprise"), "unsure", "WhatsApp answered something that can't be read (200)"),
        (Says(hangs_up=True), "unsure", "WhatsApp did not say whether it took this (RemoteProtocolError)"),
    ],
)  # fmt: skip
def test_what_meta_says_decides(line, meta, ticket, ana, says, outcome, note):
    meta.goes_wrong = [says]
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == outcome
    assert state(answer)[1].startswith(note)


def test_an_expired_token_is_said_on_the_inbox_and_the_reply_waits_for_a_new_one(line, meta, ticket, ana):
    meta.goes_wrong = [wrong(190, "expired", status=401)]
    answer = reply(ticket, "one", by=ana)
    assert send(answer.pk) == "retry"
    line.inbox.refresh_from_db()
    assert line.inbox.trouble == "The access token has expired (190): connect the inbox again."

    with clock.at(clock.now() + timedelta(minutes=2)):
        send_due()
    line.inbox.refresh_from_db()
    assert (state(answer)[0], line.inbox.trouble) == ("sent", "")


def test_meta_that_is_away_is_asked_again_and_given_up_visibly(line, meta, ticket, ana):
    answer = reply(ticket, "one", by=ana)
    meta.goes_wrong = [Says(503)] * 9
    at = clock.now()
    for minutes in (0, 2, 8, 25, 90, 300, 700, 1430):
        with clock.at(at + timedelta(minutes=minutes)):
            send(answer.pk)
    ticket.refresh_from_db()
    assert state(answer)[0] == "failed"
    assert ticket.next_step.startswith("The reply could not be sent: WhatsApp is in trouble (503)")


def test_the_window_is_said_before_anybody_writes(line, ticket):
    at = clock.now()
    with clock.at(at + timedelta(hours=20)):
        assert terms_of(ticket).sentence.startswith(
            "WhatsApp takes free text for another 3 h 59 min, then only a templ"
        )
    with clock.at(at + LATER):
        found = terms_of(ticket)
    assert found.sentence == "They last wrote over 24 hours ago: WhatsApp takes only a template now; choose one."
    assert (found.closed, len(found.only)) == (True, 2)


def test_the_window_opens_again_when_they_write(line, ticket, ana):
    with clock.at(clock.now() + LATER):
        line.arrives(message("m2", "Still loud", at=clock.now().timestamp() - 60))
        assert not terms_of(ticket).closed


def test_after_the_window_only_a_template_leaves(line, meta, ticket, ana):
    with clock.at(clock.now() + LATER):
        with pytest.raises(Invalid, match="WhatsApp takes only a template now; choose one"):
            reply(ticket, "Is it better?", by=ana)
        with pytest.raises(Invalid):
            reply(ticket, "Hello {{1}}, there is news about your order: {{2}}", by=ana)
        answer = reply(ticket, "Hello Mara, there is news about your order: it is on its way.", by=ana)
        assert send(answer.pk) == "sent"

    values = [{"type": "text", "text": text} for text in ("Mara", "it is on its way.")]
    assert meta.sent[0]["template"] == {
        "name": "order_news",
        "language": {"code": "en"},
        "components": [{"type": "body", "parameters": values}],
    }


def test_a_reply_that_was_written_in_time_and_leaves_too_late_is_given_back(line, meta, ticket, ana):
    answer = reply(ticket, "Is it better?", by=ana)
    with clock.at(clock.now() + LATER):
        assert send(answer.pk) == "failed"

    ticket.refresh_from_db()
    assert meta.sent == []
    assert ticket.next_step.startswith("The reply could not be sent: They last wrote over 24 hours ago")


def test_what_the_assistant_would_say_too_late_does_not_leave_either(line, meta, ticket):
    with clock.at(clock.now() + LATER):
        answer = reply(ticket, "Is it better?", by=THE_ASSISTANT, warrant="licence:1")
        assert send(answer.pk) == "failed"
    assert meta.sent == []


def test_whoever_never_wrote_is_greeted_by_template(line, meta, ana):
    mara = person_for("+972987654321", "Mara", kind="phone")
    ticket = open_ticket("Your order", requester=mara, inbox=line.inbox, by=ana)
    assert terms_of(ticket).sentence.startswith("They have not written by WhatsApp yet")

    assert send(reply(ticket, "Hello World", by=ana).pk) == "sent"
    assert (meta.sent[0]["to"], meta.sent[0]["template"]["name"]) == ("972987654321", "hello_world")


def test_without_templates_it_is_said_where_they_are_listed(desk, meta, ana):
    bare = connected(meta, desk.repairs, templates="no template at all")
    ticket = bare.arrives(message("m1", "Hi")).ticket
    with clock.at(clock.now() + LATER):
        assert terms_of(ticket).sentence.endswith(
            "there is none here. List those that Meta has approved under Settings → Inboxes."
        )


def test_the_page_of_the_ticket_says_it_and_offers_the_templates(line, ticket, client, ana_user):
    client.force_login(ana_user)
    assert b"WhatsApp takes free text for another" in client.get(f"/tickets/{ticket.pk}").content
    assert b"WhatsApp takes free text" not in client.get(f"/tickets/{ticket.pk}?write=note").content

    Message.objects.update(created_at=clock.now() - LATER)
    page = client.get(f"/tickets/{ticket.pk}?write=reply").content.decode()
    assert "They last wrote over 24 hours ago" in page
    chosen = client.get(f"/tickets/{ticket.pk}?write=reply&template=0").content.decode()
    assert "Hello {{1}}, there is news about your order: {{2}}</textarea>" in chosen
    refused = client.post(f"/tickets/{ticket.pk}/reply", {"text": "My own words", "then": "wait"})
    assert (refused.status_code, "My own words</textarea>" in refused.content.decode()) == (422, True)


@pytest.mark.django_db(transaction=True)
def test_over_real_http(live_server, meta):
    line = connected(meta, cast.small_desk().repairs)
    body = told(message("m1", "It drips"))
    with httpx2.Client(base_url=live_server.url) as web:
        said = [web.post(line.path, content=body, headers=signature(body)).status_code for _ in range(2)]
        said.append(web.post(line.path, content=body + b" ", headers=signature(body)).status_code)

    assert said == [200, 200, 401]
    line.read()
    assert Ticket.objects.get().subject == "It drips"


def test_the_page_of_the_inbox_shows_what_to_paste_and_takes_the_templates_in_lines(line, client, desk):
    client.force_login(cast.agent("Ada Admin", desk.repairs, role="admin"))
    page = client.get(f"/settings/inboxes/{line.inbox.pk}").content.decode()

    account = account_of(line.inbox)
    assert account.hook in page
    assert account.get("verify") in page
    assert TOKEN not in page
    assert "hello_world/en_US: Hello World</textarea>" in page

    typed = {"number": NUMBER, "templates": "hello_world/en_US: Hello World\r\nbye/en: Good bye {{1}}"}
    assert client.post(f"/settings/inboxes/{line.inbox.pk}/connect", typed).status_code == 302
    line.inbox.refresh_from_db()
    assert [one.name for one in templates(account_of(line.inbox).get("templates"))] == ["hello_world", "bye"]
