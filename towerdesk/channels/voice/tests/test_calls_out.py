"""Somebody of ours rings a customer back from the ticket: first their own telephone, then the customer's."""

from datetime import timedelta

import pytest

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says
from towerdesk.channels.models import Inbox
from towerdesk.channels.twilio.fake import NUMBER, wrong
from towerdesk.channels.voice.fake import CALLER, dialled, ours, over, ringing, verbs
from towerdesk.delivery.compose import compose
from towerdesk.delivery.send import send, send_due
from towerdesk.events.models import Event
from towerdesk.flow import look_back
from towerdesk.insights import facts
from towerdesk.insights.models import TicketFact
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity
from towerdesk.tickets.call_back import called_back, numbers_of, our_number, ring_back, rings_by
from towerdesk.tickets.models import Call, Message
from towerdesk.tickets.reply import reply

ANAS = "+4930111111"


@pytest.fixture
def ticket(line):
    person_for(CALLER, "Mara Lindqvist", kind="phone")
    found = line.happens(ringing("CA1")).ticket
    line.happens(over("CA1", "no-answer", 0))
    return found


def rung(ticket, by):
    call = ring_back(ticket, CALLER, ANAS, by=by)
    return call, send(call.pk)


def step(ticket):
    ticket.refresh_from_db()
    return ticket.step_kind, ticket.next_step


def test_ana_is_rung_and_only_her_key_rings_mara(line, ticket, ana):
    call, sent = rung(ticket, ana)

    assert sent == "sent"
    [asked] = line.server.rung
    assert (asked["To"], asked["From"], asked["StatusCallback"]) == (ANAS, NUMBER, f"{line.hook}?on=made")
    assert verbs(asked["Twiml"].encode()) == ["Gather"]
    heard = line.calls({"CallSid": "CAours1", "Digits": "5"}, "connect", to="%2B4930901820").content
    assert verbs(heard) == ["Dial"]
    assert b"<Number>+4930901820</Number>" in heard
    ticket.refresh_from_db()
    assert (ticket.assignee_id, call.visible) == (ana.user_id, "Call to +49 30 901820")


def test_a_call_that_mara_takes_is_an_answer_and_ends_the_wish_for_a_call_back(line, ticket, ana):
    rung(ticket, ana)
    line.happens(dialled("CAours1", "completed", 192), "rung")
    line.happens(ours("CAours1", "completed"), "made")

    call = Call.objects.get(message__direction="out")
    assert (call.outcome, call.seconds) == ("answered", 192)
    assert step(ticket) == ("answer", "Ana writes down what was agreed with Mara, or resolves this")


def test_a_call_that_was_taken_counts_as_the_first_answer_and_one_that_was_not_does_not(line, ticket, ana):
    rung(ticket, ana)
    facts.fold()
    assert TicketFact.objects.get(ticket_id=ticket.pk).first_reply_at is None
    line.happens(dialled("CAours1", "completed", 192), "rung")
    facts.fold()
    found = TicketFact.objects.get(ticket_id=ticket.pk)
    assert (found.first_reply_by, found.replies_person) == ("agent", 1)


