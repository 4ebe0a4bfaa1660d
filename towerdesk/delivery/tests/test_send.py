"""A reply leaves: by a real SMTP server, once, or a person is told why not."""

import smtplib
from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.channels.contract import FateUnknown, NotSent
from towerdesk.channels.fake import FakeChannel
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.recover import call_it_sent, recover, resend
from towerdesk.delivery.send import send, send_due
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict
from towerdesk.lib.files import keep
from towerdesk.testing.cast import says
from towerdesk.testing.mails import arrives, mail
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply


def fresh(message: Message) -> Message:
    return Message.objects.select_related("ticket").get(pk=message.pk)


def later(**more: float) -> object:
    return clock.at(clock.now() + timedelta(**more))


def test_a_reply_leaves_and_says_so(ticket, ana, server):
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "sent"
    assert (fresh(answer).delivery, fresh(answer).to) == ("sent", ["mara@lindqvist.example"])
    assert Event.objects.filter(kind="message.sent", subject_id=answer.pk).count() == 1
    assert server.recipients == [["mara@lindqvist.example"]]


def test_it_leaves_once_however_often_it_is_asked_for(ticket, ana, server):
    answer = reply(ticket, "Turn it by half", by=ana)

    assert [send(answer.pk), send(answer.pk), send_due()] == ["sent", "", 0]
    assert len(server.mails) == 1


def test_the_answer_to_it_comes_back_onto_the_ticket(desk, ana, server):
    asked = arrives(mail(id="asked@lindqvist.example"), desk.inbox)
    send(reply(asked.ticket, "Turn it by half", by=ana).pk)
    [sent] = server.mails
    back = mail("It works", sender="mara@lindqvist.example", to=sent["Reply-To"].addresses[0].addr_spec)
    by_id = mail("Thanks", in_reply_to=sent["Message-ID"])

    assert sent["In-Reply-To"] == "<asked@lindqvist.example>"
    assert [arrives(one, desk.inbox).ticket_id for one in (back, by_id)] == [asked.ticket_id] * 2


def test_its_bounce_comes_back_to_the_message(desk, ticket, ana, server):
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    notice = mail(
        "The following address failed:\r\n  mara@lindqvist.example\r\n550 5.1.1 user unknown",
        sender="MAILER-DAEMON@mx.example",
        subject="Mail delivery failed: returning message to sender",
        x_failed_recipients="mara@lindqvist.example",
    )
    raw = arrives(notice, desk.inbox, **{"from": "", "to": [server.senders[0]]})

    assert (raw.state, fresh(answer).delivery) == ("bounce", "bounced")


def test_files_go_with_it(ticket, ana, server):
    kept = keep("Anleitung für Mara.pdf", "application/pdf", b"%PDF \x00\xff")
    send(reply(ticket, "See the manual", by=ana, files=[kept]).pk)

    [file] = server.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Anleitung für Mara.pdf", b"%PDF \x00\xff")


def test_without_a_relay_it_waits_and_says_why(ticket, ana, settings, server):
    url, settings.RELAY_URL = settings.RELAY_URL, ""
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "waits"
    assert fresh(answer).delivery_note.startswith("No mail relay is set")

    settings.RELAY_URL = url
    assert send_due() == 1
    assert fresh(answer).delivery == "sent"


def test_a_relay_that_is_busy_is_asked_again_later(ticket, ana, server):
    server.answers = ["451 4.3.0 try later"]
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "retry"
    assert (
        fresh(answer).delivery_note == "The relay refuses the mail (451 4.3.0 try later). It is tried again by itself."
    )
    assert send_due() == 0
    with later(minutes=2):
        assert send_due() == 1


def test_a_relay_that_is_down_for_a_day_is_given_up_and_a_person_told(ticket, ana, settings):
    settings.RELAY_URL = "smtp://127.0.0.1:1"
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    for hours in range(1, 30):
        with later(hours=hours):
            send_due()

    assert (fresh(answer).delivery, Attempt.objects.count()) == ("failed", 8)
    ticket.refresh_from_db()
    assert ticket.next_step.startswith("The reply could not be sent: The relay can't be reached")
    assert ticket.status == "open"


def test_a_refused_address_fails_at_once(ticket, ana, server):
    server.refuses = {"mara@lindqvist.example"}
    answer = reply(ticket, "Turn it by half", by=ana)

    assert send(answer.pk) == "failed"
    assert "550 5.1.1 no such mailbox" in fresh(answer).delivery_note


def test_one_refused_copy_does_not_hold_up_the_others(ticket, ana, server):
    server.refuses = {"pia@lindqvist.example"}
    answer = reply(ticket, "Turn it", by=ana, cc=["pia@lindqvist.example", "leo@lindqvist.example"])

    assert send(answer.pk) == "sent"
    assert fresh(answer).delivery_note == "pia@lindqvist.example was refused: 550 5.1.1 no such mailbox"
    assert server.recipients == [["mara@lindqvist.example", "leo@lindqvist.example"]]


def test_nobody_to_write_to_is_said(desk, ana, server):
    ticket = arrives(b"Subject: Help\r\n\r\nIt drips", desk.inbox).ticket
    answer = reply(ticket, "Who are you?", by=ana)

    assert send(answer.pk) == "failed"
    assert fresh(answer).delivery_note == "No address of Unknown is known to write to"


def test_a_reply_to_one_of_our_own_inboxes_is_not_sent_round_in_circles(desk, ana, server):
    ticket = arrives(mail(sender="Support+x@brasswell.example", reply_to="a@b.example"), desk.inbox).ticket

    assert send(reply(ticket, "Hello us", by=ana).pk) == "failed"


