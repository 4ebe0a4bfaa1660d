"""Person, Identity, Organisation."""

from django.db import models

from towerdesk.accounts.roles import CUSTOMER
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.text import initials


class Organisation(models.Model):
    name = models.CharField(max_length=160)
    domain = models.CharField(max_length=253, blank=True, db_index=True)  # people with this mail domain belong to it
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    language = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name or f"Person {self.pk}"

    @property
    def short(self) -> str:
        return initials(self.name or "?")

    @property
    def first_name(self) -> str:
        return (self.name or "the customer").split(" ")[0]

    def actor(self) -> Actor:
        return Actor("customer", self.pk, str(self), CUSTOMER)


class Identity(models.Model):
    """One address by which a person reaches us. `value` is normalised; `verified` is said by a server, never by a text."""

    KINDS = {"email": "E-mail", "phone": "Phone", "handle": "Handle", "msteams": "Microsoft Teams"}
    """Those that mean the same everywhere. Channels bring others along, such as "telegram": see `kind_name`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=20, default="email")
    value = models.CharField(max_length=320)
    verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_is_one_persons")]

    def __str__(self) -> str:
        return self.value

    @property
    def kind_name(self) -> str:
        return kind_name(self.kind)


def kind_name(kind: str) -> str:
    return Identity.KINDS.get(kind) or kind.replace("_", " ").capitalize()
