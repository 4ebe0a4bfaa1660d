"""A row that is written by a statement built once is what Django itself would have written."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from towerdesk.assistant.models import REPLACED, Run
from towerdesk.automation.models import Placement
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.rows import insert, inserting, putting, update, updating, write
from towerdesk.people.models import Person
from towerdesk.testing.cast import says
from towerdesk.tickets.models import Message, Ticket


def written(row):
    """Everything the database has of it but its number and what must differ."""
    fields = [
        field.attname
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname != "external_key"
    ]
    return dict(zip(fields, type(row).objects.values_list(*fields).get(pk=row.pk), strict=True))


def again(row):
    """The same values in a new row."""
    values = {
        f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not (f.primary_key or f.generated)
    }
    values |= {"external_key": None} if "external_key" in values else {}
    return type(row)(**values)


@pytest.fixture
def lived(desk, ticket, mara):
    says(ticket, "Ünïcode, “quotes” % and %s.", mara)
    Run.objects.create(
        ticket=ticket,
        message=ticket.messages.first(),
        at=now(),
        state=REPLACED,
        outcome="draft",
        score=0.5,
        parts={"intent": 0.25, "ä": [1]},
        vector=b"\0\xff",
    )
    return ticket


@pytest.mark.parametrize("model", [Ticket, Message, Person, Run])
def test_a_new_row_is_the_one_that_django_writes(lived, model):
    was = model.objects.latest("pk")
    by_django, ours = again(was), again(was)
    with transaction.atomic():
        by_django.save(force_insert=True)
        assert insert(ours) is ours
    assert ours.pk > by_django.pk
    assert written(ours) == written(by_django) == written(was)
    assert not ours._state.adding


def test_a_row_that_brings_its_number_keeps_it(lived, mara):
    person = insert(Person(pk=123_456, name="Mara"))
    assert Person.objects.get(pk=123_456).name == person.name == "Mara"


def test_a_row_that_is_there_takes_over_what_was_named_and_keeps_the_rest(ticket, ana, django_assert_num_queries):
    first = Placement(ticket_id=ticket.pk, user_id=ana.id, tried=[7])
    second = Placement(ticket_id=ticket.pk, since=now() - timedelta(days=1), accept_by=now())
    for one in (first, second):
        with django_assert_num_queries(1):
            write(putting(one, "user", "accept_by", same="ticket_id"))
    [kept] = Placement.objects.filter(ticket_id=ticket.pk)
    assert first.pk == second.pk == kept.pk
    assert (kept.user_id, kept.accept_by) == (None, second.accept_by)
    assert (kept.since, kept.tried) == (first.since, [7])


def test_a_change_writes_what_was_named_and_nothing_else(ticket, ana):
    ticket.subject, ticket.tags, ticket.fields, ticket.assignee_id = (
        "Drips",
        ["water", "leak"],
        {"serial": "K-1"},
        ana.id,
    )
    ticket.product_area = "Not named"
    update(ticket, "subject", "tags", "fields", "assignee", "subject")
    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.subject, found.tags, found.fields) == ("Drips", ["water", "leak"], {"serial": "K-1"})
    assert found.assignee_id == ana.id
    assert found.product_area == ""


def test_a_change_to_a_row_that_is_gone_says_so(ticket):
    Ticket.objects.filter(pk=ticket.pk).delete()
    with pytest.raises(Ticket.NotUpdated):
        update(ticket, "subject")


def test_what_the_database_refuses_undoes_the_whole_transaction(ticket):
    def say_twice():
        with transaction.atomic():
            for _ in range(2):
                insert(Message(ticket_id=ticket.pk, direction="in", author_kind="customer", external_key="twice"))

    with pytest.raises(IntegrityError):
        say_twice()
    assert not Message.objects.filter(external_key="twice").exists()


def test_several_rows_by_one_statement_are_what_they_would_be_one_by_one(ticket, mara, django_assert_num_queries):
    first, second = Person(name="Noor", created_at=now()), Person(name="Isa", created_at=now())
    mara.name = "Mara Okafor"
    with django_assert_num_queries(1):
        write(inserting(first), updating(mara, "name"), inserting(second))
    assert set(Person.objects.values_list("name", flat=True)) >= {"Noor", "Isa", "Mara Okafor"}
    assert Person.objects.get(pk=first.pk).name == "Noor"
    assert Person.objects.get(pk=second.pk).name == "Isa"


def test_a_row_that_is_gone_is_told_and_nothing_of_the_statement_stays(mara):
    gone, new = Person.objects.create(name="Gone"), Person(name="Never", created_at=now())
    Person.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Person.NotUpdated), transaction.atomic():
        write(inserting(new), updating(gone, "name"))
    assert not Person.objects.filter(name="Never").exists()


def test_an_event_takes_its_rows_along(ticket, django_assert_num_queries):
    """The subject's number is the one that the database gave it in the same statement; the jobs know the event."""
    message = again(ticket.messages.get())
    ticket.subject = "Another subject"
    with django_assert_num_queries(1):
        rows = updating(ticket, "subject")
        event = record("message.edited", rows, by=CLOCK, ticket=ticket.pk, subject=inserting(message), was="")
    stored = Event.objects.get(pk=event.pk)
    assert (stored.ticket_id, stored.subject_id) == (ticket.pk, message.pk)
    assert Ticket.objects.get(pk=ticket.pk).subject == "Another subject"
    assert Message.objects.get(pk=message.pk).text == message.text


def test_an_event_whose_row_is_gone_is_not_there_either(ticket):
    gone = Person.objects.create(name="Gone")
    Person.objects.filter(pk=gone.pk).delete()
    before = Event.objects.count()
    with pytest.raises(Person.NotUpdated), transaction.atomic():
        record("ticket.closed", updating(gone, "name"), by=CLOCK, ticket=ticket.pk, why="")
    assert Event.objects.count() == before
