"""The people who write to us: listed, read, joined and taken apart by the desk's own verbs."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Id, Limit, not_nul
from towerdesk.api.v1.shapes import AlikeOut, IdentityOut, JoinIn, Named, PeopleOut, PersonOut
from towerdesk.lib.errors import NotFound
from towerdesk.lib.pages import page_of
from towerdesk.people.models import Person, PersonQuerySet
from towerdesk.people.standing import standing_person
from towerdesk.tickets.alike import alike
from towerdesk.tickets.join import join
from towerdesk.tickets.part import part

router = Router(tags=["people"])
type Words = Annotated[str, Query(max_length=200, description="Part of a name, organisation or address; or a number.")]


@router.get("", response=PeopleOut)
def people(request: HttpRequest, q: Words = "", cursor: Cursor = None, limit: Limit = 50) -> PeopleOut:
    """List customers by name, or those who fit `q`. Who is a part of somebody else is found as that person."""
    asker(request).must("person.read")
    found = _whole().standing().matching(not_nul(q) or "")
    page = page_of(found, "name", "id", after=not_nul(cursor), limit=limit, of="people")
    return PeopleOut(items=[_out(person) for person in page.items], next=page.next)


@router.get("/{person}", response=PersonOut)
def person(request: HttpRequest, person: Id) -> PersonOut:
    """Read one customer. Whoever is a part of somebody else by now is answered with that person."""
    asker(request).must("person.read")
    return _out(_standing(person))


@router.get("/{person}/alike", response=list[AlikeOut])
def who_is_alike(request: HttpRequest, person: Id) -> list[AlikeOut]:
    """Who may be the same person, the best founded first. Nothing is joined by this."""
    found = _standing(person)
    some = alike(found, list(found.identities.all()), asker(request))
    return [AlikeOut(person=_named(one.person), why=one.why) for one in some]


@router.post("/{person}/join", response=PersonOut)
def join_them(request: HttpRequest, person: Id, said: JoinIn) -> HttpResponse:
    """Join another person with this one; `part` takes it back."""
    by = asker(request)
    by.must("person.merge")

    def do() -> PersonOut:
        joined = join(_person(said.person), _person(person), by=by, why=said.why)
        return _out(_standing(joined.into_id))

    return once(request, do)


@router.post("/{person}/part", response=PersonOut)
def part_them(request: HttpRequest, person: Id) -> HttpResponse:
    """Take this person out of the one that they were joined with; what was moved goes back."""
    by = asker(request)
    by.must("person.merge")

    def do() -> PersonOut:
        part(_person(person), by=by)
        return _out(_standing(person))

    return once(request, do)


def _whole() -> PersonQuerySet:
    several = ("identities", "parts")
    return Person.objects.select_related("organisation", "merged_into").prefetch_related(*several)


def _person(number: int) -> Person:
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no person {number}.")
    return found


def _standing(number: int) -> Person:
    found = _person(number)
    stands = standing_person(found)
    return found if stands == found else _person(stands.pk)


def _named(person: Person) -> Named:
    return Named(id=person.pk, name=str(person))


def _out(person: Person) -> PersonOut:
    organisation = person.organisation
    return PersonOut(
        id=person.pk,
        name=person.name,
        language=person.language,
        organisation=Named(id=organisation.pk, name=organisation.name) if organisation else None,
        identities=[
            IdentityOut(kind=one.kind, value=one.value, verified=one.verified, how=one.how_known)
            for one in person.identities.all()
        ],
        note=person.note,
        parts=[_named(one) for one in person.parts.all()],
        created_at=person.created_at,
    )
