"""An address that somebody typed is a claim; whose it is is said by a server, whoever came first."""

from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from towerdesk.events.models import Event
from towerdesk.people.find import find_person, person_for
from towerdesk.people.models import Identity, Organisation, Person
from towerdesk.people.vouched import vouched_person

MARA = "mara@lindqvist.example"
PHONE = "+491701234567"


def claims(person: Person, value: str, kind: str = "email") -> Identity:
    return Identity.objects.create(person=person, kind=kind, value=value)


@pytest.fixture
def eve(db) -> Person:
    """Who writes by WhatsApp, and says that Mara's address is theirs."""
    person = person_for(PHONE, "Eve", kind="phone", verified=True)
    claims(person, MARA)
    return person


def test_the_owner_of_an_address_gets_it_and_not_the_history_of_whoever_claimed_it(eve):
    lindqvist = Organisation.objects.create(name="Lindqvist", domain="lindqvist.example")

    mara = person_for(MARA, "Mara Lindqvist", verified=True, how="mail")

    assert mara != eve
    assert (mara.name, mara.organisation) == ("Mara Lindqvist", lindqvist)
    assert find_person(PHONE, "phone") == eve
    assert [(one.value, one.how_known) for one in mara.identities.all()] == [(MARA, "Its domain signed a mail")]


def test_it_is_told_on_both_pages(eve):
    mara = person_for(MARA, "Mara Lindqvist", verified=True, how="mail")

    won, lost = Event.objects.filter(kind__startswith="person.").order_by("pk")
    assert (won.kind, won.subject_id, won.data["other"]) == ("person.proved", mara.pk, eve.pk)
    assert (lost.kind, lost.subject_id, lost.data["other"]) == ("person.disproved", eve.pk, mara.pk)


def test_whoever_has_nothing_else_proven_is_its_owner(db):
    mara = person_for(MARA, "Mara")
    claims(mara, "mara.private@gmail.com")

    assert person_for(MARA, verified=True) == mara
    assert person_for("mara.private@gmail.com", "Mara", verified=True) != mara
    assert not Event.objects.exclude(kind__startswith="person.").exists()


def test_an_account_whose_address_a_provider_vouches_for_goes_by_the_same_rule(eve):
    mara = vouched_person("U1", "slack", MARA, "Mara")

    assert mara != eve
    assert set(mara.identities.values_list("kind", "verified", "how")) == {
        ("email", True, "vouched"),
        ("slack", True, "vouched"),
    }


@pytest.mark.django_db(transaction=True)
def test_many_signed_mails_at_once_make_one_owner():
    eve = person_for(PHONE, "Eve", kind="phone", verified=True)
    claims(eve, MARA)
    ready, found = Barrier(8), []

    def arrives() -> None:
        try:
            ready.wait()
            found.append(person_for(MARA, "Mara", verified=True, how="mail").pk)
        finally:
            connection.close()

    threads = [Thread(target=arrives) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(found) == 8
    assert set(found) == {Identity.objects.get(value=MARA).person_id}
    assert eve.pk not in found
    assert Person.objects.count() == 2
    assert Event.objects.filter(kind="person.proved").count() == 1


VALUES = ("a@x.example", "b@x.example", "c@x.example")
ACTS = some.lists(
    some.tuples(some.sampled_from(["writes", "proves", "claims"]), some.integers(0, 2), some.integers(0, 2)),
    max_size=14,
)


class AnyOrder(TestCase):
    """People write, prove and claim three addresses in any order, against a model of a few lines."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def test_nobody_ever_gets_an_address_that_another_has_proven(self, acts):
        holder: dict[str, int] = {}
        proven: set[str] = set()
        for act, first, second in acts:
            value, other = VALUES[first], VALUES[second]
            if act == "claims":  # as a join of what was typed into a form does
                if value in holder and other not in holder:
                    claims(Person.objects.get(pk=holder[value]), other)
                    holder[other] = holder[value]
                continue
            person = person_for(value, "Somebody", verified=act == "proves")
            others = {one for one in proven if holder[one] == holder.get(value)} - {value}
            taken = act == "proves" and value not in proven and bool(others)
            assert (person.pk == holder.get(value)) == (value in holder and not taken)
            holder[value] = person.pk
            proven |= {value} if act == "proves" else set()
            assert all(find_person(one).pk == number for one, number in holder.items())
        by_proven = Counter(holder[value] for value in proven)
        assert all(count == 1 for count in by_proven.values())
        assert set(Identity.objects.filter(verified=True).values_list("value", flat=True)) == proven
