"""One person by many ways: joined by somebody who decides it, and taken apart again to exactly what was."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Refused, Trouble
from towerdesk.people.find import find_person, person_for
from towerdesk.people.models import Identity, Organisation, Person
from towerdesk.people.standing import called, standing_person
from towerdesk.people.vouched import vouched_person
from towerdesk.testing import cast
from towerdesk.tickets.join import bring_along, join
from towerdesk.tickets.models import Join, Message, Ticket
from towerdesk.tickets.one_person import proven_to_be_one
from towerdesk.tickets.part import part
from towerdesk.web.sentences import sentence

PHONE = "+491701234567"


@pytest.fixture
def by_phone(desk) -> Person:
    return person_for(PHONE, "Mara L.", kind="phone", verified=True)


@pytest.fixture
def rang(desk, by_phone) -> Ticket:
    return cast.opened(desk, by_phone, "It drips again")


def test_what_hangs_on_one_hangs_on_the_other(ana, mara, ticket, by_phone, rang):
    join(by_phone, mara, by=ana, why="She told me on the phone")

    rang.refresh_from_db()
    assert rang.requester == mara
    assert find_person(PHONE, "phone") == mara
    assert {*mara.messages.values_list("ticket", flat=True)} == {ticket.pk, rang.pk}
    assert standing_person(Person.objects.get(pk=by_phone.pk)) == mara


def test_it_is_told_on_the_ticket_with_names_that_stay(ana, mara, by_phone, rang):
    join(by_phone, mara, by=ana)
    Person.objects.filter(pk=mara.pk).update(name="Mara Berg")

    told = sentence(Event.objects.get(kind="ticket.joined", ticket_id=rang.pk))
    assert told == (f"Ana Reyes joined Mara L. (phone {PHONE}) with Mara Lindqvist (e-mail mara@lindqvist.example)")


def test_undo_puts_back_what_was_moved_and_leaves_what_came_since(ana, desk, mara, ticket, by_phone, rang):
    join(by_phone, mara, by=ana)
    since = cast.opened(desk, find_person(PHONE, "phone"), "And now the ring")

    at = part(by_phone, by=ana)

    assert at == mara
    assert find_person(PHONE, "phone") == by_phone
    assert {*by_phone.tickets.values_list("pk", flat=True)} == {rang.pk}
    assert {*mara.tickets.values_list("pk", flat=True)} == {ticket.pk, since.pk}
    assert {*by_phone.messages.values_list("ticket", flat=True)} == {rang.pk}
    assert "out of Mara Lindqvist" in sentence(Event.objects.get(kind="ticket.parted"))
    with pytest.raises(NotFound):
        part(by_phone, by=ana)


def test_what_is_empty_is_filled_in_and_emptied_again_unless_somebody_wrote_there(ana, mara, by_phone):
    weber, berg = Organisation.objects.create(name="Weber"), Organisation.objects.create(name="Berg")
    Person.objects.filter(pk=by_phone.pk).update(organisation=weber, language="de")

    join(by_phone, mara, by=ana)
    mara.refresh_from_db()
    assert (mara.organisation, mara.language) == (weber, "de")
    Person.objects.filter(pk=mara.pk).update(organisation=berg)
    part(by_phone, by=ana)

    mara.refresh_from_db()
    assert (mara.organisation, mara.language) == (berg, "")


def test_an_address_that_was_proven_by_somebody_else_since_stays_theirs(ana, mara, by_phone):
    person_for("mara@lindqvist.example", verified=True)
    claim = Identity.objects.create(person=by_phone, value="eve@elsewhere.example")
    join(by_phone, mara, by=ana)
    eve = person_for("eve@elsewhere.example", "Eve", verified=True)

    part(by_phone, by=ana)

    claim.refresh_from_db()
    assert (eve == mara, claim.person) == (False, eve)


def test_nobody_is_joined_twice_or_with_themselves(ana, mara, jonas, by_phone):
    join(by_phone, mara, by=ana)

    with pytest.raises(Conflict):
        join(by_phone, jonas, by=ana)
    with pytest.raises(Invalid):
        join(mara, by_phone, by=ana)
    with pytest.raises(Invalid):
        join(mara, mara, by=ana)


def test_it_takes_the_right_to(ben, mara, by_phone):
    with pytest.raises(Refused):
        join(by_phone, mara, by=ben)
    with pytest.raises(Refused):
        part(by_phone, by=ben)


def test_what_came_in_in_that_very_moment_is_brought_along_and_goes_back(ana, desk, mara, jonas, by_phone):
    stale = Person.objects.get(pk=by_phone.pk)  # as an arrival read it before the join was committed
    join(by_phone, mara, by=ana)
    late = cast.opened(desk, stale, "In that very moment")
    join(mara, jonas, by=ana)

    assert (bring_along(), bring_along()) == (1, 0)

    late.refresh_from_db()
    assert late.requester == jonas
    part(mara, by=ana)
    late.refresh_from_db()
    assert late.requester == mara
    part(by_phone, by=ana)
    late.refresh_from_db()
    assert late.requester == by_phone


def test_what_a_person_decided_shows_one_history_and_gives_no_rights(ana, mara, by_phone):
    person_for("mara@lindqvist.example", verified=True, how="mail")
    slack = vouched_person("U1", "slack", "mara@lindqvist.example").identities.get(kind="slack")
    join(by_phone, mara, by=ana, reason="address")  # whatever a person says, they have decided it
    mail, phone = Identity.objects.get(kind="email"), Identity.objects.get(kind="phone")

    assert proven_to_be_one(slack, mail)
    assert not proven_to_be_one(phone, mail)


def test_somebody_without_any_identity_is_called_by_their_name(db):
    assert called(Person.objects.create(name="Unknown sender")) == "Unknown sender"
    assert called(person_for(PHONE, kind="phone")) == f"{PHONE} (phone)"


PEOPLE = 4
ACTS = some.lists(
    some.tuples(some.sampled_from(["join", "part", "part", "writes"]), *[some.integers(0, PEOPLE - 1)] * 2), max_size=12
)


class AnyOrder(TestCase):
    """Joins and their undoing in any order: everything is where its first owner is now, by the joins that still stand."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def test_everything_hangs_on_who_stands_for_its_first_owner(self, acts):
        desk = cast.small_desk()
        people = [person_for(f"p{number}@x.example", f"P{number}") for number in range(PEOPLE)]
        tickets = {cast.opened(desk, person).pk: person.pk for person in people}
        part_of: dict[int, int] = {}

        def stands(number: int) -> int:
            return stands(part_of[number]) if number in part_of else number

        def agrees() -> None:
            for number, first in tickets.items():
                assert Ticket.objects.get(pk=number).requester_id == stands(first)
                assert Message.objects.get(ticket=number).person_id == stands(first)
            assert all(find_person(f"p{at}@x.example").pk == stands(one.pk) for at, one in enumerate(people))
            assert dict(Person.objects.exclude(merged_into=None).values_list("pk", "merged_into")) == part_of

        for act, first, second in acts:
            one, other = people[first], people[second]
            if act == "writes":
                writer = find_person(f"p{first}@x.example")
                tickets[cast.opened(desk, writer).pk] = writer.pk
            elif act == "join" and one.pk not in part_of and stands(other.pk) != one.pk:
                join(one, other, by=CLOCK)
                part_of[one.pk] = stands(other.pk)
            elif act == "part" and one.pk in part_of:
                part(one, by=CLOCK)
                del part_of[one.pk]
            else:
                with pytest.raises(Trouble):
                    join(one, other, by=CLOCK) if act == "join" else part(one, by=CLOCK)
            agrees()
        for number in list(part_of):
            part(Person.objects.get(pk=number), by=CLOCK)
        part_of.clear()
        agrees()


