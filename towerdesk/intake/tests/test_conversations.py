"""A conversation by chat: one ticket, whatever comes twice, late or the wrong way round."""

from datetime import timedelta
from itertools import permutations

import pytest

from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.sweep import sweep
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.people.models import Identity, Person
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Link, Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve


def said(ticket):
    return [message.visible for message in Message.objects.of(ticket)]


def test_a_conversation_is_one_ticket_named_by_how_it_began(chat):
    first = chat.arrives("Good morning\nmy grinder is loud")
    second = chat.arrives("Very loud")

    assert (first.state, second.state, second.ticket_id) == ("ticket", "message", first.ticket_id)
    assert (first.ticket.subject, first.message.channel, first.message.sender) == ("Good morning", "fakechat", "77")
    assert chat.arrives("Hello?", conversation="c2", sender="78").ticket_id != first.ticket_id


def test_the_writer_is_known_by_the_providers_id_and_never_by_a_name(chat):
    mara = chat.arrives("It drips").ticket.requester
    impostor = chat.arrives("I am Mara", sender="78", conversation="c2").ticket.requester
    renamed = chat.arrives("Still drips", sender_name="M. Lindqvist").ticket.requester

    assert (mara.name, impostor.name, renamed) == ("Mara", "Mara", mara)
    assert mara != impostor
    assert Identity.objects.filter(person=mara).values_list("kind", "value").get() == ("fakechat", "77")


def test_people_of_several_kinds_are_found_by_kind_and_value(db):
    by_phone = person_for("+49 (0)30 1234567", "Mara", kind="phone")

    assert person_for("+49301234567", kind="phone") == by_phone
    assert person_for("+49301234567", kind="whatever") != by_phone
    assert person_for("77", kind="telegram").name == "Telegram 77"
    assert person_for("MARA@lindqvist.example") == person_for("mara@lindqvist.example ")
    assert Person.objects.count() == 4
    person_for("77", "Other", kind="telegram", verified=True)
    assert Identity.objects.get(kind="telegram").verified


def test_a_closed_ticket_is_opened_again_within_the_window_and_followed_up_after_it(chat, ana):
    first = chat.arrives("It drips").ticket
    resolve(first, "Turned", by=ana)
    close(first, "done", by=ana)
    assert chat.arrives("It drips again").ticket_id == first.pk
    first.refresh_from_db()
    resolve(first, "Turned", by=ana)
    close(first, "done", by=ana)

    with clock.at(clock.now() + timedelta(days=15)):
        later = chat.arrives("Now it leaks").ticket
    assert later.pk != first.pk
    assert Link.objects.filter(ticket=later, other=first, kind="follow_up").exists()
    assert chat.arrives("And hisses").ticket_id == later.pk


def test_an_edit_shows_the_new_words_and_the_log_keeps_the_old(chat):
    message = chat.arrives("It drpis").message
    chat.arrives("It drips", happening="edit", about=message.message_id, external_id="")

    message.refresh_from_db()
    assert message.visible == "It drips"
    assert Event.objects.get(kind="message.edited").data == {"was": "It drpis"}
    assert Ticket.objects.count() == 1


def test_edits_that_overtake_each_other_end_with_the_newest(chat):
    message = chat.arrives("one").message
    for at, text in ((30, "three"), (20, "two"), (30, "three")):
        chat.arrives(text, happening="edit", about=message.message_id, external_id="", at=clock.now().timestamp() + at)

    message.refresh_from_db()
    assert message.visible == "three"
    assert Event.objects.filter(kind="message.edited").count() == 1


@pytest.mark.parametrize(
    ("happening", "seen"), [("edit", lambda m: m.visible == "new"), ("deletion", lambda m: m.taken_back_at)]
)
def test_what_is_said_of_a_message_before_it_is_here_waits_for_it(chat, happening, seen):
    early = chat.arrives("new", happening=happening, about="m-late", external_id="")
    assert (early.state, early.about) == ("set_aside", "m-late")
    assert early.reason.endswith("a message that is not here yet.")

    message = chat.arrives("old", external_id="m-late").message
    message.refresh_from_db()
    early.refresh_from_db()
    assert seen(message)
    assert (early.state, early.ticket_id) == ("message", message.ticket_id)


def test_what_was_read_at_the_very_same_moment_is_found_by_the_clock(chat):
    message = chat.arrives("old", external_id="m-1").message
    early = chat.arrives("new", happening="edit", about="m-none", external_id="")
    Raw.objects.filter(pk=early.pk).update(about="m-1", content=early.content.replace(b"m-none", b"m-1"))
    sweep()
    chat.read()

    message.refresh_from_db()
    assert message.visible == "new"


