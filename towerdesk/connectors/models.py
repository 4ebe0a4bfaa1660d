"""Connection: a system that we call. ToolSetting: what may be done there. Call: the journal of what was done."""

from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now

APPROVALS = [
    ("never", "Nobody needs to approve"),
    ("unlicensed", "What the assistant does without a licence waits for a person"),
    ("automatic", "What no person does themselves waits for one"),
    ("always", "A second person approves, whoever asks"),
]
APPROVERS = [("agent", "Any agent"), ("lead", "Leads and administrators")]
STATES = [
    ("planned", "Waits for approval"),
    ("claimed", "Under way"),
    ("done", "Done"),
    ("failed", "Not done"),
    ("unknown", "Nobody knows"),
    ("undone", "Taken back"),
    ("declined", "Declined"),
]
CHECKED = [("", "Not read back"), ("yes", "Read back: so it is"), ("no", "Read back: it is not so")]


class Connection(models.Model):
    """`settings` hold what its kind needs, `secrets` by name what is sealed by `lib.vault`."""

    slug = models.SlugField(max_length=40, unique=True)  # the first word of its tools' names
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)  # see `registry.CONNECTORS`
    settings: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    secrets: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    hosts: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # the only ones that are called
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    trouble = models.TextField(blank=True)  # one sentence while something is wrong

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ToolSetting(models.Model):
    """Whether a tool may be used, and how much. A ceiling that is empty is none; a day is the last 24 hours."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="tool_settings")
    tool = models.CharField(max_length=60)  # without the connection
    enabled = models.BooleanField(default=False)
    approval = models.CharField(max_length=12, choices=APPROVALS, default="unlicensed")
    approver = models.CharField(max_length=8, choices=APPROVERS, default="agent")
    approve_above = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    approve_within_hours = models.PositiveSmallIntegerField(default=72)
    most_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    most_amount_a_day = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    most_amount_a_day_each = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    most_a_day = models.PositiveIntegerField(null=True, blank=True)
    most_a_day_each = models.PositiveIntegerField(null=True, blank=True)  # for one person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "tool"], name="one_setting_per_tool")]
        ordering = ["connection", "tool"]

    def __str__(self) -> str:
        return f"{self.connection.slug}.{self.tool}"

    @property
    def limits(self) -> list[str]:
        """In words, as short as they can be."""
        said = {
            "{} a call": self.most_amount,
            "{} within a day": self.most_amount_a_day,
            "{} a day for one person": self.most_amount_a_day_each,
            "{} times a day": self.most_a_day,
            "{} times a day for one person": self.most_a_day_each,
        }
        return [words.format(most) for words, most in said.items() if most is not None]


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everything for whoever may change connections; others see calls on tickets that they may see, by `of`."""
        return self.all() if actor.can("connection.change") else self.none()

    def of(self, ticket_id: int) -> Self:
        """What was done on one ticket, oldest first. Whoever asks has seen to it that the ticket may be seen."""
        return self.filter(ticket_id=ticket_id).order_by("id")

    def changing(self) -> Self:
        return self.exclude(effect="read")

    def standing(self) -> Self:
        """What changed something, is about to, or may have."""
        return self.changing().exclude(state__in=("failed", "declined", "undone"))

    def open(self) -> Self:
        """Those that wait for a person's word."""
        return self.filter(state__in=("planned", "unknown"))


class Call(models.Model):
    """One call of a tool, claimed before the network is touched: the same key is never two effects.

    Ticket, run and person are plain values, handed in. `sources` says of each argument who said it and where.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="calls")
    tool = models.CharField(max_length=101)  # connection.tool
    effect = models.CharField(max_length=8)
    title = models.CharField(max_length=200)  # as the tool was called then
    key = models.CharField(max_length=200, unique=True)
    sent_as = models.UUIDField(
        default=uuid4, editable=False
    )  # the key as the other system sees it: no other desk has it
    arguments: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    sources: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # name → {"source", "said"}
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=8, choices=STATES)
    tries = models.PositiveSmallIntegerField(default=0)  # claims; an outcome counts only for its own
    again = models.BooleanField(default=False)  # it failed, and the same key may be tried once more
    preview: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict
    )  # {"sentence", "changes": [{what, was, now}], "undo"}
    result: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # {"content", "sentence", "external_id"}
    note = models.TextField(blank=True)  # why it waits, failed, was declined, or is not known
    checked = models.CharField(max_length=3, choices=CHECKED, blank=True)
    ticket_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    person = models.CharField(max_length=320, blank=True)  # whose data it touches, as the caller knows them first
    persons: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # and all that they are known by
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    warrant = models.CharField(max_length=60, blank=True)  # what stood for an approval, e.g. licence:12
    decided_by = models.CharField(max_length=200, blank=True)  # who approved, declined or settled it
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undoings")
    created_at = models.DateTimeField(default=now)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # of one that waits for approval

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket_id", "id"], name="call_by_ticket"),
            models.Index(fields=["connection", "-id"], name="call_by_connection"),
            models.Index(fields=["tool", "claimed_at"], name="call_by_tool"),
            models.Index(
                fields=["state", "id"], condition=Q(state__in=("planned", "claimed", "unknown")), name="call_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool} #{self.pk}"

    @property
    def content(self) -> Any:
        return self.result.get("content")

    @property
    def sentence(self) -> str:
        """What became of it, for a person."""
        said: str = self.result.get("sentence") or self.note or self.preview.get("sentence") or self.title
        return said

    @property
    def money(self) -> Decimal:
        return self.amount or Decimal(0)
