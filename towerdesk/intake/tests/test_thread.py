"""Which ticket an answer belongs to, and who does not get in."""

from datetime import timedelta

import pytest
from django.db import connection

from towerdesk.channels.email.address import message_id, reply_address
from towerdesk.channels.models import Inbox
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.mails import arrives, mail
from towerdesk.tickets.close import close
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Message
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve

STRANGER = "eve@elsewhere.example"


@pytest.fixture
def asked(desk):
    """Mara's mail, which opened a ticket."""
    return arrives(mail(id="asked@lindqvist.example"), desk.inbox)


def test_an_answer_to_the_signed_address_comes_back(desk, asked):
    raw = arrives(mail("Still drips", to=reply_address(desk.inbox.address, asked.ticket_id)), desk.inbox)

    assert (raw.state, raw.ticket_id) == ("message", asked.ticket_id)


def test_the_address_counts_in_whatever_case_and_header(desk, asked):
    address = reply_address(desk.inbox.address, asked.ticket_id).upper()

    assert arrives(mail(cc=address), desk.inbox).ticket_id == asked.ticket_id
    assert arrives(mail("two", delivered_to=address), desk.inbox).ticket_id == asked.ticket_id
    assert arrives(mail("three"), desk.inbox, to=[address]).ticket_id == asked.ticket_id


def test_a_guessed_address_opens_a_ticket_of_its_own(desk, asked):
    guess = f"support+t{asked.ticket_id}.aaaaaaaaaaaaaaaa@brasswell.example"

    assert arrives(mail(to=guess, sender=STRANGER), desk.inbox).state == "ticket"


def test_an_answer_to_our_message_id_comes_back(desk, asked, ana):
    ours = reply(asked.ticket, "Turn it", by=ana)
    raw = arrives(mail("Thanks?", in_reply_to=f"<{message_id(ours.pk, 'brasswell.example')}>"), desk.inbox)

    assert raw.ticket_id == asked.ticket_id


def test_an_answer_to_a_mail_of_theirs_comes_back(desk, asked):
    raw = arrives(mail("P.S.", references="<other@x.example> <asked@lindqvist.example>"), desk.inbox)

    assert raw.ticket_id == asked.ticket_id


def test_a_colleague_in_copy_gets_in_and_is_shown_as_new(desk, asked):
    raw = arrives(mail("Me too", sender="pia@lindqvist.example", in_reply_to="<asked@lindqvist.example>"), desk.inbox)

    assert raw.ticket_id == asked.ticket_id
    assert raw.message.trust["newcomer"]
    assert "pia@lindqvist.example had no part in this ticket until now." in raw.message.trust["sentence"]


def test_a_number_in_the_subject_lets_a_participant_in(desk, asked):
    raw = arrives(mail("And?", subject=f"Re: Group head [#{asked.ticket_id}]"), desk.inbox)

    assert raw.ticket_id == asked.ticket_id


def test_a_stranger_who_guesses_a_number_does_not_get_in(desk, asked):
    raw = arrives(mail("What did she say?", sender=STRANGER, subject=f"Re: [#{asked.ticket_id}]"), desk.inbox)

    assert (raw.state, raw.ticket_id != asked.ticket_id) == ("ticket", True)


def test_nor_with_the_participants_name_on_a_mail_that_fails_its_checks(desk, asked, settings):
    settings.TRUSTED_MAIL_HOSTS = ["mx.brasswell.example"]
    failed = "mx.brasswell.example; spf=fail smtp.mailfrom=lindqvist.example; dmarc=fail header.from=lindqvist.example"
    raw = arrives(mail(subject=f"[#{asked.ticket_id}]", authentication_results=failed), desk.inbox)

    assert raw.state == "ticket"
    assert not raw.message.trust["verified"]


def test_outlooks_conversation_is_a_hint(desk):
    first = arrives(mail(thread_index="AdTcyJZuwcB8sxR0Q8eJ3yUlHl1QyQ=="), desk.inbox)
    second = arrives(mail("And?", subject="Re: x", thread_index="AdTcyJZuwcB8sxR0Q8eJ3yUlHl1QyQAAAAAQ"), desk.inbox)
    other = arrives(mail("Hm", sender=STRANGER, thread_index="AdTcyJZuwcB8sxR0Q8eJ3yUlHl1QyQAAAAAQ"), desk.inbox)

    assert second.ticket_id == first.ticket_id
    assert other.ticket_id != first.ticket_id