@pytest.mark.parametrize(
    ("told", "outcome", "why"),
    [
        ([(dialled("CAours1", "no-answer"), "rung")], "missed", "Nobody took the call. Ana calls Mara back"),
        ([(dialled("CAours1", "busy"), "rung")], "busy", "The line was busy. Ana calls Mara back"),
        ([(dialled("CAours1", "failed"), "rung")], "failed", "The number could not be reached. Ana calls"),
        ([], "unmade", "The call did not come about. Ana calls Mara back"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_whoever_is_not_reached_is_still_to_be_called_back(line, ticket, ana, told, outcome, why, backwards):
    rung(ticket, ana)
    all_of_it = [*told, (ours("CAours1", "completed"), "made")]
    for fields, on in reversed(all_of_it) if backwards else all_of_it:
        line.happens(fields, on)

    assert Call.objects.get(message__direction="out").outcome == outcome
    kind, sentence = step(ticket)
    assert (kind, sentence.startswith(why)) == ("call", True), sentence


def test_word_of_a_call_may_come_before_its_name_is_written_down(line, ticket, ana):
    early = line.happens(dialled("CAours1", "completed", 60), "rung")
    assert early.state == "set_aside"
    rung(ticket, ana)
    look_back(Event.objects.filter(kind="message.sent").latest("pk"))
    line.work()
    assert Call.objects.get(message__direction="out").outcome == "answered"


@pytest.mark.parametrize(
    ("says", "outcome", "note"),
    [
        (wrong(20429, "Too many requests", 429), "failed", "Twilio asks for patience (20429)"),
        (Says(503), "failed", "Twilio is in trouble (503)"),
        (wrong(21211, "Invalid 'To'"), "failed", "This is no telephone number (21211)"),
        (Says(200, b"surprise"), "unsure", "Twilio answered something that can't be read (200)"),
        (Says(hangs_up=True), "unsure", "Twilio did not say whether it took this (RemoteProtocolError)"),
    ],
)
def test_a_call_is_never_tried_again_by_itself(line, ticket, ana, says, outcome, note):
    line.server.goes_wrong = [says]
    call, sent = rung(ticket, ana)

    assert sent == outcome
    call.refresh_from_db()
    assert (call.delivery_note, step(ticket)[0]) == (note, "call")
    with clock.at(clock.now() + timedelta(hours=2)):
        assert send_due() == 0
    assert line.server.rung == []


def test_a_token_that_has_expired_is_said_on_the_inbox(line, ticket, ana):
    line.server.goes_wrong = [wrong(20003, "Authenticate", 401)]
    assert rung(ticket, ana)[1] == "failed"
    line.inbox.refresh_from_db()
    assert line.inbox.trouble.startswith("Twilio does not know the account SID or the auth token (20003)")
    ticket.refresh_from_db()
    assert rung(ticket, ana)[1] == "sent"
    line.inbox.refresh_from_db()
    assert line.inbox.trouble == ""


def test_a_call_that_waited_too_long_rings_nobody(line, ticket, ana):
    call = ring_back(ticket, CALLER, ANAS, by=ana)
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert send(call.pk) == "failed"
    assert line.server.rung == []
    assert "asked for too long ago" in step(ticket)[1]


def test_only_a_person_may_choose_another_number_and_only_one_call_is_made_at_a_time(line, ticket, ana):
    program = Actor("key", 7, "a program", permissions=ana.permissions)
    with pytest.raises(Invalid, match="is no number of Mara"):
        ring_back(ticket, "+49 30 5550000", ANAS, by=program)
    with pytest.raises(Invalid, match="can't be rung"):
        ring_back(ticket, CALLER, "extension 12", by=ana)
    ring_back(ticket, CALLER, ANAS, by=ana)
    with pytest.raises(Conflict, match="is being rung already"):
        ring_back(ticket, CALLER, ANAS, by=ana)


def test_whoever_used_another_telephone_says_that_it_is_done(ticket, ana):
    called_back(ticket, by=ana)

    assert step(ticket)[0] == "answer"
    assert ticket.first_reply_at is not None
    with pytest.raises(Conflict):
        called_back(ticket, by=ana)


def test_a_ticket_that_came_by_mail_is_rung_back_by_the_telephones_inbox(line, desk, ana, mara):
    from towerdesk.testing import cast

    mail = cast.opened(desk, mara)
    Identity.objects.create(person=mara, kind="phone", value=CALLER)
    assert (rings_by(mail), numbers_of(mail)) == (line.inbox, [CALLER])
    call, sent = rung(mail, ana)
    line.happens(dialled("CAours1", "completed", 30), "rung")

    assert (sent, call.ticket_id, Call.objects.get().outcome) == ("sent", mail.pk, "answered")
    assert compose(reply(mail, "As we said.", by=ana)).thread == []


def test_the_number_that_rang_ana_last_is_offered_first(line, ticket, ana, ben):
    connect(line.inbox, {"agents": "+4930222222"}, by=CLOCK)
    line.inbox.refresh_from_db()
    assert our_number(line.inbox, ana) == "+4930222222"
    rung(ticket, ana)
    assert (our_number(line.inbox, ana), our_number(line.inbox, ben)) == (ANAS, "+4930222222")


def test_without_an_inbox_that_calls_there_is_a_sentence(desk, mara, ana):
    from towerdesk.testing import cast

    mail = cast.opened(desk, mara)
    assert rings_by(mail) is None
    with pytest.raises(Invalid, match="No inbox can make calls"):
        ring_back(mail, CALLER, ANAS, by=ana)


def test_typed_replies_are_refused_in_a_sentence_that_says_what_to_do(ticket, ana):
    with pytest.raises(Invalid, match=r"use “Call back”\. Typed replies leave as text messages once a number"):
        reply(ticket, "Turn it by half", by=ana)


def test_typed_replies_leave_as_text_messages_where_a_number_for_them_is_set(line, ticket, ana):
    connect(line.inbox, {"texts": NUMBER}, by=CLOCK)
    answer = reply(type(ticket).objects.get(pk=ticket.pk), "Turn it by half", by=ana)
    assert send(answer.pk) == "sent"
    assert line.server.sent == [{"To": CALLER, "From": NUMBER, "Body": "Turn it by half", "StatusCallback": line.hook}]
    line.happens({"MessageSid": "SMours1", "MessageStatus": "delivered"})
    assert Message.objects.get(pk=answer.pk).delivery == "delivered"


def test_a_call_does_not_wait_behind_a_reply_that_waits(line, ticket, ana):
    connect(line.inbox, {"texts": NUMBER}, by=CLOCK)
    line.server.goes_wrong = [Says(503)]
    waits = reply(type(ticket).objects.get(pk=ticket.pk), "Turn it by half", by=ana)
    assert send(waits.pk) == "retry"
    assert rung(ticket, ana)[1] == "sent"


def test_an_inbox_is_connected_to_its_account(desk, twilio):
    inbox = Inbox.objects.create(name="Telephone", address="voice:1", channel="voice", team=desk.repairs)
    values = {"sid": "ACfake", "token": "wrong", "number": NUMBER, "server": twilio.url}
    with pytest.raises(Invalid):
        connect(inbox, values, by=CLOCK)
