"""Run, Receipt: what the assistant read, proposed and was allowed, and the sealed record of it."""

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

KINDS = [("answer", "Answers from the articles"), ("action", "Follows a procedure")]
"""What is decided, graded and licensed apart: an answer out of articles; and what a procedure asks, does and tells, which is
right or wrong as a whole."""


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def current(self) -> Self:
        """Without those that a later consideration of the same message stands in for: they stay for their receipts."""
        return self.exclude(state=REPLACED)


class Run(models.Model):
    """One consideration of one message. `state` is `open` while its suggestion waits for a person."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="runs", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=8, choices=KINDS, default="answer")
    state = models.CharField(max_length=10, default="open")  # open, used, edited, rejected, withdrawn, done, replaced
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
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
    licence = models.ForeignKey("Licence", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    sent = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64, blank=True)  # of model, score, prompts and policy together
    eligible = models.BooleanField(
        default=False
    )  # nothing but its score and a licence decided whether it was sent alone
    vector = models.BinaryField(null=True)  # float16[384] of what was asked
    draw = models.FloatField(
        null=True
    )  # 0..1, drawn from the desk's secret and the message: the lower, the sooner asked
    asked = models.BooleanField(default=False, db_default=False)  # in the random sample whose grades certify and audit
    cost = models.DecimalField(max_digits=10, decimal_places=5, default=0)  # model cost in the desk's currency
    milliseconds = models.FloatField(default=0.0)
    procedure_run = models.ForeignKey(
        "ProcedureRun", null=True, on_delete=models.SET_NULL, related_name="considered", db_index=False
    )
    named: "models.JSONField[Any, Any]" = models.JSONField(
        default=list
    )  # [{name, value}]: of a hand-over without a procedure
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
            models.Index(fields=["licence", "id"], condition=Q(licence__isnull=False), name="run_of_licence"),
            models.Index(fields=["sent"], condition=Q(sent__isnull=False), name="run_of_sent"),
            models.Index(
                fields=["procedure_run"], condition=Q(procedure_run__isnull=False), name="run_of_procedure_run"
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} on {self.ticket_id}"

    @property
    def acts(self) -> bool:
        """Whether something is done before its text is true: the procedure stands before a deed."""
        return self.procedure_run is not None and self.procedure_run.state in ("ready", "approval")


class Receipt(models.Model):
    """The sealed record of one decision. `chain` = SHA-256 over the previous receipt's chain and this body."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="receipt")
    at = models.DateTimeField(default=now)
    body: "models.JSONField[Any, Any]" = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain"], name="receipts_are_one_chain")]

    def __str__(self) -> str:
        return f"Receipt of run {self.run_id}"
