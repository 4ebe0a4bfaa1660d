"""Run, Proposal, Receipt, Licence, Grade, Brain, Procedure: what it read, proposed, was allowed, and how well it did."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Message, Ticket

OUTCOMES = [
    ("shadow", "Only watched"),
    ("draft", "Suggested a reply"),
    ("pause", "Sends after a pause"),
    ("sent", "Answered alone"),
    ("handed_over", "Handed over"),
    ("silent", "Stayed silent"),
]


REPLACED = "replaced"

KINDS = [("answer", "Answers from the articles"), ("action", "Changes something by a procedure")]
"""What is decided, graded and licensed apart: to say something, and to do something outside our walls."""


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def current(self) -> Self:
        """Without those that a later consideration of the same message stands in for: they stay for their receipts."""
        return self.exclude(state=REPLACED)


class Run(models.Model):
    """One consideration of one message. `state` is `open` while its suggestion waits for a person."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="runs")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=8, choices=KINDS, default="answer")
    state = models.CharField(max_length=10, default="open")  # open, used, edited, rejected, withdrawn, done, replaced
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    intent_probability = models.FloatField(default=0.0)
    score = models.FloatField(default=0.0)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # name -> 0..1, what the score is made of
    summary = models.TextField(blank=True)
    reply = models.TextField(blank=True)  # the suggested text
    grounded: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [{text, source, start, end, support}]
    evidence: "models.JSONField[Any, Any]" = models.JSONField(
        default=list
    )  # [{kind, id, version, chunk, title, quote, score}]
    checks: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [{name, ok, score, sentence}]
    steps: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [{name, sentence, milliseconds}]
    why = models.CharField(max_length=300, blank=True)  # why it was handed over or held back
    licence = models.ForeignKey("Licence", null=True, on_delete=models.SET_NULL, related_name="+")
    sent = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)  # of model, score, prompts and policy together
    eligible = models.BooleanField(
        default=False
    )  # nothing but its score and a licence decided whether it was sent alone
    vector = models.BinaryField(null=True)  # float16[384] of what was asked
    cost = models.DecimalField(max_digits=10, decimal_places=5, default=0)  # model cost in the desk's currency
    milliseconds = models.FloatField(default=0.0)
    procedure_run = models.ForeignKey("ProcedureRun", null=True, on_delete=models.SET_NULL, related_name="considered")
    asks = models.BooleanField(
        default=False, db_default=False
    )  # its reply is a question: the ticket waits for an answer

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=~Q(state=REPLACED), name="one_current_run_per_message"
            )
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="run_of_ticket"),
            models.Index(fields=["intent", "-id"], name="run_of_intent"),
            models.Index(fields=["ticket"], condition=Q(state="open"), name="run_open"),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} on {self.ticket_id}"


class Receipt(models.Model):
    """The sealed record of one decision. `chain` = SHA-256 over the previous receipt's chain and this body."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="receipt")
    at = models.DateTimeField(default=now)
    body: "models.JSONField[Any, Any]" = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"Receipt of run {self.run_id}"


class Grade(models.Model):
    """A person's verdict on one proposal: would this reply, sent as it stood, have been right?"""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="grade")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="grades")
    score = models.FloatField()  # the score the proposal had
    right = models.BooleanField()
    verdict = models.CharField(max_length=10)  # approved, edited, rejected, audited
    by_kind = models.CharField(max_length=12)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["intent", "-at"], name="grade_of_intent")]

    def __str__(self) -> str:
        return f"{self.verdict} run {self.run_id}"


class Licence(models.Model):
    """The right to answer one intent alone, or to act on it, at scores of at least `threshold`, from graded evidence."""

    kind = models.CharField(max_length=8, choices=KINDS, default="answer")
    intent = models.ForeignKey(Intent, on_delete=models.CASCADE, related_name="licences")
    threshold = models.FloatField()
    alpha = models.FloatField()  # the highest error rate allowed
    delta = models.FloatField(default=0.05)  # 1 - confidence
    n = models.IntegerField()  # grades at or above the threshold
    k = models.IntegerField()  # errors among them
    bound = models.FloatField()  # exact one-sided upper bound on the error rate
    coverage = models.FloatField(default=0.0)  # share of the intent's recent traffic at or above the threshold
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    fingerprints: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict
    )  # model, prompts, knowledge, policy -> hash

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intent", "kind"], condition=Q(ended_at=None), name="one_valid_licence_per_intent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.intent}: at most {self.bound:.1%} wrong"


