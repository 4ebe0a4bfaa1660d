"""The laws of the house that tickets keep, each as a test that can fail."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Refused
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.tag import tag
from towerdesk.tickets.withdraw import withdraw


@pytest.mark.parametrize("gone", [{"team": None}, {"next_step": ""}, {"due_at": None}])
def test_the_database_refuses_a_waiting_ticket_without_team_or_next_step(ticket, gone):
    with pytest.raises(IntegrityError, match="unclosed_ticket_has_team_and_next_step"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**gone)


def test_a_new_ticket_says_who_does_what_by_when(ticket):
    assert ticket.next_step == "Someone in Repairs answers Mara"
    assert ticket.due_at > now()
    assert ticket.step_kind == "answer"


def test_the_same_external_id_twice_is_one_message(ticket):
    cast.says(ticket, "Hello", external_key="k1")

    with pytest.raises(IntegrityError), transaction.atomic():
        cast.says(ticket, "Hello", external_key="k1")


def test_every_change_records_one_event_that_says_by_whom(ticket, ana, ben_user):
    before = Event.objects.count()

    assign(ticket, ben_user, by=ana)

    assert Event.objects.count() == before + 1
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_name, event.data["now"]) == ("ticket.assigned", "Ana Reyes", "Ben Okafor")


def test_a_change_and_its_event_and_job_are_one_transaction(ticket, ana):
    before = (Event.objects.count(), jobs())

    with pytest.raises(RuntimeError), transaction.atomic():
        reply_and_lose_power(ticket, ana)

    ticket.refresh_from_db()
    assert (Event.objects.count(), jobs()) == before
    assert not ticket.messages.filter(direction="out").exists()


def test_who_may_not_is_refused(ticket):
    viewer = Actor("agent", 1, "Vera", frozenset({"ticket.read"}))

    with pytest.raises(Refused, match="Vera may not do this"):
        note(ticket, "hello", by=viewer)


def test_the_assistant_says_nothing_without_a_warrant(ticket):
    with pytest.raises(Refused, match="without a licence"):
        reply(ticket, "Hello Mara", by=THE_ASSISTANT)


def test_not_even_the_database_lets_the_assistant_speak_without_a_warrant(ticket):
    with pytest.raises(IntegrityError, match="assistant_speaks_only_with_a_warrant"), transaction.atomic():
        Message.objects.create(ticket=ticket, direction="out", author_kind="assistant", author_name="Assistant")


def test_a_person_taking_over_silences_the_assistant(ticket, ana, ben_user):
    said = reply(
        ticket, "Turn it by half", by=THE_ASSISTANT, warrant="licence:1", pause=timedelta(minutes=2), then="keep"
    )

    assign(ticket, ben_user, by=ana)

    said.refresh_from_db()
    assert said.delivery == "withdrawn"
    with pytest.raises(Conflict, match="stays silent"):
        reply(ticket, "And then brew", by=THE_ASSISTANT, warrant="licence:1")


def test_the_assistant_does_not_answer_what_it_has_not_read(ticket):
    read = ticket.messages.get()
    cast.says(ticket, "Never mind, it is the hose!")

    with pytest.raises(Conflict, match="new message came in"):
        reply(ticket, "Turn the gasket", by=THE_ASSISTANT, warrant="licence:1", answers=read.pk)


def test_a_reply_already_claimed_cannot_be_stopped(ticket, ana):
    said = reply(ticket, "Hello", by=ana, pause=timedelta(seconds=10))
    Message.objects.filter(pk=said.pk).update(delivery="sending")

    with pytest.raises(Conflict, match="Too late"):
        withdraw(said, "changed my mind", by=ana)


def test_nobody_reads_what_visible_to_does_not_return(desk, ticket, ana, jonas, mara):
    desk.repairs.restricted = True
    desk.repairs.save()
    outsider = cast.acting(cast.agent("Otto Wolf", desk.billing))

    assert Ticket.objects.visible_to(ana).count() == 1
    assert not Ticket.objects.visible_to(outsider).exists()
    assert not Message.objects.visible_to(outsider).exists()
    assert Ticket.objects.visible_to(mara.actor()).count() == 1
    assert not Ticket.objects.visible_to(jonas.actor()).exists()
    assert not Ticket.objects.visible_to(Actor("key", 9, "stray key")).exists()


def test_customers_never_read_notes(ticket, ana, mara):
    note(ticket, "Looks like the August batch", by=ana)

    assert all(message.public for message in Message.objects.visible_to(mara.actor()))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_lose_nothing():
    desk = cast.small_desk()
    ticket = cast.opened(desk, cast.mara())
    ana = cast.acting(cast.agent("Ana Reyes", desk.repairs))

    at_once(
        *[lambda n=n: tag(Ticket.objects.get(pk=ticket.pk), add=[f"tag {n}"], by=ana) for n in range(6)],
        lambda: change(Ticket.objects.get(pk=ticket.pk), priority="high", by=ana),
    )

    ticket.refresh_from_db()
    assert ticket.tags == [f"tag {n}" for n in range(6)]
    assert ticket.priority == "high"


def at_once(*doings):
    def run(doing):
        try:
            doing()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[doing]) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def reply_and_lose_power(ticket, by):
    reply(ticket, "Hello Mara", by=by)
    raise RuntimeError("the power goes out")


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]
