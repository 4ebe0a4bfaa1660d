"""Custom fields, and the forms that ask for them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from towerdesk.accounts.models import Team
from towerdesk.lib.clock import now
from towerdesk.tickets.models.intent import Intent
from towerdesk.tickets.models.ticket import Ticket

FIELD_KINDS = [
    ("text", "Text"),
    ("number", "Number"),
    ("choice", "One of a list"),
    ("multi", "Several of a list"),
    ("date", "Date"),
    ("check", "Yes or no"),
    ("person", "Person"),
    ("link", "Link"),
]
STATUSES_THAT_ASK = ("open", "pending", "hold", "resolved")


class CustomField(models.Model):
    """A typed field that tickets can have. Its key and its kind never change: tickets and filters rest on them.

    A ticket holds its values in `Ticket.fields` by key: text, link, person (a mail address) and choice as a string,
    number as a number, date as ISO 8601, check as true or false, multi as a list of keys.
    """

    key = models.CharField(max_length=40, unique=True)  # small letters, digits and _: `field.serial_number:` in filters
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=FIELD_KINDS, default="text")
    help = models.CharField(max_length=300, blank=True)
    required_for = ArrayField(models.CharField(max_length=8), default=list, blank=True)  # statuses
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_choices(self) -> bool:
        return self.kind in ("choice", "multi")


class Form(models.Model):
    """What is asked for one type of request. `asks` is a list of {"ask": key, "required": bool, "help": text}, in order.

    `ask` is the key of a custom field, or `impact`, `urgency`, `type`, `area`, `priority`. What the form presets
    (type, area, intent, team) is set without asking. An ask may have `when`: conditions on earlier answers, all of which
    must hold before it is asked (`taxonomy/conditions.py`). `page` says how customers fill it in (`taxonomy/form_page.py`).
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    help = models.CharField(max_length=300, blank=True)
    asks: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    type = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=60, blank=True)
    intent = models.ForeignKey(Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="forms")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="forms")
    page: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """The mail that tells the writer of a form that it came in. Its row is claimed before the network is touched.

    The address was typed by whoever filled the form in, so nothing that they wrote stands in this mail.
    """

    OUTCOMES = [("", "Waits"), ("sent", "Sent"), ("unsent", "Not sent"), ("unsure", "Nobody knows")]

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="confirmation")
    address = models.CharField(max_length=320)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField(default=now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=OUTCOMES, blank=True, default="")
    why = models.CharField(max_length=300, blank=True)  # one sentence, unless it was sent

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(outcome=""), name="confirmation_waits"),
            models.Index(fields=["address", "-created_at"], name="confirmation_by_address"),
        ]

    def __str__(self) -> str:
        return f"Confirmation of {self.ticket_id} to {self.address}"
