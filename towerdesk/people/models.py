"""Person, Identity, Organisation."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from towerdesk.accounts.roles import CUSTOMER
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.text import as_number, initials

FEWEST_DIGITS = 5
"""What is shorter is no telephone number, when people are looked for."""


class Organisation(models.Model):
    name = models.CharField(max_length=160)
    domain = models.CharField(max_length=253, blank=True, db_index=True)  # people with this mail domain belong to it
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def standing(self) -> Self:
        """Without those who are a part of somebody else."""
        return self.filter(merged_into=None)

    def matching(self, words: str) -> Self:
        """Part of a name, of an organisation's, of an address; a telephone number however it is written; or its own number."""
        words = words.strip()
        if not words:
            return self
        digits = "".join(letter for letter in words if letter.isdigit())
        is_number = len(digits) >= FEWEST_DIGITS and not words.strip("+0123456789 ()/-.")
        reached = Q(value__icontains=words) | (Q(value__icontains=digits.lstrip("0") or digits) if is_number else Q())
        # One list of numbers, each part of it found by its own index: an OR over all of it would look at everybody.
        found = (
            Person.objects.filter(name__icontains=words)
            .values("pk")
            .union(
                Person.objects.filter(organisation__name__icontains=words).values("pk"),
                Identity.objects.filter(reached).values("person"),
                Person.objects.filter(pk=as_number(words)).values("pk"),
            )
        )
        return self.filter(pk__in=found)


class Person(models.Model):
    name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="people", db_index=False
    )
    language = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts", db_index=False
    )
    created_at = models.DateTimeField(default=now)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], condition=Q(merged_into=None), name="person_by_name"),
            models.Index(
                fields=["organisation"], condition=Q(organisation__isnull=False), name="person_of_organisation"
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_part_of_person"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_part_of_name"),
        ]

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
    """One address by which a person reaches us. `value` is normalised; `verified` is said by a server, never by a text.

    One that is not verified is a claim of whoever holds it: `prove` takes it from them when its owner shows up.
    """

    KINDS = {"email": "E-mail", "phone": "Phone", "handle": "Handle", "msteams": "Microsoft Teams"}
    """Those that mean the same everywhere. Channels bring others along, such as "telegram": see `kind_name`."""
    HOW = {
        "": "Nobody vouches for it",
        "provider": "The provider signed for it",
        "mail": "Its domain signed a mail",
        "vouched": "A provider vouches for the address",
        "site": "Your site vouches for it",
    }
    """How we know that it is theirs."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=20, default="email")
    value = models.CharField(max_length=320)
    verified = models.BooleanField(default=False)
    how = models.CharField(max_length=12, blank=True, default="", db_default="")  # a key of HOW
    complained_at = models.DateTimeField(null=True, blank=True)  # called a mail of ours spam
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_is_one_persons")]
        indexes = [GinIndex(OpClass(Upper("value"), name="gin_trgm_ops"), name="identity_part_of_value")]

    def __str__(self) -> str:
        return self.value

    @property
    def kind_name(self) -> str:
        return kind_name(self.kind)

    @property
    def how_known(self) -> str:
        """In words. Of what was verified before we kept how, only that it is."""
        return self.HOW.get(self.how, "") if self.how or not self.verified else "Verified"


def kind_name(kind: str) -> str:
    return Identity.KINDS.get(kind) or kind.replace("_", " ").capitalize()
