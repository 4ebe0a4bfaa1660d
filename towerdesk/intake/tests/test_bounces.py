"""One of our replies comes back: it is tied to the message, and opens no ticket."""

import pytest

from towerdesk.channels.email.address import message_id, return_address
from towerdesk.testing.mails import arrives, mail
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply

REPORT = """--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.lindqvist.example

Final-Recipient: rfc822; mara@lindqvist.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnosis}

--b
Content-Type: text/rfc822-headers

Message-ID: <{id}>
To: mara@lindqvist.example

--b--
"""


def report(
    id_: str, *, status: str = "5.1.1", diagnosis: str = "550 5.1.1 user unknown", action: str = "failed"
) -> bytes:
    return mail(
        REPORT.format(id=id_, status=status, diagnosis=diagnosis, action=action),
        sender="MAILER-DAEMON@mx.lindqvist.example",
        subject="Undelivered Mail Returned to Sender",
        return_path="<>",
        content_type='multipart/report; report-type=delivery-status; boundary="b"',
    )


@pytest.fixture
def ours(ticket, ana):
    message = reply(ticket, "Turn it by half", by=ana)
    Message.objects.filter(pk=message.pk).update(delivery="sent", to=["mara@lindqvist.example"])
    return message


def test_a_bounce_is_tied_to_the_message_by_its_signed_id(desk, ours):
    raw = arrives(report(message_id(ours.pk, "brasswell.example")), desk.inbox)

    ours.refresh_from_db()
    assert (raw.state, raw.ticket_id, ours.delivery) == ("bounce", ours.ticket_id, "bounced")
    assert ours.delivery_note == "There is no such mailbox"
    assert Ticket.objects.count() == 1


def test_the_ticket_goes_back_to_a_person_who_is_told_why(desk, ours):
    arrives(report(message_id(ours.pk, "brasswell.example")), desk.inbox)

    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.step_kind) == ("open", "answer")
    assert ticket.next_step == "The reply did not arrive: There is no such mailbox. Ana answers Mara"


def test_or_by_the_return_address_when_the_relay_gave_it_another_id(desk, ours):
    to = return_address(desk.inbox.address, ours.pk)
    raw = arrives(report("0100018@relay.example"), desk.inbox, **{"from": "", "to": [to]})

    assert raw.ticket_id == ours.ticket_id


def test_a_bounce_of_somebody_elses_mail_is_tied_to_nothing(desk, ours):
    raw = arrives(report("spam@forged.example"), desk.inbox)

    ours.refresh_from_db()
    assert (raw.state, raw.ticket_id, ours.delivery) == ("bounce", None, "sent")
    assert raw.reason == (
        "mara@lindqvist.example was not reached (550 5.1.1, there is no such mailbox): no message of ours is known for it."
    )


def test_a_delay_stays_on_record_and_asks_for_nothing(desk, ours):
    content = report(
        message_id(ours.pk, "brasswell.example"), status="4.2.2", diagnosis="452 4.2.2 full", action="delayed"
    )
    arrives(content, desk.inbox)

    ours.refresh_from_db()
    assert (ours.delivery, ours.ticket.status) == ("sent", "pending")


def test_a_copy_that_bounces_does_not_undo_the_reply(desk, ours):
    Message.objects.filter(pk=ours.pk).update(to=["mara@lindqvist.example"], cc=["pia@lindqvist.example"])
    content = report(message_id(ours.pk, "brasswell.example")).replace(b"; mara@", b"; pia@")
    arrives(content, desk.inbox)

    ours.refresh_from_db()
    assert ours.delivery == "sent"


def test_a_complaint_is_tied_and_opens_nothing(desk, ours):
    text = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSpam report\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: <{message_id(ours.pk, 'brasswell.example')}>\r\n\r\nhi\r\n--b--"
    )
    kind = 'multipart/report; report-type=feedback-report; boundary="b"'
    raw = arrives(mail(text, sender="fbl@mx.example", content_type=kind), desk.inbox)

    assert (raw.state, raw.ticket_id, Ticket.objects.count()) == ("bounce", ours.ticket_id, 1)
