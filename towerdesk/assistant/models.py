"""What the assistant read, said and was allowed, and how well it did.

Run, Receipt, Procedure; Claim, Contradiction, Recall: what it rests on, what is wrong there, and who was told so; Grade,
SecondGrade, Unsure: what people said of it; Proving, Licence: what that proves; Terms, Arm: how much is audited and held
out, and who was; Brain, Solved: what it learnt from; Budget, Asking: what a model may cost, and did.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.actions.models import Bulk
from towerdesk.knowledge.models import Version
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Message, Ticket
from towerdesk.tickets.models.intent import RISKS

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
    draw = models.FloatField(
        null=True
    )  # 0..1, drawn from the desk's secret and the message: the lower, the sooner asked
    asked = models.BooleanField(default=False, db_default=False)  # in the random sample whose grades certify and audit
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
            models.Index(fields=["licence", "id"], condition=Q(licence__isnull=False), name="run_of_licence"),
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


LEFT = ("sent", "delivered", "read")
"""Deliveries of a message that somebody has, as far as we know."""


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def told(self) -> Self:
        """What reached a customer."""
        return self.filter(message__delivery__in=LEFT)


class Claim(models.Model):
    """One sentence that a customer was told, and one span or tool result that it rested on when it was said.

    A sentence that rests on several has a claim for each. `start` and `end` count characters of the version's Markdown.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="claims")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="claims")
    text = models.TextField()
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    chunk = models.BigIntegerField(null=True)
    start = models.IntegerField(default=0)
    end = models.IntegerField(default=0)
    tool = models.CharField(max_length=120, blank=True)
    call = models.CharField(max_length=64, blank=True)  # where the tool's result is kept
    at = models.DateTimeField(default=now)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["version", "start"], name="claim_of_version"),
            models.Index(fields=["ticket"], name="claim_of_ticket"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Contradiction(models.Model):
    """Two sentences of published articles that can't both be true. `why` says what differs; settled ones stay, for memory."""

    one = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    one_start = models.IntegerField()
    one_end = models.IntegerField()
    other = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    other_start = models.IntegerField()
    other_end = models.IntegerField()
    why = models.CharField(max_length=200)
    found_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "one_start", "other", "other_start"], name="each_contradiction_once")
        ]
        indexes = [models.Index(fields=["one", "other"], condition=Q(settled_at=None), name="contradiction_open")]

    def __str__(self) -> str:
        return f"{self.one} / {self.other}: {self.why}"


class Recall(models.Model):
    """A sentence of an article was wrong, and those who were told so are told what is right, by one bulk edit."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="recalls")
    starts: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # of the sentences that were wrong
    wrong = models.TextField()
    correction = models.TextField()
    bulk = models.OneToOneField(Bulk, on_delete=models.CASCADE, related_name="recall")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Recall of {self.version}"


class Corrected(models.Model):
    """Whom a recall tells, for which sentence, on which of their tickets: nobody is told twice while this stands."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="people")
    person = models.BigIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    start = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "person", "start"], name="each_person_once_in_a_recall")
        ]
        indexes = [models.Index(fields=["person"], name="corrected_person")]

    def __str__(self) -> str:
        return f"{self.person} by {self.recall_id}"


class Budget(models.Model):
    """What a language model may cost and how often it may be asked, for the desk; empty: no cap. There is one row."""

    day_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    month_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    day_calls = models.IntegerField(null=True)
    month_calls = models.IntegerField(null=True)
    ticket_calls = models.IntegerField(null=True, default=20)

    def __str__(self) -> str:
        return "Budget of the language model"


class Asking(models.Model):
    """One question to a language model: written down before it is asked, its cost once it is known."""

    at = models.DateTimeField(default=now, db_index=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=40)  # word, slots, draft …
    model = models.CharField(max_length=120)
    cost = models.DecimalField(max_digits=10, decimal_places=5, default=0)

    def __str__(self) -> str:
        return f"{self.purpose} by {self.model}"


class Grade(models.Model):
    """A person's verdict on one proposal: would this reply, sent as it stood, have been right?"""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="grade")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="grades")
    score = models.FloatField()  # the score the proposal had
    right = models.BooleanField()
    verdict = models.CharField(max_length=10)  # approved, edited, rejected, audited, unsure, disputed
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")  # key of `grade.REASONS`
    seconds = models.FloatField(null=True)  # how long somebody looked, in the grading queue
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["intent", "-at"], name="grade_of_intent")]

    def __str__(self) -> str:
        return f"{self.verdict} run {self.run_id}"


class SecondGrade(models.Model):
    """Another person's verdict, given without seeing the first: it certifies nothing, it measures the graders."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="second_grade")
    right = models.BooleanField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"Second grade of run {self.run_id}"


class Unsure(models.Model):
    """Somebody could not tell: somebody else is asked. When a second one can't either, it counts as wrong."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="unsure")
    user_id = models.BigIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "user_id"], name="unsure_once")]

    def __str__(self) -> str:
        return f"Unsure of run {self.run_id}"


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
