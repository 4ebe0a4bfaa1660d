"""What becomes of a mail, told from its arrival."""

import pytest

from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import put_on_ticket, replay
from towerdesk.intake.store import store
from towerdesk.lib.errors import Conflict, Refused
from towerdesk.people.models import Person
from towerdesk.testing.mails import arrives, mail
from towerdesk.tickets.models import Message, Ticket


def test_a_mail_becomes_a_ticket_of_its_sender(desk):
    raw = arrives(mail("The group head drips.\n\n-- \nMara", id="1@lindqvist.example"), desk.inbox)

    assert raw.state == "ticket"
    assert (raw.ticket.subject, raw.ticket.requester.name) == ("Group head drips", "Mara Lindqvist")
    assert raw.message.visible == "The group head drips."
    assert raw.ticket.team == desk.repairs
    assert raw.ticket.next_step


def test_the_log_says_what_became_of_it(desk):
    raw = arrives(mail(), desk.inbox)

    said = Event.objects.filter(subject_id=raw.pk, kind__startswith="raw.").order_by("pk").values_list("kind", "data")
    assert list(said) == [
        ("raw.arrived", {"inbox": desk.inbox.pk, "door": "smtp"}),
        ("raw.accepted", {"inbox": desk.inbox.pk}),
    ]


def test_reading_it_again_changes_nothing(desk):
    raw = arrives(mail(), desk.inbox)

    assert accept(raw.pk) is None
    assert Ticket.objects.count() == 1


def test_the_same_mail_twice_is_one_message(desk):
    first = arrives(mail(id="1@x.example", received="from a.example"), desk.inbox)
    second = arrives(mail(id="1@x.example", received="from b.example"), desk.inbox)

    assert second.state == "set_aside"
    assert second.reason == f"The same mail came before: it is on ticket {first.ticket_id}."
    assert Message.objects.count() == 1


def test_without_a_message_id_the_bytes_decide(desk):
    arrives(mail("One"), desk.inbox)
    arrives(mail("Two"), desk.inbox)
    again = arrives(mail("One"), desk.inbox)

    assert (Ticket.objects.count(), again.state) == (2, "set_aside")


def test_another_sender_with_the_same_message_id_is_another_mail(desk):
    arrives(mail(id="1@x.example"), desk.inbox)
    other = arrives(mail(id="1@x.example", sender="jonas@weber.example"), desk.inbox)

    assert other.state == "ticket"


def test_a_copy_to_a_second_inbox_does_not_appear_twice_on_a_ticket(desk, ticket, ana):
    from towerdesk.channels.email.address import reply_address
    from towerdesk.channels.models import Inbox

    billing = Inbox.objects.create(name="Billing", address="billing@brasswell.example", team=desk.billing)
    answer = mail(id="2@x.example", to=reply_address(desk.inbox.address, ticket.pk))

    assert [arrives(answer, desk.inbox).state, arrives(answer, billing).state] == ["message", "set_aside"]


@pytest.mark.parametrize(
    "content", [b"", b"\r\n\r\n", b"Subject: Help\r\n\r\nIt drips", b"no header at all", b"\x00\xff\xfe"]
)
def test_a_mail_without_from_or_message_id_becomes_a_ticket(desk, content):
    raw = arrives(content, desk.inbox)

    assert raw.state == "ticket"
    assert raw.ticket.requester.name == "Unknown sender"


def test_two_mails_without_a_sender_are_not_taken_for_one_person(desk):
    arrives(b"Subject: One\r\n\r\nIt drips", desk.inbox)
    arrives(b"Subject: Two\r\n\r\nIt leaks", desk.inbox)

    assert Person.objects.count() == 2


def test_plain_latin_1_without_a_charset_is_read(desk):
    raw = arrives(mail().replace(b"It drips.", b"Die M\xfchle tropft."), desk.inbox)

    assert raw.message.text.startswith("Die Mühle tropft.")


def test_reply_to_is_not_who_wrote(desk):
    raw = arrives(mail(reply_to="boss@brasswell.example"), desk.inbox)

    assert raw.ticket.requester.name == "Mara Lindqvist"
    assert "reply_to" not in raw.message.trust


