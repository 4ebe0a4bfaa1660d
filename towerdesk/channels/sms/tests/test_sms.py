"""A number's text messages on the desk, against a server that behaves like Twilio's, over real HTTP."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from django.test import Client

from tests.data import data
from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says, serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.sms.fake import message, status
from towerdesk.channels.twilio.fake import HOME, NUMBER, SID, TOKEN, FakeTwilio, post, wrong
from towerdesk.delivery.send import send, send_due
from towerdesk.intake.accept import accept
from towerdesk.intake.counts import counts
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import keep, read
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity, Person
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.terms import terms_of

CAPTURED = json.loads((data("channel-payloads") / "twilio/messages.json").read_text())


class Line:
    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.hook = account_of(inbox).hook
        self.provider = Client()

    def calls(self, fields: dict[str, str], query: str = "", **headers: str) -> Any:
        body, signed = post(self.hook + query, **fields)
        path = f"/hooks/{self.inbox.hook}{query}"
        kind = "application/x-www-form-urlencoded"
        return self.provider.post(path, body, content_type=kind, headers=headers or signed)

    def arrives(self, fields: dict[str, str], query: str = "") -> Raw:
        assert self.calls(fields, query).status_code == 200
        for number in Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True):
            accept(number)
        return Raw.objects.order_by("-pk")[0]


@pytest.fixture
def twilio(settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    with serving(FakeTwilio()) as running:
        yield running


def connected(twilio, team):
    inbox = Inbox.objects.create(name="Text", address="sms:+15550100", channel="sms", team=team)
    connect(inbox, {"sid": SID, "token": TOKEN, "sender": NUMBER, "server": twilio.url}, by=CLOCK)
    return Line(inbox)


@pytest.fixture
def line(desk, twilio):
    return connected(twilio, desk.repairs)


@pytest.fixture
def ticket(line):
    return line.arrives(message("1", "My grinder is loud")).ticket


def state(answer):
    return Message.objects.values_list("delivery", "delivery_note").get(pk=answer.pk)


def test_an_inbox_is_connected_to_its_account(desk, twilio):
    inbox = Inbox.objects.create(name="Text", address="sms:1", channel="sms", team=desk.repairs)
    values = {"sid": SID, "token": TOKEN, "sender": NUMBER, "server": twilio.url}

    assert connect(inbox, values, by=CLOCK).startswith("Connected to the account Brasswell.")
    with pytest.raises(Invalid):
        connect(inbox, {"token": "wrong"}, by=CLOCK)


@pytest.mark.parametrize("case", CAPTURED)
def test_every_captured_message_is_on_a_ticket(line, twilio, case):
    twilio.media["MExx"] = b"x"
    fields = {name: value.replace("https://api.twilio.com", twilio.url) for name, value in CAPTURED[case].items()}
    assert [line.calls(fields).status_code for _ in range(2)] == [200, 200]
    raw = line.arrives(fields | {"SmsSid": "SMother", "Body": "another"})

    found = counts(line.inbox)
    assert (found.adds_up, found.stored, found.on_tickets) == (True, 2, 2)
    assert raw.ticket.requester.name == fields.get("ProfileName", fields["From"])
    assert Message.objects.first().visible


def test_what_is_not_on_twilios_host_is_not_fetched_and_said(line, twilio):
    raw = line.arrives(CAPTURED["media_url_resolving_to_internal_address"])

    assert raw.message.visible == (
        "media\n\n[photo.png could not be fetched: Twilio says that it is on a host that is not Twilio's]"
    )
    assert len(twilio.asked) == 1  # for the account


def test_twilio_is_answered_that_there_is_nothing_to_say(line):
    answer = line.calls(message("1", "Hi"))
    assert (answer.headers["Content-Type"], b"<Response/>" in answer.content) == ("text/xml; charset=utf-8", True)


def test_a_forged_call_is_turned_away(line):
    assert line.calls(message("1", "Hi"), **{"X-Twilio-Signature": "AAAA"}).status_code == 401
    body, signed = post(line.hook, **message("1", "Hi"))
    assert (
        Client().post(f"/hooks/{line.inbox.hook}?part=1", body, content_type="x/y", headers=signed).status_code == 401
    )
    assert Raw.objects.count() == 0


def test_a_picture_message_is_fetched_with_the_password_and_moved_to_without_it(line, twilio):
    twilio.media["ME1"] = b"\x89PNG"
    picture = {
        "NumMedia": "1",
        "MediaContentType0": "image/png",
        "MediaUrl0": f"{twilio.url}{HOME}/Messages/MM1/Media/ME1",
    }
    raw = line.arrives(message("1", "", **picture))

    file = raw.message.attachments.get()
    assert (file.name, file.type, read(file.path)) == ("photo.png", "image/png", b"\x89PNG")
    assert raw.ticket.subject == "photo.png"
    assert [("authorization" in one.headers) for one in twilio.asked[-2:]] == [True, False]


def test_one_number_is_one_person_whatever_it_writes_by(line):
    mara = person_for("+972987654321", "Mara Lindqvist", kind="phone", verified=True)  # as WhatsApp finds her
    assert line.arrives(message("1", "Hi")).ticket.requester == mara
    assert line.arrives(message("2", "Hi", sender="whatsapp:+972987654321")).ticket.requester == mara
    assert Person.objects.filter(identities__kind="phone").distinct().count() == 1


def test_a_word_as_a_sender_is_nobodys_number(line):
    ticket = line.arrives(message("1", "Your code", sender="BANK")).ticket
    identity = Identity.objects.get(person=ticket.requester)
    assert (identity.kind, identity.verified) == ("sms", False)


def test_a_reply_leaves_by_the_number_and_its_fate_comes_back(line, twilio, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"
    assert twilio.sent == [
        {"To": "+972987654321", "From": NUMBER, "Body": "Turn it by half", "StatusCallback": line.hook}
    ]

    for how in ("queued", "delivered", "sent"):
        line.arrives(status("SMours1", how))
    assert state(answer)[0] == "delivered"


def test_a_reply_that_did_not_arrive_is_given_back_with_the_reason(line, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    line.arrives(status("SMours1", "undelivered", ErrorCode="30006"))

    ticket.refresh_from_db()
    assert ticket.next_step.startswith(
        "The reply did not arrive: The number is a landline, or can't be reached (30006)"
    )


def test_a_long_reply_leaves_in_parts_and_the_last_tells(line, twilio, ticket, ana):
    answer = reply(ticket, "word " * 700, by=ana)
    assert send(answer.pk) == "sent"

    assert [len(one["Body"]) <= 1600 for one in twilio.sent] == [True] * 3
    assert " ".join(one["Body"] for one in twilio.sent).split() == ["word"] * 700
    assert [one["StatusCallback"].endswith("?part=1") for one in twilio.sent] == [True, True, False]
    assert line.arrives(status("SMours1", "delivered"), "?part=1").reason.startswith("It tells that one part")
    line.arrives(status("SMours3", "delivered"))
    assert state(answer)[0] == "delivered"


def test_a_messaging_service_may_stand_for_the_number(line, twilio, ticket, ana):
    connect(line.inbox, {"sender": "MG1"}, by=CLOCK)
    send(reply(ticket, "Hello", by=ana).pk)
    assert (twilio.sent[0]["MessagingServiceSid"], "From" in twilio.sent[0]) == ("MG1", False)


@pytest.mark.parametrize(
    ("says", "outcome", "note"),
    [
        (wrong(20429, "Too many requests", 429), "retry", "Twilio asks for patience (20429)."),
        (Says(429, headers={"Retry-After": "7"}), "retry", "Twilio asks for patience (429)."),
        (Says(503), "retry", "Twilio is in trouble (503)."),
        (wrong(21211, "Invalid 'To'"), "failed", "This is no telephone number (21211)"),
        (wrong(21999, "Something new"), "failed", "Twilio does not take this (400 Something new)"),
        (Says(200, b"surprise"), "unsure", "Twilio answered something that can't be read (200)"),
        (Says(hangs_up=True), "unsure", "Twilio did not say whether it took this (RemoteProtocolError)"),
    ],
)
def test_what_twilio_says_decides(line, twilio, ticket, ana, says, outcome, note):
    twilio.goes_wrong = [says]
    answer = reply(ticket, "one", by=ana)

    assert send(answer.pk) == outcome
    assert state(answer)[1].startswith(note)


def test_a_token_that_is_refused_is_said_on_the_inbox(line, twilio, ticket, ana):
    twilio.goes_wrong = [wrong(20003, "Authenticate", 401)]
    answer = reply(ticket, "one", by=ana)
    assert send(answer.pk) == "retry"
    line.inbox.refresh_from_db()
    assert line.inbox.trouble.startswith("Twilio does not know the account SID or the auth token (20003)")

    with clock.at(clock.now() + timedelta(minutes=2)):
        send_due()
    line.inbox.refresh_from_db()
    assert (state(answer)[0], line.inbox.trouble) == ("sent", "")


def test_files_are_refused_in_one_sentence(line, ticket, ana):
    answer = reply(ticket, "See", by=ana, files=[keep("a.pdf", "application/pdf", b"%PDF")])
    assert send(answer.pk) == "failed"
    assert state(answer)[1] == "A text message carries no files from here: leave them out"


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "Quit"])
def test_who_sends_stop_gets_nothing_more_and_a_person_is_told(line, twilio, ticket, ana, word):
    told = line.arrives(message("2", word))
    assert (told.state, told.ticket_id) == ("message", ticket.pk)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.step_kind) == ("new", "answer")
    assert terms_of(ticket).sentence.endswith("none leaves until they send START.")
    with pytest.raises(Invalid, match="They asked for no more text messages"):
        reply(ticket, "But why?", by=ana)
    alone = reply(ticket, "Sorry to see you go", by=THE_ASSISTANT, warrant="licence:1")
    send(alone.pk)
    assert state(alone)[0] == "withdrawn"
    assert twilio.sent == []


def test_stop_counts_for_their_next_ticket_too(line, ticket, ana):
    line.arrives(message("2", "STOP"))
    from towerdesk.tickets.close import close
    from towerdesk.tickets.resolve import resolve

    ticket.refresh_from_db()
    resolve(ticket, "So be it", by=ana)
    close(ticket, "done", by=ana)
    with clock.at(clock.now() + timedelta(days=20)):
        later = line.arrives(message("3", "Where is my order?")).ticket
        assert later != ticket
        assert terms_of(later).closed


def test_start_takes_it_back(line, ticket, ana):
    line.arrives(message("2", "STOP"))
    line.arrives(message("3", "Start"))
    assert not terms_of(ticket).closed
    ticket.refresh_from_db()
    assert send(reply(ticket, "Welcome back", by=ana).pk) == "sent"


def test_yes_is_an_answer_unless_twilio_says_that_it_means_start(line, ticket):
    line.arrives(message("2", "STOP"))
    line.arrives(message("3", "Yes"))
    assert terms_of(ticket).closed
    line.arrives(message("4", "Yes", OptOutType="START"))
    assert not terms_of(ticket).closed


def test_help_is_answered_by_the_network_and_not_by_us_alone(line, twilio, ticket):
    line.arrives(message("2", "HELP"))
    alone = reply(ticket, "How can we help?", by=THE_ASSISTANT, warrant="licence:1")
    send(alone.pk)
    assert (state(alone)[0], twilio.sent) == ("withdrawn", [])


def test_stopping_in_a_sentence_is_no_such_word(line, ticket):
    line.arrives(message("2", "It will not stop"))
    assert not terms_of(ticket).closed


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"a", b"From=%00&MessageSid=%00&Body=%00%F0%9F", b"MessageStatus=x&MessageSid=1", b"&" * 900],
)
def test_odd_content_that_is_signed_is_kept_and_never_an_error(line, body):
    from towerdesk.channels.twilio.signature import form, signature

    try:
        fields = form(body)
    except ValueError:
        fields = []
    answer = Client().post(
        f"/hooks/{line.inbox.hook}",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature(line.hook, fields, TOKEN)},
    )
    assert answer.status_code in (200, 401)  # what is no form can't be signed as one
    for number in Raw.objects.values_list("pk", flat=True):
        accept(number)
    assert not Raw.objects.filter(state__in=("stored", "failed")).exists()


@pytest.mark.django_db(transaction=True)
def test_over_real_http(live_server, twilio):
    line = connected(twilio, cast.small_desk().repairs)
    body, headers = post(line.hook, **message("1", "It drips"))
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    with httpx2.Client(base_url=live_server.url) as web:
        path = f"/hooks/{line.inbox.hook}"
        said = [web.post(path, content=body, headers=headers).status_code for _ in range(2)]
        said.append(web.post(path, content=body + b"x", headers=headers).status_code)

    assert said == [200, 200, 401]
    accept(Raw.objects.get().pk)
    assert Ticket.objects.get().subject == "It drips"