def test_a_deleted_message_is_marked_and_still_there(chat):
    message = chat.arrives("My password is hunter2").message
    for _ in range(2):
        chat.arrives(happening="deletion", about=message.message_id, external_id="")

    message.refresh_from_db()
    assert message.taken_back_at is not None
    assert message.visible == "My password is hunter2"
    assert Event.objects.filter(kind="message.taken_back").count() == 1


@pytest.mark.parametrize("order", [*permutations(range(3))])
@pytest.mark.parametrize(("kinds", "stands"), [("dud", False), ("du", True), ("udu", True)])
def test_a_deletion_that_is_undone_stands_or_falls_by_when_it_was(chat, order, kinds, stands):
    message, then = chat.arrives("It drips").message, clock.now().timestamp()
    words = {"d": "deletion", "u": "undeletion"}
    for place in (place for place in order if place < len(kinds)):
        told = {"happening": words[kinds[place]], "about": message.message_id, "external_id": "", "at": then + place}
        chat.arrives(**told)

    message.refresh_from_db()
    assert (message.taken_back_at is None) is stands


def test_a_reaction_is_a_line_on_the_ticket_once(chat):
    message = chat.arrives("It drips").message
    for _ in range(2):
        chat.arrives(happening="reaction", said="👍", about=message.message_id, external_id="")

    assert Event.objects.get(kind="message.reacted").data == {"sign": "👍"}


def test_an_unknown_kind_is_set_aside_with_a_sentence_and_can_be_put_on_a_ticket(chat, ana):
    from towerdesk.intake.replay import put_on_ticket

    raw = chat.arrives("?", happening="poll")
    assert (raw.state, raw.reason) == ("set_aside", "The fake chat says poll.")

    put_on_ticket(raw, by=ana)
    raw.refresh_from_db()
    assert raw.state == "ticket"


def status(chat, answer, how, **more):
    return chat.arrives(happening="status", status=how, about=f"ours-{answer.pk}", external_id="", sender="", **more)


@pytest.fixture
def answer(chat, ana):
    from towerdesk.delivery.send import send

    message = reply(chat.arrives("It drips").ticket, "Turn it by half", by=ana)
    assert send(message.pk) == "sent"
    return message


def fate(answer):
    return Message.objects.values_list("delivery", flat=True).get(pk=answer.pk)


@pytest.mark.parametrize(
    ("heard", "ends"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["sent", "failed", "failed"], "bounced"),
    ],
)
def test_statuses_never_lead_back_and_never_open_a_ticket(chat, answer, heard, ends):
    for how in heard:
        assert status(chat, answer, how).state == "message"

    assert fate(answer) == ends
    assert Ticket.objects.count() == 1


def test_a_reply_that_failed_at_the_provider_is_given_back_to_a_person(chat, answer):
    status(chat, answer, "failed", said="The window of 24 hours is over.")

    ticket = Ticket.objects.get()
    assert ticket.status == "open"
    assert ticket.next_step.startswith("The reply did not arrive: The window of 24 hours is over. ")


def test_a_status_that_is_quicker_than_our_own_note_waits_for_it(chat, ana):
    from towerdesk.delivery.send import send
    from towerdesk.flow import look_back

    answer = reply(chat.arrives("It drips").ticket, "Turn it by half", by=ana)
    early = status(chat, answer, "read")
    assert early.state == "set_aside"
    send(answer.pk)
    look_back(Event.objects.get(kind="message.sent"))
    chat.read()

    assert fate(answer) == "read"


def test_two_first_messages_read_at_once_are_one_ticket(chat):
    """Read in any order, each of them twice."""
    chat.call(chat.one("one"), chat.one("two"))
    raws = list(Raw.objects.values_list("pk", flat=True))
    for number in [*reversed(raws), *raws]:
        accept(number)

    assert Ticket.objects.count() == 1


def test_messages_stand_in_the_order_in_which_they_were_written(chat):
    at = clock.now().timestamp() - 60
    for second, text in ((2, "three"), (0, "one"), (1, "two")):
        chat.arrives(text, at=at + second)

    assert said(Ticket.objects.get()) == ["one", "two", "three"]


def test_a_clock_that_can_not_be_right_is_not_believed(chat):
    for at in (0, clock.now().timestamp() + 1000):
        assert abs(chat.arrives("It drips", at=at).message.created_at - clock.now()) < timedelta(seconds=20)


def test_an_accountant_finds_everything_again(chat):
    chat.arrives("It drips")
    chat.arrives("x", happening="poll")
    chat.arrives("x", happening="edit", about="m1", external_id="")

    from towerdesk.intake.counts import counts

    found = counts(chat.inbox)
    assert (found.stored, found.on_tickets, found.set_aside, found.adds_up) == (3, 2, 1, True)
