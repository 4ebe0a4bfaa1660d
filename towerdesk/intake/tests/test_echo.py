"""What we said ourselves, as the provider shows it: known again, or shown as said past the desk."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.delivery.send import send
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib import clock
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply


@pytest.fixture
def ticket(chat):
    return chat.arrives("My grinder is loud").ticket


def sent(ticket, text, by):
    answer = reply(ticket, text, by=by)
    assert send(answer.pk) == "sent"
    answer.refresh_from_db()
    return answer


def echo(chat, text, named, **more):
    return chat.arrives(text, happening="echo", external_id=named, sender="", sender_name="", **more)


def test_what_left_from_here_is_known_again(chat, ticket, ana):
    answer = sent(ticket, "Turn it by half", ana)
    raw = echo(chat, "Turn it by half", answer.message_id)

    assert (raw.state, raw.reason, raw.ticket_id) == ("message", "The provider shows what left from here.", ticket.pk)
    assert ticket.messages.count() == 2


def test_a_part_of_a_long_reply_is_known_by_its_words(chat, ticket, ana):
    sent(ticket, "Turn it by half.\n\nThen listen.", ana)

    assert echo(chat, "Then  listen.", "another-id").reason == "The provider shows a part of what left from here."
    with clock.at(clock.now() + timedelta(hours=1)):
        at = clock.now().timestamp() - 1
        assert echo(chat, "Then listen.", "much-later", at=at).reason == "We said this past the desk."


def test_what_was_said_past_the_desk_stands_on_the_ticket_as_ours(chat, ticket):
    before = (ticket.status, ticket.handler)
    echo(chat, "We rang you", "e1")
    echo(chat, "We rang you", "e1")

    message = ticket.messages.get(direction="out")
    assert (message.visible, message.author_name, message.delivery) == ("We rang you", "Past the desk", "sent")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.handler) == before, "whether that answers it, a person says"


def test_what_the_assistant_was_about_to_say_stays_unsaid(chat, ticket):
    pause = timedelta(minutes=1)
    waiting = reply(ticket, "Is it better?", by=THE_ASSISTANT, warrant="licence:1", pause=pause)
    echo(chat, "We rang you", "e1")

    waiting.refresh_from_db()
    ticket.refresh_from_db()
    assert (waiting.delivery, waiting.delivery_note) == ("withdrawn", "Somebody answered past the desk")
    assert "answers Mara" in ticket.next_step


def test_it_waits_for_its_conversation(chat):
    raw = echo(chat, "Hello, how can we help?", "e0")
    assert raw.state == "set_aside"
    ticket = chat.arrives("My grinder is loud").ticket
    chat.read()

    raw.refresh_from_db()
    assert (raw.state, raw.ticket_id) == ("message", ticket.pk)
    assert Message.objects.filter(direction="out").count() == 1


def test_while_a_reply_is_leaving_nobody_guesses(chat, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    Message.objects.filter(pk=answer.pk).update(delivery="sending")
    chat.call(chat.one("Turn it by half", happening="echo", external_id=f"ours-{answer.pk}"))
    chat.call(chat.one(happening="status", status="read", external_id=""))
    for raw in Raw.objects.unfinished():
        with pytest.raises(StorageIsAway):
            accept(raw.pk)

    Message.objects.filter(pk=answer.pk).update(delivery="sent", message_id=f"ours-{answer.pk}", sent_at=clock.now())
    chat.read()
    answer.refresh_from_db()
    assert (answer.delivery, ticket.messages.count()) == ("read", 2)


def test_an_echo_settles_what_nobody_knew(chat, ticket, ana):
    answer = reply(ticket, "Turn it by half", by=ana)
    Message.objects.filter(pk=answer.pk).update(delivery="unsure")
    echo(chat, "Turn it by half", "m-9")

    answer.refresh_from_db()
    assert answer.delivery == "sent"


def test_read_until_then_is_said_of_all_that_left_before(chat, ticket, ana):
    first, at = sent(ticket, "Turn it by half", ana), clock.now()
    with clock.at(at + timedelta(minutes=5)):
        second = sent(ticket, "Did it help?", ana)
        raw = chat.arrives(happening="status", status="read", external_id="", at=at.timestamp() + 60)
        said = dict(Message.objects.filter(direction="out").values_list("pk", "delivery"))

    assert said == {first.pk: "read", second.pk: "sent"}
    assert raw.reason == "It says that what we wrote until then was read."


def test_read_where_nothing_was_written_is_set_aside(chat, ticket):
    assert chat.arrives(happening="status", status="read", external_id="").state == "set_aside"