@pytest.mark.django_db(transaction=True)
def test_joins_and_partings_at_once_do_not_wait_for_each_other_for_ever():
    desk = cast.small_desk()
    people = [person_for(f"p{number}@x.example", f"P{number}") for number in range(4)]
    for person in people:
        cast.opened(desk, person)
    broke: list[BaseException] = []
    ready = Barrier(4)

    def works(seed: int) -> None:
        try:
            ready.wait()
            for turn in range(12):
                one, other = people[(seed + turn) % 4], people[(seed * 3 + turn * 2 + 1) % 4]
                try:
                    part(one, by=CLOCK) if turn % 2 else join(one, other, by=CLOCK)
                except Trouble:  # refused in a sentence: somebody else was faster
                    continue
                cast.says(Ticket.objects.select_related("requester").first(), "Any news?")
        except BaseException as error:
            broke.append(error)
        finally:
            connection.close()

    threads = [Thread(target=works, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not broke
    bring_along()
    for join_ in Join.objects.filter(undone_at=None).order_by("pk"):
        part(Person.objects.get(pk=join_.person_id), by=CLOCK)
    assert not Person.objects.exclude(merged_into=None).exists()
    assert [find_person(f"p{at}@x.example") for at in range(4)] == people
    assert Ticket.objects.filter(requester__in=people).count() == 4
