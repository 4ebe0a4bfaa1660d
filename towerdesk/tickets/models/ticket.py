"""The ticket: one owned, timed request. Its due time and next step are columns, so lists sort and filter without a join."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from towerdesk.accounts.models import Team, User
from towerdesk.channels.models import Inbox
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.people.models import Organisation, Person
from towerdesk.tickets.models.intent import Intent

STATUSES = [
    ("new", "New"),
    ("open", "Open"),
    ("pending", "Waiting on the customer"),
    ("hold", "Waiting on others"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]
PRIORITIES = [("critical", "Critical"), ("high", "High"), ("normal", "Normal"), ("low", "Low")]
TYPES = [(value, value.capitalize()) for value in ("question", "incident", "problem", "task", "bug", "feature")]
"""The types that a desk begins with; `taxonomy` knows which there are."""
STEPS = [
    ("answer", "Waiting on us"),
    ("call", "Call back"),
    ("approve", "Needs approval"),
    ("assistant", "Assistant at work"),
    ("customer", "Waiting on the customer"),
    ("others", "Waiting on others"),
    ("snooze", "Snoozed"),
    ("close", "Closes by itself"),
    ("none", "Nothing"),
]
WAITING = ("new", "open", "pending", "hold")
BAYS = {"answer": ("answer", "call")}
"""Steps that lie in one bay of the Tower: a customer is answered, by whatever way."""
OURS = ("answer", "call", "approve")
"""The steps that a person of ours is to take, and whose time is promised."""


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: Actor) -> Self:
        """What this actor may read; whoever has no row in the table of roles sees nothing."""
        if actor.kind == "customer":
            return self.filter(requester_id=actor.id)
        if not actor.can("ticket.read"):
            return self.none()
        if actor.can("ticket.read_all"):
            return self
        mine = Q(team__restricted=False) | Q(team_id__in=actor.teams)
        return self.filter(mine | Q(assignee_id=actor.user_id) if actor.user_id else mine)

    def waiting(self) -> Self:
        return self.filter(status__in=WAITING)

    def in_bay(self, step_kind: str) -> Self:
        """What waits for this step, first due first."""
        return self.waiting().filter(step_kind=step_kind).order_by("due_at", "id")

    def first_in_bay(self, bay: str, most: int) -> "models.QuerySet[Ticket, int]":
        """Numbers of the first of one bay of the Tower, not more than `most` of each step: an index finds each of them."""
        first, *rest = (self.in_bay(kind).values_list("pk", flat=True)[:most] for kind in BAYS.get(bay, (bay,)))
        return first.union(*rest, all=True) if rest else first

    def for_strips(self) -> Self:
        return self.select_related("requester", "organisation", "assignee", "team", "intent", "inbox")

    def one(self, number: int) -> "Ticket":
        """As `for_strips().get(pk=number)`, by a query that is built once. Raises `Ticket.DoesNotExist`."""
        found: list[Ticket] = _one(number=number)
        if not found:
            raise Ticket.DoesNotExist(f"There is no ticket {number}.")
        return found[0]


class Ticket(models.Model):
    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=500)
    status = models.CharField(max_length=8, choices=STATUSES, default="new")
    priority = models.CharField(max_length=8, choices=PRIORITIES, default="normal")
    type = models.CharField(
        max_length=40, default="question"
    )  # keys of `Value`, as are area, impact, urgency, resolution
    intent = models.ForeignKey(
        Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    product_area = models.CharField(max_length=60, blank=True)
    impact = models.CharField(max_length=40, blank=True, default="", db_default="")
    urgency = models.CharField(max_length=40, blank=True, default="", db_default="")
    form = models.CharField(max_length=40, blank=True, default="", db_default="")  # key of the form it came by
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    handler = models.CharField(
        max_length=10, choices=[("person", "Person"), ("assistant", "Assistant")], default="person"
    )
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="tickets")
    language = models.CharField(max_length=8, blank=True)
    mood = models.CharField(max_length=12, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    fields: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged", db_index=False
    )

    step_kind = models.CharField(max_length=10, choices=STEPS, default="answer")
    next_step = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    score = models.FloatField(null=True)  # of the assistant's newest proposal, 0..1
    score_proven = models.BooleanField(default=False)  # a licence covers that score
    person_asked_at = models.DateTimeField(null=True)  # the customer asked for a person: the assistant stays silent

    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)  # the newest message or change
    first_reply_at = models.DateTimeField(null=True)  # the first public answer of a person or the assistant
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=40, blank=True)  # solved, information, duplicate, spam, no_answer …
    resolution_note = models.TextField(blank=True)
    resolved_by = models.CharField(max_length=10, blank=True)  # kind of actor
    known_by = models.CharField(max_length=10, blank=True)  # confirmed, assumed, disputed, reopened, unknown
    rating = models.SmallIntegerField(null=True)  # 1 = no, 2 = partly, 3 = yes
    watchers: "models.ManyToManyField[User, Any]" = models.ManyToManyField(User, blank=True, related_name="watched")

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed") | (Q(team__isnull=False) & Q(due_at__isnull=False) & ~Q(next_step="")),
                name="unclosed_ticket_has_team_and_next_step",
            ),
        ]
        indexes = [
            models.Index(fields=["step_kind", "due_at", "id"], condition=Q(status__in=WAITING), name="ticket_bay"),
            models.Index(  # holds all that counting the bays asks for, whoever counts
                fields=["team", "step_kind", "due_at"],
                include=["assignee"],
                condition=Q(status__in=WAITING),
                name="ticket_team_bay",
            ),
            models.Index(fields=["assignee", "due_at"], condition=Q(status__in=WAITING), name="ticket_mine"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
            models.Index(fields=["status", "-updated_at"], name="ticket_status_newest"),
            models.Index(fields=["requester", "-created_at"], name="ticket_of_person"),
            models.Index(fields=["due_at"], condition=Q(status="resolved"), name="ticket_to_close"),
            # each change of a ticket writes into every index that it stands in, so those without the thing stand in none
            models.Index(fields=["intent"], condition=Q(intent__isnull=False), name="ticket_of_intent"),
            models.Index(fields=["assignee"], condition=Q(assignee__isnull=False), name="ticket_of_assignee"),
            models.Index(
                fields=["organisation"], condition=Q(organisation__isnull=False), name="ticket_of_organisation"
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="ticket_merged"),
            GinIndex(fields=["tags"], name="ticket_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        return self.pk

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def owner_name(self) -> str:
        return str(self.assignee or self.team or "Nobody")

    def hold(self) -> Self:
        """Lock the row and take over its newest values; call first inside a verb's transaction, so no change is lost."""
        fresh = _held(number=self.pk)
        if not fresh:
            raise Ticket.DoesNotExist(f"There is no ticket {self.pk} any more.")
        known = self.__dict__
        for name, value in fresh[0].items():
            if name not in known or known[name] != value:
                setattr(self, name, value)
        return self


@compiled
def _one(*, number: int) -> TicketQuerySet:
    return Ticket.objects.for_strips().filter(pk=number)


@compiled
def _held(*, number: int) -> "models.QuerySet[Ticket, dict[str, Any]]":
    columns = [field.attname for field in Ticket._meta.concrete_fields]
    held: models.QuerySet[Ticket, dict[str, Any]] = (
        Ticket.objects.select_for_update().filter(pk=number).values(*columns)
    )
    return held