class Brain(models.Model):
    """A trained head (intents, scorer, priority …): the newest active one of a name is in use."""

    name = models.CharField(max_length=40)
    content = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    measured: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # cross-validated figures at training time
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="brain_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.fingerprint[:8]}"


class Solved(models.Model):
    """A resolved ticket as something to learn from: its question's vector (float16[384])."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="solved", primary_key=True)
    question = models.TextField()
    answer = models.TextField(blank=True)
    vector = models.BinaryField()
    model = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="solved_newest")]

    def __str__(self) -> str:
        return f"Solved {self.ticket_id}"


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever works on tickets goes by them; drafts are for those who write them."""
        if actor.can("procedure.change"):
            return self.all()
        return self.exclude(status="draft") if actor.can("ticket.read") else self.none()

    def published(self) -> Self:
        return self.filter(status="published")


class Procedure(models.Model):
    """A written procedure: what runs is the graph that `current` compiles to. `intents`, `risk` as its newest text says."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, default="draft")  # draft, published, retired
    risk = models.CharField(max_length=12, default="information")  # information, account, money
    intents: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # their slugs
    current = models.ForeignKey("ProcedureVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ProcedureVersion(models.Model):
    """One text of a procedure with its tests, never changed afterwards."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()  # Markdown, see docs/reference/procedures.md
    tests = models.TextField(blank=True)  # YAML, see there
    author_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="one_procedure_version_per_number")]

    def __str__(self) -> str:
        return f"{self.procedure} v{self.number}"


OPEN_STATES = ("asking", "confirming", "ready", "approval", "person", "waiting", "acting")
RUN_STATES = [
    ("asking", "Waits for an answer"),
    ("confirming", "Waits for a yes"),
    ("ready", "Waits for leave to act"),
    ("approval", "Waits for an approval"),
    ("person", "Waits for a person"),
    ("waiting", "Waits for another system"),
    ("acting", "Is acting"),
    ("done", "Done"),
    ("kept", "Nothing was changed: they said no"),
    ("refused", "The rules do not allow it"),
    ("handed_over", "Handed over"),
    ("stopped", "A person went on by hand"),
]


class ProcedureRunQuerySet(models.QuerySet["ProcedureRun"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class ProcedureRun(models.Model):
    """One procedure on one ticket, over as many messages and days as it takes. `kept` is where it stands (`State.dump`)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="procedure_runs")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="runs")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=RUN_STATES, default="asking")
    kept: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # as it stood before the newest message
    stop: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # {kind, text, why, missing, node}
    identity = models.CharField(max_length=320, blank=True)  # the verified address that it acts for; none: no account
    language = models.CharField(max_length=8, blank=True)
    score = models.FloatField(default=0.0)  # of what it began with
    leave = models.CharField(max_length=60, blank=True)  # what lets it write: licence:12 or agent:3
    revision = models.IntegerField(default=0)  # two at once: the later one gives way
    started_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ProcedureRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=OPEN_STATES), name="one_open_procedure_per_ticket"
            )
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="procedure_run_of_ticket"),
            models.Index(
                fields=["changed_at"], condition=Q(state__in=("acting", "waiting")), name="procedure_run_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.procedure} on {self.ticket_id}"


class ProcedureStep(models.Model):
    """The journal: one node that was passed, written down before the next one is begun. Never changed."""

    run = models.ForeignKey(ProcedureRun, on_delete=models.CASCADE, related_name="steps")
    node = models.CharField(max_length=20)
    visit = models.IntegerField(default=0)
    line = models.IntegerField()
    does = models.CharField(max_length=12)  # ask, read, write, check, …
    sentence = models.TextField(blank=True)
    inputs = models.CharField(max_length=64, blank=True)  # SHA-256 of what went in
    output: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    call = models.BigIntegerField(null=True)  # the connectors' call
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "node", "visit"], name="one_step_per_visit")]

    def __str__(self) -> str:
        return f"{self.does} {self.node}"
