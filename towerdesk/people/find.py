"""Find the person behind an address, or make one."""

from django.db import connection, transaction
from django.db.models import QuerySet

from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.people.models import Identity, Person

FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com gmx.de gmx.net web.de "
    "proton.me protonmail.com aol.com mail.ru yandex.ru qq.com 163.com".split()
)

# A person, the address and the organisation of its domain in one statement: half of the cost of a first mail otherwise.
NEW = """
WITH person AS (
  INSERT INTO people_person (name, organisation_id, language, note, created_at)
  VALUES (%(name)s, (SELECT id FROM people_organisation WHERE domain = %(domain)s ORDER BY id LIMIT 1), '', '', %(at)s)
  RETURNING id, organisation_id
), identity AS (
  INSERT INTO people_identity (person_id, kind, value, verified, created_at)
  SELECT id, 'email', %(value)s, false, %(at)s FROM person
  ON CONFLICT (kind, value) DO NOTHING RETURNING person_id
)
SELECT person.id, person.organisation_id, identity.person_id IS NOT NULL FROM person LEFT JOIN identity ON true
"""


def person_for(email: str, name: str = "") -> Person:
    """The one person with this mail address. Safe under concurrency: the identity's unique constraint decides."""
    value = normal_email(email)
    return find_person(value) or _new_person(value, (name or guess_name(value))[:200])


def _new_person(value: str, name: str) -> Person:
    person = Person(name=name, created_at=now())
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(NEW, {"name": name, "domain": _domain_of(value), "value": value, "at": person.created_at})
        person.pk, person.organisation_id, is_ours = cursor.fetchone() or (None, None, False)
        person._state.adding = False
        if is_ours:
            return person
        person.delete()  # somebody else was faster by a moment
    return Identity.objects.select_related("person__organisation").get(kind="email", value=value).person


def find_person(email: str) -> Person | None:
    found: list[Identity] = _identities(value=normal_email(email))
    return found[0].person if found else None


@compiled
def _identities(*, value: str) -> "QuerySet[Identity]":
    return Identity.objects.select_related("person__organisation").filter(kind="email", value=value)


def normal_email(email: str) -> str:
    return email.strip().lower()[:320]


def guess_name(email: str) -> str:
    local = email.partition("@")[0].partition("+")[0]
    return " ".join(word.capitalize() for word in local.replace("_", ".").split(".") if word) or email


def _domain_of(email: str) -> str | None:
    """The domain that may belong to an organisation."""
    domain = email.rpartition("@")[2]
    return None if not domain or domain in FREE_MAIL else domain