def test_a_line_that_breaks_after_the_last_byte_leaves_it_unsure(ticket, ana, server):
    def hang_up(session: smtplib.SMTP) -> str:
        session.transport.abort()  # type: ignore[attr-defined]
        return "250 never heard"

    server.answers = [hang_up]
    answer = reply(ticket, "Turn it by half", by=ana)
    assert send(answer.pk) == "unsure"

    ticket.refresh_from_db()
    assert fresh(answer).delivery == "unsure"
    assert ticket.next_step == "Ana checks whether the reply to Mara went out"
    with later(days=2):
        assert (send(answer.pk), send_due()) == ("", 0)


def test_ana_finds_out_that_it_went_out(ticket, ana, channel):
    channel.goes_wrong = [FateUnknown("broke")]
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    call_it_sent(answer, by=ana)

    ticket.refresh_from_db()
    assert (fresh(answer).delivery, ticket.status) == ("sent", "pending")
    with pytest.raises(Conflict):
        call_it_sent(answer, by=ana)


def test_or_that_it_did_not_and_sends_it_again_under_the_same_id(ticket, ana, channel):
    channel.goes_wrong = [FateUnknown("broke")]
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    resend(answer, by=ana)

    assert send(answer.pk) == "sent"
    assert [one.message for one in channel.sent] == [answer.pk]


def test_a_crash_between_claim_and_record_asks_a_person(ticket, ana, channel):
    def power_cut() -> None:
        raise KeyboardInterrupt

    channel.goes_wrong = [power_cut]
    answer = reply(ticket, "Turn it by half", by=ana)
    with pytest.raises(KeyboardInterrupt):
        send(answer.pk)

    assert (fresh(answer).delivery, send(answer.pk), recover()) == ("sending", "", 0)
    with later(minutes=6):
        assert recover() == 1
    assert fresh(answer).delivery == "unsure"
    assert channel.sent == []


def test_an_error_that_nobody_explains_counts_as_unknown(ticket, ana, channel):
    channel.goes_wrong = [ZeroDivisionError()]

    assert send(reply(ticket, "Turn it", by=ana).pk) == "unsure"


def test_a_reply_that_waits_for_its_next_try_can_still_be_stopped(ticket, ana, channel):
    from towerdesk.tickets.withdraw import withdraw

    channel.goes_wrong = [NotSent("busy", later=True)]
    answer = reply(ticket, "Turn it by half", by=ana)
    send(answer.pk)
    withdraw(answer, "Wrong answer", by=ana)

    with later(hours=1):
        assert send_due() == 0
    assert channel.sent == []


def test_a_pause_is_kept(ticket, channel):
    answer = reply(ticket, "Turn it", by=THE_ASSISTANT, warrant="licence:1", pause=timedelta(minutes=2))

    assert send(answer.pk) == ""
    with later(minutes=3):
        assert send_due() == 1


def test_the_assistant_is_silent_once_ben_has_taken_the_ticket(ticket, ana, ben_user, channel):
    answer = reply(ticket, "Turn it", by=THE_ASSISTANT, warrant="licence:1")
    assign(ticket, ben_user, by=ana)
    Message.objects.filter(pk=answer.pk).update(delivery="queued")  # as if it had slipped through

    send(answer.pk)
    assert (fresh(answer).delivery, channel.sent) == ("withdrawn", [])


def test_and_when_mara_wrote_again_meanwhile(ticket, channel):
    answer = reply(ticket, "Turn it", by=THE_ASSISTANT, warrant="licence:1")
    says(ticket, "Never mind, it stopped. But the grinder?")

    send(answer.pk)
    assert fresh(answer).delivery == "withdrawn"
    assert fresh(answer).delivery_note == "Another message came in after this was written"


def test_automatic_mail_gets_no_automatic_answer(ticket, channel):
    says(ticket, "I am away", auto="vacation")
    answer = reply(ticket, "Turn it", by=THE_ASSISTANT, warrant="licence:1")

    send(answer.pk)
    assert (fresh(answer).delivery, channel.sent) == ("withdrawn", [])


def test_a_person_may_answer_automatic_mail(ticket, ana, channel):
    says(ticket, "Order 12 shipped", auto="bulk")

    assert send(reply(ticket, "Thank you", by=ana).pk) == "sent"


def test_one_person_gets_five_automatic_replies_an_hour_at_most(desk, mara, channel, ticket):
    from towerdesk.testing.cast import opened

    answers = [
        reply(opened(desk, mara, f"Question {number}"), "Turn it", by=THE_ASSISTANT, warrant="licence:1")
        for number in range(7)
    ]
    outcomes = [send(answer.pk) for answer in answers]

    assert outcomes == ["sent"] * 5 + ["", ""]
    held = Ticket.objects.get(pk=answers[6].ticket_id)
    assert (held.handler, held.step_kind) == ("person", "answer")


def test_one_relay_that_is_down_does_not_hold_the_clock_for_hundreds_of_replies(ticket, ana, channel):
    channel.goes_wrong = [NotSent("down", later=True)] * 10
    for _ in range(6):
        reply(ticket, "Turn it", by=ana, then="keep")

    assert send_due() == 0
    assert len(channel.goes_wrong) == 7


def test_nothing_of_ours_is_taken_in_as_a_request(desk, ticket, ana, server):
    send(reply(ticket, "Turn it by half", by=ana).pk)
    raw = arrives(server.mails[0].as_bytes(), desk.inbox)

    assert (raw.state, raw.auto) == ("set_aside", "own")
    assert Raw.objects.count() == 1


def test_the_fake_keeps_what_it_was_given(ticket, ana, channel: FakeChannel):
    send(reply(ticket, "Turn it by half", by=ana).pk)

    [outgoing] = channel.sent
    assert (outgoing.to, outgoing.text, outgoing.automatic) == (["mara@lindqvist.example"], "Turn it by half", False)
