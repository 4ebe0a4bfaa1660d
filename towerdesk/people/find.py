"""Find the person behind an address, a number or another identity, or make one."""

import phonenumbers
from django.db import transaction
from django.db.models import QuerySet

from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.statements import Statement
from towerdesk.people.domains import organisations_domain
from towerdesk.people.models import Identity, Person, kind_name
from towerdesk.people.prove import prove

# A person, the address and the organisation of its domain in one statement: half of the cost of a first mail otherwise.
NEW = Statement("""
WITH person AS (
  INSERT INTO people_person (name, organisation_id, language, note, created_at)
  VALUES (%(name)s, (SELECT id FROM people_organisation WHERE domain = %(domain)s ORDER BY id LIMIT 1), '', '', %(at)s)
  RETURNING id, organisation_id
), identity AS (
  INSERT INTO people_identity (person_id, kind, value, verified, how, created_at)
  SELECT id, %(kind)s, %(value)s, %(verified)s, %(how)s, %(at)s FROM person
  ON CONFLICT (kind, value) DO NOTHING RETURNING person_id
)
SELECT person.id, person.organisation_id, identity.person_id IS NOT NULL FROM person LEFT JOIN identity ON true
""")


def person_for(
    value: str, name: str = "", *, kind: str = "email", verified: bool = False, how: str = "provider"
) -> Person:
    """The one person with this identity. Safe under concurrency: the identity's unique constraint decides.

    The name is taken for somebody new only, and never looked for: anybody can call themselves anything. `verified` is
    said by a server that knows, such as a provider which signed for it, and `how` is a key of `Identity.HOW`. Whoever
    was found unverified becomes verified by it; what somebody else only claims is taken from them (`prove`).
    """
    value = normal(kind, value)
    found = _find(kind, value)
    if found is None:
        found = _new(kind, value, (name or guess_name(value, kind))[:200], how if verified else "")
    if verified and not found.verified:
        return prove(found, name or guess_name(value, kind), how)
    return found.person


def _new(kind: str, value: str, name: str, how: str) -> Identity:
    person = Person(name=name, created_at=now())
    identity = Identity(kind=kind, value=value, verified=bool(how), how=how, created_at=person.created_at)
    values = {name: getattr(identity, name) for name in ("kind", "value", "verified", "how")}
    domain = organisations_domain(value) if kind == "email" else None
    with transaction.atomic(savepoint=False):
        [new] = NEW.ask({**values, "name": name, "domain": domain, "at": person.created_at})
        person.pk, person.organisation_id, is_ours = new
        person._state.adding = False
        if is_ours:
            identity.person = person
            return identity
        person.delete()  # somebody else was faster by a moment
    return Identity.objects.select_related("person__organisation").get(kind=kind, value=value)


def find_person(value: str, kind: str = "email") -> Person | None:
    found = _find(kind, normal(kind, value))
    return found.person if found else None


def _find(kind: str, value: str) -> Identity | None:
    found: list[Identity] = _identities(kind, value=value)
    return found[0] if found else None


@compiled
def _identities(kind: str, *, value: str) -> "QuerySet[Identity]":
    return Identity.objects.select_related("person__organisation").filter(kind=kind, value=value)


def normal(kind: str, value: str) -> str:
    """As it is stored: mail addresses in small letters, phone numbers as E.164 where they are whole, others as they are."""
    if kind == "email":
        return normal_email(value)
    if kind == "phone":
        return _normal_phone(value.strip())[:320]
    return value.strip()[:320]


def _normal_phone(value: str) -> str:
    """`+49 (0)30 123456` → `+4930123456`. A number without its country is left alone: it could be anybody's."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(email: str) -> str:
    return email.strip().lower()[:320]


def guess_name(value: str, kind: str = "email") -> str:
    if kind == "phone":
        return value
    if kind != "email":
        return f"{kind_name(kind)} {value}"
    local = value.partition("@")[0].partition("+")[0]
    return " ".join(word.capitalize() for word in local.replace("_", ".").split(".") if word) or value
