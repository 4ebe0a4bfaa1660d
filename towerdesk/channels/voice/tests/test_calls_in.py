"""People call the desk: what they hear, and what is on the ticket afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says
from towerdesk.channels.twilio.fake import wrong
from towerdesk.channels.voice.caller import WITHHELD
from towerdesk.channels.voice.fake import (
    CALLER,
    dialled,
    over,
    recorded,
    recording,
    ringing,
    spoken,
    transcription,
    verbs,
)
from towerdesk.hours.models import Calendar
from towerdesk.intake.counts import counts
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.files import read
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Call, Message, Ticket
from towerdesk.tickets.resolve import resolve

FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def step(ticket):
    ticket.refresh_from_db()
    return ticket.step_kind, ticket.next_step


def voicemail(line, call="CA1", text="My grinder is loud."):
    line.server.media[f"RE{call}.mp3"] = b"ID3 " + call.encode()
    ticket = line.happens(ringing(call)).ticket
    line.happens(recorded(call, 12), "recorded")
    line.happens(recording(call, line.server.url, 12), "recording")
    line.happens(transcription(call, text), "transcription")
    line.happens(over(call))
    return ticket


def test_while_it_rings_there_is_a_ticket_of_the_person_who_calls(line):
    mara = person_for(CALLER, "Mara Lindqvist", kind="phone")
    ticket = line.happens(ringing("CA1")).ticket

    assert (ticket.requester, ticket.subject) == (mara, "Call from +49 30 901820")
    assert Message.objects.get().visible == "Call from +49 30 901820 (BERLIN, DE)"
    assert step(ticket) == ("call", "Someone in Repairs calls Mara back on +49 30 901820")
    assert ticket.due_at > clock.now()


def test_without_a_number_of_ours_voicemail_takes_the_call_and_says_that_it_records(line):
    heard = line.calls(ringing("CA1"))

    assert heard["Content-Type"] == "text/xml; charset=utf-8"
    assert verbs(heard.content) == ["Say", "Record"]
    assert "It is recorded and written down" in spoken(heard.content)
    assert f"{line.hook}?on=recording".encode() in heard.content


def test_a_number_of_ours_is_rung_first_and_only_then_voicemail(line):
    connect(line.inbox, {"agents": "+4930111111"}, by=CLOCK)

    assert verbs(line.calls(ringing("CA1")).content) == ["Say", "Dial"]
    assert verbs(line.calls(dialled("CA1", "no-answer"), "dialled").content) == ["Say", "Record"]
    assert verbs(line.calls(dialled("CA2", "completed", 90), "dialled").content) == ["Hangup"]
    assert verbs(line.calls(recorded("CA1", 12), "recorded").content) == ["Say", "Hangup"]


def test_outside_of_opening_hours_nobody_is_rung(line):
    calendar = Calendar.objects.create(name="Office", week=[[[540, 1020]]] * 5 + [[], []])
    connect(
        line.inbox, {"agents": "+4930111111", "hours": f"{calendar.pk}", "closed": "We sleep <now> & then."}, by=CLOCK
    )

    with clock.at(FRIDAY):
        assert verbs(line.calls(ringing("CA1")).content) == ["Say", "Dial"]
    with clock.at(FRIDAY + timedelta(hours=12)):
        heard = line.calls(ringing("CA2")).content
    assert verbs(heard) == ["Say", "Record"]
    assert spoken(heard).startswith("We sleep <now> & then. Please leave a message")


def test_a_voicemail_is_on_the_ticket_with_its_sound_and_its_words(line):
    ticket = voicemail(line)

    message = Message.objects.get()
    assert (message.visible, message.ticket) == ("My grinder is loud.", ticket)
    assert [(file.name, file.type, read(file.path)) for file in message.attachments.all()] == [
        ("voicemail.mp3", "audio/mpeg", b"ID3 CA1")
    ]
    assert (message.call.outcome, message.call.seconds, message.call.number) == ("voicemail", 12, CALLER)
    assert step(ticket)[1].startswith("There is a voicemail. Someone in Repairs calls ")
    found = counts(line.inbox)
    assert (found.adds_up, found.on_tickets, found.failed) == (True, 5, 0)


def test_a_missed_call_is_a_ticket_too(line):
    ticket = line.happens(ringing("CA1")).ticket
    line.happens(over("CA1", "no-answer", 0))

    assert Call.objects.get().outcome == "missed"
    assert step(ticket)[1].startswith("A call was missed. Someone in Repairs calls ")


def test_who_calls_again_joins_the_open_ticket_and_later_gets_a_new_one(line, ana):
    ticket = voicemail(line)
    assert line.happens(ringing("CA2")).ticket == ticket

    ticket.refresh_from_db()
    resolve(ticket, "Called back", by=ana)
    assert line.happens(ringing("CA3")).ticket != ticket


def test_a_call_that_somebody_of_ours_took_asks_to_write_down_what_was_agreed(line):
    ticket = line.happens(ringing("CA1")).ticket
    line.happens(dialled("CA1", "completed", 190), "dialled")
    line.happens(over("CA1", "completed", 205))

    call = Call.objects.get()
    assert (call.outcome, call.seconds) == ("answered", 190)
    assert step(ticket)[0] == "answer"
    assert "writes down what was agreed" in ticket.next_step
    assert ticket.first_reply_at is not None


def test_an_old_missed_call_asks_for_nothing_when_they_were_spoken_to_since(line):
    ticket = line.happens(ringing("CA1")).ticket
    with clock.at(clock.now() + timedelta(minutes=5)):
        line.happens(ringing("CA2"))
        line.happens(dialled("CA2", "completed", 190), "dialled")
        line.happens(over("CA1", "no-answer", 0))
    assert step(ticket)[0] == "answer"


def test_who_is_given_the_ticket_is_the_one_who_calls_back(line, ana, ana_user):
    ticket = voicemail(line)
    assign(ticket, ana_user, by=ana)
    assert step(ticket)[1].startswith("There is a voicemail. Ana calls ")


@pytest.mark.parametrize("sender", ["anonymous", "", "+266696687", "+7378742833", "Restricted", "sip:a@b.example"])
def test_a_withheld_number_is_nobody_else_and_nobody_to_call_back(line, sender):
    first = line.happens(ringing("CA1", sender=sender)).ticket
    second = line.happens(ringing("CA2", sender=sender)).ticket

    assert (first.requester != second.requester, first != second) == (True, True)
    assert (first.requester.name, first.subject) == ("Withheld number", "Call from a withheld number")
    assert step(first) == ("answer", "Someone in Repairs sees to a call without a voicemail; the number is withheld")
    assert not Identity.objects.filter(kind="phone").exists()


def test_the_words_for_withheld_numbers_are_those_that_twilio_names():
    assert {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"} <= WITHHELD


@pytest.mark.parametrize(
    ("verdict", "verified"), [("TN-Validation-Passed-A", True), ("TN-Validation-Passed-B", False), ("", False)]
)
def test_only_a_network_that_signs_for_the_number_proves_who_calls(line, verdict, verified):
    line.happens(ringing("CA1", StirVerstat=verdict))
    assert Identity.objects.get(kind="phone").verified is verified


def test_a_number_that_is_made_up_joins_nobodys_ticket(line):
    ticket = voicemail(line)
    assert line.happens(ringing("CA2", StirVerstat="TN-Validation-Failed")).ticket != ticket


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (0, 4, 4, 2, 2, 1, 3, 3)])
def test_in_whatever_order_and_twice_it_is_the_same_call(line, order):
    line.server.media["RECA1.mp3"] = b"ID3"
    told = [
        (ringing("CA1"), ""),
        (recorded("CA1", 12), "recorded"),
        (recording("CA1", line.server.url, 12), "recording"),
        (transcription("CA1", "It is loud."), "transcription"),
        (over("CA1"), ""),
    ]
    for number in order:
        line.happens(*told[number])

    message = Message.objects.get()
    assert (message.visible, message.attachments.count()) == ("It is loud.", 1)
    assert (message.call.outcome, message.call.seconds) == ("voicemail", 12)
    assert Raw.objects.filter(state__in=("ticket", "message")).count() == 5


def test_a_call_is_kept_once_however_often_it_is_replayed(line):
    body_and_more = ringing("CA1")
    for _ in range(3):
        line.happens(body_and_more)
    line.happens({**body_and_more, "ErrorCode": "11200", "ErrorUrl": line.hook})  # by the address for failures
    assert (Raw.objects.count(), Ticket.objects.count()) == (1, 1)


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": "é"}])
def test_a_forged_call_hears_nothing_and_is_not_kept(line, headers):
    assert line.calls(ringing("CA1"), headers=headers).status_code == 401
    assert Raw.objects.count() == 0


def test_an_address_with_another_mark_or_number_is_forged(line):
    from towerdesk.channels.twilio.fake import post

    _, signed = post(f"{line.hook}?on=connect&to=%2B4930901820", **ringing("CA1"))
    assert line.calls(ringing("CA1"), "connect", headers=signed, to="%2B19005550000").status_code == 401
    assert line.calls(ringing("CA1"), "recording", headers=post(line.hook, **ringing("CA1"))[1]).status_code == 401


def test_a_recording_that_can_not_be_had_now_is_waited_for(line):
    line.happens(ringing("CA1"))
    line.server.media["RECA1.mp3"] = b"ID3"
    line.server.goes_wrong = [Says(503)]
    line.calls(recording("CA1", line.server.url, 12), "recording")
    with pytest.raises(StorageIsAway):
        line.work()
    line.work()
    assert Message.objects.get().attachments.count() == 1


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (wrong(20003, "Authenticate", 401), "Twilio does not give it (401)"),
        (Says(body=b"x" * (20 * 2**20 + 1)), "it has more than 20 MB"),
    ],
)
def test_a_recording_that_can_not_be_had_at_all_is_said_beside_the_call(line, trouble, why):
    ticket = line.happens(ringing("CA1")).ticket
    line.server.goes_wrong = [trouble]
    line.happens(recording("CA1", line.server.url, 12), "recording")

    call = Call.objects.get()
    assert (call.outcome, call.trouble) == ("voicemail", f"[voicemail.mp3 could not be fetched: {why}]")
    assert step(ticket)[0] == "call"


def test_a_recording_on_another_host_is_not_fetched_with_the_password(line):
    line.happens(ringing("CA1"))
    line.happens(recording("CA1", "http://internal.example", 12), "recording")
    assert "on a host that is not Twilio's" in Call.objects.get().trouble


def test_what_twilio_could_not_make_out_is_said(line):
    line.happens(ringing("CA1"))
    line.happens(transcription("CA1", "", "failed"), "transcription")
    assert Call.objects.get().trouble == "Twilio could not make out what was said."


@pytest.mark.parametrize(
    ("fields", "on", "why"),
    [
        ({"MessageSid": "SM1", "SmsStatus": "received", "Body": "Hi"}, "", "It is a text message: this inbox takes calls."),
        ({"CallSid": "CA1", "CallStatus": "dreaming"}, "", "It tells of a call that is dreaming."),
        ({"CallSid": "CA1"}, "", "It tells of a call that is in no state."),
        ({"CallSid": "CA1"}, "fax", "It is of a kind that the desk did not ask for."),
        ({"Hello": "1"}, "", "It is about no call."),
    ],
)  # fmt: skip
def test_what_is_of_no_known_kind_is_kept_and_shown(line, fields, on, why):
    raw = line.happens(fields, on)
    assert (raw.state, raw.reason) == ("set_aside", why)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a", b"CallSid=%00&From=%00&CallStatus=ringing", b"&" * 900])
def test_odd_content_that_is_signed_is_kept_and_never_an_error(line, body):
    from django.test import Client

    from towerdesk.channels.twilio.fake import TOKEN
    from towerdesk.channels.twilio.signature import form, signature

    try:
        fields = form(body)
    except ValueError:
        fields = []
    headers = {"X-Twilio-Signature": signature(line.hook, fields, TOKEN)}
    kind = "application/x-www-form-urlencoded"
    answer = Client().post(f"/hooks/{line.inbox.hook}", body, content_type=kind, headers=headers)
    assert answer.status_code in (200, 401)  # what is no form can't be signed as one
    line.work()
    assert not Raw.objects.filter(state__in=("stored", "failed")).exists()
