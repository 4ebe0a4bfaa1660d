"""A program finds people, joins and parts them by the desk's own verbs."""

import pytest

from towerdesk.api.tests.program import program
from towerdesk.people.find import find_person, person_for
from towerdesk.people.models import Person
from towerdesk.tickets.models import Join

PHONE = "+5215512345678"


@pytest.fixture
def lead(desk):
    return program("lead", desk.repairs)


@pytest.fixture
def by_phone(desk) -> Person:
    return person_for(PHONE, "Mara L.", kind="phone", verified=True)


def test_people_are_listed_found_and_read(api, mara, jonas, by_phone):
    assert [one["name"] for one in api.get("/people").json()["items"]] == ["Jonas Weber", "Mara L.", "Mara Lindqvist"]
    first = api.get("/people?limit=1").json()
    assert api.get(f"/people?cursor={first['next']}").json()["items"][0]["name"] == "Mara L."
    assert [one["id"] for one in api.get("/people?q=5512345678").json()["items"]] == [by_phone.pk]

    read = api.get(f"/people/{by_phone.pk}").json()
    known = {"kind": "phone", "value": PHONE, "verified": True, "how": "The provider signed for it"}
    assert (read["identities"], read["parts"]) == ([known], [])


def test_they_are_joined_once_and_parted(lead, mara, by_phone):
    said = {"person": by_phone.pk, "why": "Same customer number"}
    joined = lead.post(f"/people/{mara.pk}/join", said, Idempotency_Key="join-1")
    again = lead.post(f"/people/{mara.pk}/join", said, Idempotency_Key="join-1")

    assert (joined.status_code, again.json()) == (200, joined.json())
    assert joined.json()["parts"] == [{"id": by_phone.pk, "name": "Mara L."}]
    assert find_person(PHONE, "phone") == mara
    assert lead.get(f"/people/{by_phone.pk}").json()["id"] == mara.pk
    assert Join.objects.get().why == "Same customer number"

    parted = lead.ask("POST", f"/people/{by_phone.pk}/part")
    assert (parted.status_code, parted.json()["id"]) == (200, by_phone.pk)
    assert lead.ask("POST", f"/people/{by_phone.pk}/part").status_code == 404


def test_who_may_not_is_refused_and_who_is_alike_is_only_told(api, lead, mara, by_phone):
    same = person_for("+525512345678", "M Lindqvist", kind="sms")

    assert api.post(f"/people/{mara.pk}/join", {"person": by_phone.pk}).status_code == 403
    assert api.ask("POST", f"/people/{mara.pk}/part").status_code == 403
    [alike] = lead.get(f"/people/{by_phone.pk}/alike").json()
    assert alike == {"person": {"id": same.pk, "name": "M Lindqvist"}, "why": "+525512345678 is the same telephone."}
    assert lead.post(f"/people/{mara.pk}/join", {"person": mara.pk}).status_code == 422
    assert lead.get("/people/424242").status_code == 404
