"""Who may be the same person, and what speaks for it. Proposals only: nothing is joined before somebody has decided it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from towerdesk.lib.actor import Actor
from towerdesk.people.find import normal_email
from towerdesk.people.models import Identity, Person
from towerdesk.tickets.models import Message, Ticket

PHONES = ("phone", "sms", "whatsapp", "voice")
"""Kinds whose values are telephone numbers, or may be."""
MOST = 5
MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class Alike:
    """The least rank is the best founded."""

    person: Person
    why: str
    rank: int


def alike(person: Person, identities: Sequence[Identity], by: Actor) -> list[Alike]:
    """The best founded first. Only what this actor may read speaks for anything."""
    by.must("person.read")
    said = _addresses_said(person, by)
    numbers = {one for identity in identities if identity.kind in PHONES for one in ways_to_write(identity.value)}
    found = _found(person, identities, said, numbers, by)
    return sorted((_alike(other, person, said, numbers) for other in found), key=lambda one: one.rank)[:MOST]


def _found(
    person: Person, identities: Sequence[Identity], said: Mapping[str, bool], numbers: set[str], by: Actor
) -> Sequence[Person]:
    """Three questions at most: who it may be at all, and what is known of them."""
    mails = [identity.value for identity in identities if identity.kind == "email"]
    by_address = Identity.objects.filter(kind="email", value__in=said).values_list("person")
    by_number = Identity.objects.filter(kind__in=PHONES, value__in=numbers).values_list("person")
    by_answers = _asked_for_answers_at(mails, person, by).values_list("requester")
    numbered = {number for (number,) in by_address.union(by_number, by_answers, _namesakes(person).values_list("pk"))}
    if not numbered - {person.pk}:
        return []
    others = Person.objects.standing().filter(pk__in=numbered).exclude(pk=person.pk).select_related("organisation")
    return list(others.prefetch_related("identities").order_by("pk")[: 4 * MOST])


def ways_to_write(number: str) -> set[str]:
    """A telephone number as different networks know it: with and without the plus, and the digit that Mexican and Brazilian
    mobile numbers have in WhatsApp and not elsewhere, or the other way round."""
    digits = "".join(letter for letter in number if letter.isdigit())
    ways = {digits}
    if digits.startswith("521") and len(digits) == 13:
        ways.add(f"52{digits[3:]}")
    elif digits.startswith("52") and len(digits) == 12:
        ways.add(f"521{digits[2:]}")
    elif digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
        ways.add(f"{digits[:4]}{digits[5:]}")
    elif digits.startswith("55") and len(digits) == 12:
        ways.add(f"{digits[:4]}9{digits[4:]}")
    return {form for one in ways if one for form in (one, f"+{one}")}


def _addresses_said(person: Person, by: Actor) -> Mapping[str, bool]:
    """Where they asked for answers, and addresses that a provider says are theirs: address → whether it was vouched for."""
    theirs = Message.objects.visible_to(by).filter(person=person, direction="in").order_by("-pk")
    told = theirs.filter(trust__has_any_keys=["reply_to", "vouched"]).values_list("trust__reply_to", "trust__vouched")
    said: dict[str, bool] = {}
    for left, vouched in told[:MOST_SAID]:
        for address, proven in ((vouched, True), (left, False)):
            if address:
                said[normal_email(address)] = said.get(normal_email(address), False) or proven
    return said


def _asked_for_answers_at(mails: Iterable[str], person: Person, by: Actor) -> "QuerySet[Ticket]":
    """Tickets of others that this person has written on, whose requester had left one of these addresses."""
    left = Message.objects.filter(ticket=OuterRef("pk"), direction="in", trust__reply_to__in=list(mails))
    tickets = Ticket.objects.visible_to(by).filter(messages__person=person).exclude(requester=person)
    return tickets.filter(Exists(left))


def _namesakes(person: Person) -> "QuerySet[Person]":
    if not person.organisation_id or not person.name:
        return Person.objects.none()
    return Person.objects.standing().filter(organisation=person.organisation_id, name__iexact=person.name)


def _alike(other: Person, person: Person, said: Mapping[str, bool], numbers: set[str]) -> Alike:
    theirs = list(other.identities.all())
    for identity in theirs:
        if identity.kind == "email" and said.get(identity.value):
            return Alike(other, f"A provider vouches that {identity.value} is theirs.", 0)
    for identity in theirs:
        if identity.kind in PHONES and identity.value in numbers:
            return Alike(other, f"{identity.value} is the same telephone.", 1)
    for identity in theirs:
        if identity.kind == "email" and identity.value in said:
            return Alike(other, f"{person} asked for answers at {identity.value}, but nobody vouches for that.", 2)
    if other.organisation_id and other.organisation_id == person.organisation_id and _same_name(other, person):
        return Alike(other, f"The same name at {other.organisation}. A name proves nothing: ask.", 4)
    return Alike(other, f"They left an address of {person} for answers, and answers came from there.", 3)


def _same_name(other: Person, person: Person) -> bool:
    return other.name.casefold() == person.name.casefold()