def test_a_reply_to_in_the_senders_own_domain_is_kept_for_the_answer(desk):
    raw = arrives(mail(reply_to="office@lindqvist.example"), desk.inbox)

    assert raw.message.trust["reply_to"] == "office@lindqvist.example"


def test_attachments_are_kept(desk):
    content = mail(
        "--x\r\nContent-Type: text/plain\r\n\r\nSee the picture\r\n--x\r\n"
        'Content-Type: image/png; name="drip.png"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--x--',
        content_type='multipart/mixed; boundary="x"',
    )
    [file] = arrives(content, desk.inbox).message.attachments.all()

    assert (file.name, file.type, file.size) == ("drip.png", "image/png", 5)


def test_a_newsletter_is_a_ticket_that_is_marked_as_automatic(desk):
    raw = arrives(mail(list_unsubscribe="<mailto:u@news.example>"), desk.inbox)

    assert (raw.state, raw.message.auto) == ("ticket", "bulk")


def test_an_out_of_office_note_without_a_ticket_is_set_aside(desk):
    raw = arrives(mail("I am away", subject="Out of office", auto_submitted="auto-replied"), desk.inbox)

    assert (raw.state, raw.auto) == ("set_aside", "vacation")
    assert raw.reason.endswith("It answers no ticket of ours.")
    assert not Ticket.objects.exists()


def test_a_flood_from_one_address_is_set_aside(desk):
    desk.inbox.settings = {"most_per_hour": 3}
    desk.inbox.save()
    states = [arrives(mail(id=f"{number}@x.example"), desk.inbox).state for number in range(5)]
    other = arrives(mail(sender="jonas@weber.example"), desk.inbox)

    assert states == ["ticket", "ticket", "ticket", "set_aside", "set_aside"]
    assert other.state == "ticket"


def test_files_taken_in_by_hand_are_no_flood(desk):
    desk.inbox.settings = {"most_per_hour": 1}
    desk.inbox.save()

    assert {arrives(mail(id=f"{number}@x.example"), desk.inbox, door="file").state for number in range(4)} == {"ticket"}


def test_ana_puts_a_mail_on_a_ticket_that_was_set_aside(desk, ana):
    raw = arrives(mail("I am away", subject="Out of office", auto_submitted="auto-replied"), desk.inbox)
    put_on_ticket(raw, by=ana)

    raw.refresh_from_db()
    assert raw.state == "ticket"
    with pytest.raises(Conflict):
        put_on_ticket(raw, by=ana)


def test_even_a_duplicate_when_ana_says_so(desk, ana):
    arrives(mail(id="1@x.example"), desk.inbox)
    second = arrives(mail(id="1@x.example"), desk.inbox)

    assert put_on_ticket(second, by=ana).raw.state == "ticket"


def test_ben_may_look_at_what_was_set_aside_but_not_change_it(desk, ben):
    raw = arrives(mail(auto_submitted="auto-replied", in_reply_to="<a@b.example>"), desk.inbox)

    with pytest.raises(Refused):
        replay(raw, by=ben)


def test_mail_of_many_parts_a_huge_subject_and_endless_references(desk):
    parts = "".join(f"--x\r\nContent-Type: text/plain\r\n\r\n{number}\r\n" for number in range(10_000))
    many = arrives(mail(parts + "--x--", content_type="multipart/mixed; boundary=x"), desk.inbox)
    long = arrives(mail(subject="Help " * 2_000_000), desk.inbox)
    chain = " ".join(f"<{number}@x.example>" for number in range(20_000))
    old = arrives(mail("And now?", references=chain), desk.inbox)

    assert [many.state, long.state, old.state] == ["ticket"] * 3
    assert len(long.ticket.subject) <= 500


def test_nul_and_lone_surrogates_reach_the_database_as_text(desk):
    raw = arrives(mail("a\x00b =?utf-8?q?x?=", subject="=?utf-8?q?a=00b=ED=A0=80?=", id="a\x00b@x"), desk.inbox)

    assert raw.state == "ticket"


def test_the_bytes_stay_as_they_came(desk):
    content = mail("Grüße\x00\r\n.\r\n") + b"\xff\xfe"

    assert bytes(Raw.objects.get(pk=store(content, desk.inbox, door="smtp", envelope={}).pk).content) == content
