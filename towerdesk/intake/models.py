"""Raw: the bytes as they came, and what became of them. Nothing that arrived is ever without one of these."""

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q

from towerdesk.channels.models import Inbox
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message, Ticket

STATES = [
    ("stored", "Stored"),
    ("ticket", "Opened a ticket"),
    ("message", "On a ticket"),
    ("bounce", "Bounce tied to its message"),
    ("set_aside", "Set aside"),
    ("failed", "Failed"),
]


FORGOTTEN = "(removed)"
"""`Raw.about` of what waited for so long that its bytes were removed: it waits for nothing any more."""


class RawQuerySet(models.QuerySet["Raw"]):
    def to_read(self) -> Self:
        """With everything that reading needs, in one query."""
        addresses = ArraySubquery(Inbox.objects.order_by("pk").values("address"))
        return self.select_related("inbox__team").annotate(our_addresses=addresses)

    def unfinished(self) -> Self:
        return self.filter(state="stored")

    def with_trouble(self) -> Self:
        return self.filter(state__in=("failed", "set_aside")).order_by("-id")


class Raw(models.Model):
    id = models.BigAutoField(primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="raws", db_index=False)
    door = models.CharField(max_length=10)  # smtp, imap, file, hook, api …
    arrived_at = models.DateTimeField(default=now)
    content = models.BinaryField()  # exactly as it came
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # hex SHA-256 of the content
    delivery = models.CharField(max_length=64, null=True, blank=True)  # digest of the provider's id of this delivery
    envelope: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # from, to (list), ip, helo; headers
    state = models.CharField(max_length=10, choices=STATES, default="stored")
    reason = models.CharField(max_length=500, blank=True)  # one sentence: why it was set aside or failed
    auto = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    about = models.CharField(
        max_length=400, blank=True, default="", db_default=""
    )  # set aside until a message with this provider id is here
    message = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="raw")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="raws", db_index=False)
    done_at = models.DateTimeField(null=True)

    our_addresses: list[str]  # of `to_read()`

    objects = RawQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], condition=~Q(state__in=("ticket", "message")), name="raw_by_trouble"),
            models.Index(fields=["inbox", "state"], name="raw_by_inbox"),
            models.Index(fields=["sender", "-arrived_at"], name="raw_by_sender"),
            models.Index(fields=["ticket"], condition=Q(ticket__isnull=False), name="raw_of_ticket"),
            models.Index(fields=["inbox", "about"], condition=~Q(about=""), name="raw_that_waits"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["inbox", "delivery"], name="same_delivery_is_stored_once"),
        ]

    def __str__(self) -> str:
        return f"Raw {self.pk} ({self.state})"


class Cursor(models.Model):
    """How far one IMAP folder has been read (RFC 3501: a UID means something only within its UIDVALIDITY)."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)  # messages fetched in all; equals what is stored from here
    again_until = models.BigIntegerField(default=0, db_default=0)  # below this UID are mails that may be stored already

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "folder"], name="one_cursor_per_folder")]

    def __str__(self) -> str:
        return f"{self.folder} up to {self.last_uid}"


class Poll(models.Model):
    """How it stands with a list that an inbox's channel asks for now and then (`channels.listing.Listing`)."""

    inbox = models.OneToOneField(Inbox, on_delete=models.CASCADE, related_name="poll")
    source = models.CharField(max_length=64, blank=True)  # digest of what is asked; of another one all begins anew
    etag = models.CharField(max_length=400, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField(null=True)  # entries that are older are not taken
    passed: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # digests of those that were there first
    due_at = models.DateTimeField(default=now)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    def __str__(self) -> str:
        return f"the list of {self.inbox_id}, asked for at {self.due_at}"