def test_re_inside_a_word_or_alone_threads_nothing(desk, asked):
    assert arrives(mail("x", subject="Re: Group head drips"), desk.inbox).state == "ticket"


def test_an_answer_to_a_merged_ticket_lands_on_the_other(desk, asked, ana):
    other = arrives(mail("Other", id="other@x.example"), desk.inbox).ticket
    merge(asked.ticket, other, by=ana)
    raw = arrives(mail("So?", to=reply_address(desk.inbox.address, asked.ticket_id)), desk.inbox)

    assert raw.ticket_id == other.pk


def test_an_answer_to_a_ticket_just_closed_reopens_it(desk, asked):
    close(asked.ticket, by=CLOCK)
    raw = arrives(mail("No, it drips", in_reply_to="<asked@lindqvist.example>"), desk.inbox)

    assert (raw.ticket_id, raw.ticket.status) == (asked.ticket_id, "open")


def test_weeks_later_it_opens_a_new_ticket_linked_to_the_old(desk, asked):
    with clock.at(clock.now() - timedelta(days=20)):
        close(asked.ticket, by=CLOCK)
    raw = arrives(mail("It drips again", in_reply_to="<asked@lindqvist.example>"), desk.inbox)

    link = raw.ticket.links.get()
    assert (raw.state, link.kind, link.other_id) == ("ticket", "follow_up", asked.ticket_id)
    assert "a follow-up to" in str(link)


@pytest.mark.parametrize(("days", "state"), [(1, "ticket"), (60, "message")])
def test_how_long_an_answer_reopens_is_a_setting_of_the_inbox(desk, asked, days, state):
    Inbox.objects.update(reopen_days=days)
    with clock.at(clock.now() - timedelta(days=20)):
        close(asked.ticket, by=CLOCK)

    assert arrives(mail("It drips again", in_reply_to="<asked@lindqvist.example>"), desk.inbox).state == state


def test_a_note_on_a_closed_ticket_does_not_lengthen_its_window(desk, asked, ana):
    with clock.at(clock.now() - timedelta(days=20)):
        close(asked.ticket, by=CLOCK)
    note(asked.ticket, "They rang to say hello.", by=ana)

    raw = arrives(mail("It drips again", in_reply_to="<asked@lindqvist.example>"), desk.inbox)
    assert (raw.state, raw.ticket_id == asked.ticket_id) == ("ticket", False)


def test_thanks_weeks_later_stay_where_they_belong_and_open_nothing(desk, asked):
    with clock.at(clock.now() - timedelta(days=20)):
        resolve(asked.ticket, by=CLOCK)
        close(asked.ticket, by=CLOCK)
    raw = arrives(mail("Perfect, thank you!", in_reply_to="<asked@lindqvist.example>"), desk.inbox)

    ticket = raw.ticket
    assert (raw.state, ticket.pk, ticket.status, ticket.known_by) == ("message", asked.ticket_id, "closed", "confirmed")


def test_an_out_of_office_note_stays_quiet_on_its_ticket(desk, asked, ana):
    reply(asked.ticket, "Turn it", by=ana)
    asked.ticket.refresh_from_db()
    to = reply_address(desk.inbox.address, asked.ticket_id)
    raw = arrives(mail("I am away", subject="Out of office", auto_submitted="auto-replied", to=to), desk.inbox)

    assert (raw.state, raw.message.auto, raw.ticket.status) == ("message", "vacation", "pending")


def test_our_own_mail_come_back_is_set_aside(desk, asked, ana):
    ours = reply(asked.ticket, "Turn it", by=ana)
    raw = arrives(mail("Turn it", id=message_id(ours.pk, "brasswell.example")), desk.inbox)

    assert (raw.state, raw.auto) == ("set_aside", "own")


def test_a_mail_of_another_desk_like_ours_is_not_our_own(desk):
    raw = arrives(mail("We ask you", x_towerdesk_id="m1.aaaaaaaaaaaaaaaa@other.example"), desk.inbox)

    assert raw.state == "ticket"


def test_messages_are_found_by_their_ids_through_an_index(desk, asked):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Message.objects.filter(message_id__in=["a@x", "b@x"]).explain()

    assert "message_by_message_id" in plan
