"""Find the person behind an address, or make one."""

from django.db import transaction

from towerdesk.people.models import Identity, Organisation, Person

FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com gmx.de gmx.net web.de "
    "proton.me protonmail.com aol.com mail.ru yandex.ru qq.com 163.com".split()
)


def person_for(email: str, name: str = "") -> Person:
    """The one person with this mail address. Safe under concurrency: the identity's unique constraint decides."""
    value = normal_email(email)
    known = find_person(value)
    if known:
        return known
    with transaction.atomic():
        person = Person.objects.create(name=(name or guess_name(value))[:200], organisation=_organisation_of(value))
        _, is_ours = Identity.objects.get_or_create(kind="email", value=value, defaults={"person": person})
        if is_ours:
            return person
        person.delete()  # somebody else was faster by a moment
    return Identity.objects.select_related("person__organisation").get(kind="email", value=value).person


def find_person(email: str) -> Person | None:
    found = (
        Identity.objects.select_related("person__organisation").filter(kind="email", value=normal_email(email)).first()
    )
    return found.person if found else None


def normal_email(email: str) -> str:
    return email.strip().lower()[:320]


def guess_name(email: str) -> str:
    local = email.partition("@")[0].partition("+")[0]
    return " ".join(word.capitalize() for word in local.replace("_", ".").split(".") if word) or email


def _organisation_of(email: str) -> Organisation | None:
    domain = email.rpartition("@")[2]
    if not domain or domain in FREE_MAIL:
        return None
    return Organisation.objects.filter(domain=domain).first()
