"""Calls on the ticket's page: what became of them, their sound, their turns, and ringing back."""

import pytest
from django.test import Client

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.talk import Talk, Turn
from towerdesk.channels.twilio.fake import NUMBER, SID, TOKEN, FakeTwilio
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.files import keep
from towerdesk.people.find import person_for
from towerdesk.tickets.hear import begin, hear
from towerdesk.tickets.models import Attachment, Call, Message, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive

CALLER = "+4930901820"


@pytest.fixture
def inbox(desk, settings):
    settings.HOOK_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    made = Inbox.objects.create(name="Telephone", address="voice:hotline", channel="voice", team=desk.repairs)
    with serving(FakeTwilio()) as twilio:
        connect(made, {"sid": SID, "token": TOKEN, "number": NUMBER, "server": twilio.url}, by=CLOCK)
        yield made


@pytest.fixture
def message(inbox):
    mara = person_for(CALLER, "Mara Lindqvist", kind="phone")
    ticket = open_ticket("Call from +49 30 901820", requester=mara, inbox=inbox, by=mara.actor())
    received = Received("Call from +49 30 901820", sender=CALLER, person=mara, channel="voice", auto="call")
    made = receive(ticket, received, by=mara.actor(), opening=True)
    begin(made, Talk("ringing", CALLER), inbox, by=CLOCK)
    return made


def page_of(web, message):
    answer = web.get(f"/tickets/{message.ticket_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_missed_call_asks_in_so_many_words_to_be_called_back(web, message):
    hear(message, Talk("missed"), by=CLOCK)
    page = page_of(web, message)

    assert "A call was missed. Someone in Repairs calls Mara back on +49 30 901820" in page
    assert f'href="/tickets/{message.ticket_id}/call"' in page
    assert f'formaction="/tickets/{message.ticket_id}/called"' in page
    assert "missed" in page


def test_a_voicemail_has_a_player_its_turns_and_what_matters(web, message):
    sound = keep("voicemail.mp3", "audio/mpeg", b"ID3 0123456789")
    turns = [Turn("It <b>drips</b>.", "Mara", 0.0, 2.0), Turn("Then turn it.", "Ana", 62.0, 63.0)]
    hear(message, Talk("voicemail", seconds=64, turns=turns), [sound], by=CLOCK)
    Call.objects.update(summary="Mara: It drips.")
    page, file = page_of(web, message), Attachment.objects.get()

    assert f'src="/sounds/{file.pk}"' in page
    assert "voicemail, 1:04" in page
    assert "It &lt;b&gt;drips&lt;/b&gt;." in page
    assert 'data-seek="62.0"' in page
    assert "In short" in page
    assert "voicemail.mp3" not in page  # the player is there instead of a clip


def test_a_recording_without_words_says_why(web, message, monkeypatch):
    monkeypatch.delenv("TOWERDESK_SPEECH", raising=False)
    hear(message, Talk("voicemail", seconds=4), [keep("a.mp3", "audio/mpeg", b"ID3")], by=CLOCK)
    assert "no speech-to-text engine is installed here" in page_of(web, message)


def test_a_long_talk_is_folded(web, message):
    hear(message, Talk(turns=[Turn(f"Word {number}", "AB"[number % 2]) for number in range(20)]), by=CLOCK)
    assert "The other 12 turns" in page_of(web, message)


def test_ana_rings_mara_from_the_ticket(web, message):
    form = web.get(f"/tickets/{message.ticket_id}/call").content.decode()
    assert "+49 30 901820" in form
    assert "press a key" in form

    web.post(f"/tickets/{message.ticket_id}/call", {"number": CALLER, "agent": "+49 30 111111"})
    made = Call.objects.get(message__direction="out")
    assert (made.number, made.agent, made.message.delivery) == (CALLER, "+4930111111", "queued")
    assert 'value="+49 30 111111"' in web.get(f"/tickets/{message.ticket_id}/call").content.decode()
    assert "called Mara" in page_of(web, message)


def test_what_can_not_be_rung_is_said_with_what_was_typed_still_there(web, message):
    answer = web.post(f"/tickets/{message.ticket_id}/call", {"number": CALLER, "agent": "12"})
    assert (answer.status_code, "be rung: write the number with its country" in answer.content.decode()) == (422, True)
    assert 'value="12"' in answer.content.decode()


def test_called_back_by_another_telephone(web, message):
    web.post(f"/tickets/{message.ticket_id}/called")
    ticket = Ticket.objects.get(pk=message.ticket_id)
    assert (ticket.step_kind, "writes down what was agreed" in ticket.next_step) == ("answer", True)


def test_whoever_has_no_number_is_rung_by_one_that_somebody_types(web, inbox, ticket):
    call = f"/tickets/{ticket.pk}/call"
    assert call not in web.get(f"/tickets/{ticket.pk}").content.decode()
    assert call in web.get(f"/tickets/{ticket.pk}/do").content.decode()
    assert 'name="number" value=""' in web.get(call).content.decode()

    web.post(call, {"number": "+49 30 5550000", "agent": "+49 30 111111"})
    assert Call.objects.get().number == "+49305550000"


def test_a_call_to_make_lies_among_what_waits_on_us(web, message):
    tower = web.get("/").content.decode()
    assert f'id="strip-{message.ticket_id}"' in tower
    assert f'data-number="{message.ticket_id}" data-bay="answer"' in tower


@pytest.mark.parametrize(
    ("asked", "status", "content", "stretch"),
    [
        ("", 200, b"ID3 0123456789", None),
        ("bytes=0-", 206, b"ID3 0123456789", "bytes 0-13/14"),
        ("bytes=4-6", 206, b"012", "bytes 4-6/14"),
        ("bytes=-2", 206, b"89", "bytes 12-13/14"),
        ("bytes=90-", 200, b"ID3 0123456789", None),
        ("bytes=5-2", 200, b"ID3 0123456789", None),
        ("pages=1-2", 200, b"ID3 0123456789", None),
        ("bytes=-", 200, b"ID3 0123456789", None),
    ],
)
def test_a_player_gets_the_stretch_it_asks_for(web, message, asked, status, content, stretch):
    hear(message, Talk(), [keep("a.mp3", "audio/mpeg", b"ID3 0123456789")], by=CLOCK)
    answer = web.get(f"/sounds/{Attachment.objects.get().pk}", headers={"Range": asked} if asked else {})

    assert (answer.status_code, b"".join(answer)) == (status, content)
    assert answer.headers.get("Content-Range") == stretch
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_only_sounds_are_played_and_only_to_those_who_may_read_them(web, message):
    hear(message, Talk(), [keep("a.svg", "image/svg+xml", b"<svg/>")], by=CLOCK)
    assert web.get(f"/sounds/{Attachment.objects.get().pk}").status_code == 404
    assert Client().get(f"/sounds/{Attachment.objects.get().pk}").status_code == 302


def test_the_inbox_page_offers_the_desks_calendars(web, inbox, ana_user):
    ana_user.role = "admin"
    ana_user.save()
    page = web.get(f"/settings/inboxes/{inbox.pk}").content.decode()
    assert "Always open" in page
    assert "Primary handler fails" in page


def test_messages_of_other_kinds_are_as_before(web, ticket):
    assert Message.objects.get().visible in web.get(f"/tickets/{ticket.pk}").content.decode()
