"""Proving, Licence: what grades prove. Terms, Arm: how much is audited and held out, and who was."""

from typing import Any

from django.db import models
from django.db.models import Q

from towerdesk.assistant.models.run import KINDS
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.intent import RISKS


class Proving(models.Model):
    """One run of evidence toward a licence: what it is about and its thresholds are fixed before the grades are looked at.

    Of one intent, or of the intents of a risk class together (`risk`, `members`). What comes in after the run `after`
    counts. A suspension ends it, and another one begins with nothing.
    """

    kind = models.CharField(max_length=8, choices=KINDS, default="answer")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.CASCADE, related_name="provings")
    risk = models.CharField(max_length=12, blank=True)
    members = models.ManyToManyField(Intent, related_name="pooled_provings")
    fingerprint = models.CharField(max_length=64)
    thresholds: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # strict first, from scores alone
    after = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intent", "kind"],
                condition=Q(ended_at=None, intent__isnull=False),
                name="one_open_proving_per_intent",
            ),
            models.UniqueConstraint(
                fields=["risk", "kind"],
                condition=Q(ended_at=None, intent__isnull=True),
                name="one_open_proving_per_risk",
            ),
        ]

    def __str__(self) -> str:
        return f"Proving of {self.intent or self.risk}"


HOW_ENDED = [
    ("replaced", "Replaced by newer evidence"),
    ("expired", "Ran out"),
    ("void", "What it rests on changed"),
    ("suspended", "Taken back"),
]


class Licence(models.Model):
    """The right to answer an intent alone, or to act on it, at scores of at least `threshold`, from graded evidence.

    A pooled one has no intent but a `risk` class and `members`: its bound is on all that they let out together.
    """

    kind = models.CharField(max_length=8, choices=KINDS, default="answer")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.CASCADE, related_name="licences")
    risk = models.CharField(max_length=12, blank=True, default="", db_default="")
    members = models.ManyToManyField(Intent, related_name="pooled_licences")
    left_out: "models.JSONField[Any, Any]" = models.JSONField(default=dict, db_default={})  # intent id -> why
    proving = models.ForeignKey(Proving, null=True, on_delete=models.SET_NULL, related_name="licences")
    threshold = models.FloatField()
    alpha = models.FloatField()  # the highest error rate allowed
    delta = models.FloatField(default=0.05)  # 1 - confidence
    n = models.IntegerField()  # grades at or above the threshold
    k = models.IntegerField()  # errors among them
    bound = models.FloatField()  # one-sided upper bound on the error rate, valid at every look
    coverage = models.FloatField(default=0.0)  # share of the intent's recent traffic at or above the threshold
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=HOW_ENDED, blank=True, default="", db_default="")
    ended_why = models.CharField(max_length=300, blank=True)
    warned_at = models.DateTimeField(null=True)  # that it runs out soon was told
    audit_share = models.FloatField(default=1.0, db_default=1.0)  # of what it lets out, so much is drawn for an audit
    fingerprints: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict
    )  # model, prompts, knowledge, policy -> hash

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intent", "kind"], condition=Q(ended_at=None), name="one_valid_licence_per_intent"
            ),
            models.UniqueConstraint(
                fields=["risk", "kind"],
                condition=Q(ended_at=None, intent__isnull=True),
                name="one_valid_licence_per_risk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: at most {self.bound:.1%} wrong"

    @property
    def about(self) -> str:
        return self.intent.name if self.intent else f"{dict(RISKS)[self.risk]}, together"

    def lets_out(self, intent_id: int) -> bool:
        """Whether it speaks for this intent: a pool leaves out members that have shown to be worse."""
        return self.intent_id == intent_id or str(intent_id) not in self.left_out

    @property
    def shared_by(self) -> int:
        """How many intents it lets out."""
        return len(self.members.all()) - len(self.left_out) if self.intent_id is None else 1

    def covers(self, version: int | None) -> bool:
        """Whether what rests on this article version was among what was graded; one that names no versions covers all."""
        named = self.fingerprints.get("versions")
        return named is None or version is None or version in named


class Terms(models.Model):
    """One row: how much is drawn for grades, audits and second grades, and how much is held out. Shares, 0 to 1."""

    ask_share = models.FloatField(default=1.0)  # of what is watched or suggested, drawn for a grade that certifies
    audit_share = models.FloatField(default=0.1)  # of what is sent alone, at least
    second_share = models.FloatField(default=0.1)  # of what was graded, asked of a second person
    holdout_share = models.FloatField(default=0.0)  # of tickets that it could have answered alone, given to people

    def __str__(self) -> str:
        return "Terms of autonomy"


ARMS = [("alone", "Answered alone"), ("people", "Held out for people")]


class Arm(models.Model):
    """What chance decided about one ticket that could have been answered alone: drawn once, kept for good."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="arm")
    arm = models.CharField(max_length=6, choices=ARMS)
    draw = models.FloatField()
    share = models.FloatField()  # what was held out then
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.arm}"
