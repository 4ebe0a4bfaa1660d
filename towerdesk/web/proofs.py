"""What proves the assistant on each intent: its step on the ladder, its grades, its licence, in words with their numbers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from django.db.models import Count, Q

from towerdesk.assistant import betting, binomial
from towerdesk.assistant.models import Grade, Licence, Procedure, Run
from towerdesk.assistant.policy import ALONE, ALPHA, DELTA
from towerdesk.assistant.queue import of_intents
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS
from towerdesk.web.words import count_words, percent_words, when_words

MONTH = timedelta(days=30)
BINS = 6
STEPS = [value for value, _ in LEVELS]
FROM_A_START = DELTA / len(betting.STARTS)
"""The part of delta that the walk over thresholds begins with: what counts are told for."""
RUNG = 28  # the ladder's rungs stand this far apart in its picture


type Proofs = dict[tuple[str, int], Proof]
"""By kind and intent."""


@dataclass(slots=True)
class Proof:
    """One row. `state` is ended, nearly (runs out within two weeks) or empty; `rungs` is the ladder as it is drawn."""

    intent: Intent
    kind: str = "answer"
    licence: Licence | None = None
    last: Licence | None = None
    n: int = 0
    wrong: int = 0
    traffic: int = 0
    alone: int = 0  # of them answered alone
    drawn: int = 0  # of them drawn for a grade
    ungraded: int = 0
    holes: int = 0  # drawn ones without a grade before the last that has one
    bins: dict[int, tuple[int, int]] = field(default_factory=dict)  # score bin -> graded, right

    @property
    def alpha(self) -> float:
        return ALPHA[self.intent.risk]

    @property
    def goes_alone(self) -> bool:
        return self.intent.level in ALONE and self.licence is not None

    @property
    def state(self) -> str:
        if self.licence is None:
            return "ended" if self._was_taken_back else ""
        return "nearly" if self.licence.expires_at < now() + timedelta(days=14) else ""

    @property
    def _was_taken_back(self) -> bool:
        return self.last is not None and (self.intent.level in ALONE or self.last.ended_how == "suspended")

    @property
    def step(self) -> str:
        return dict(LEVELS)[self.intent.level if self.goes_alone or self.intent.level not in ALONE else "suggest"]

    @property
    def says(self) -> tuple[str, str]:
        """The proof in bold, and what stands behind it."""
        if self.licence:
            return self._licensed(self.licence)
        if self._was_taken_back and self.last and self.last.ended_at:
            return f"Taken back {when_words(self.last.ended_at, now())}", self.last.ended_why
        if not self.n:
            fewest = betting.needed(0, self.alpha, FROM_A_START)
            says = f"{fewest} grades without an error prove {percent_words(self.alpha)}"
            return "Nothing graded yet", f"{says}{self._way(fewest)}"
        bound = percent_words(betting.bound(self.wrong, self.n, FROM_A_START))
        more = betting.needed(self.wrong, self.alpha, FROM_A_START) - self.n
        graded = f"{count_words(self.n, 'graded', 'graded')}, {self.wrong} wrong"
        if self.holes:
            return f"{graded}: {self.holes} lack a grade", "What was drawn is graded in order, so those after them wait"
        if more > 2 * self.n:
            return f"{graded}: far from proven", f"bound {bound}; people decide, with its draft{self._way(more)}"
        if more > 0:
            says = f"bound {bound}; {more} more without an error prove it"
            return f"{graded}: not enough yet", f"{says}{self._way(more)}"
        return f"{graded}: unproven", f"bound {bound}, but no score separates right from wrong yet"

    def _way(self, more: int) -> str:
        """How far it is at the pace of the last month; said of procedures, of which there are few and each alone."""
        if self.kind == "answer":
            return ""
        so_far = f"; {self.n} of {count_words(self.n + more, 'grade')}" if self.n else ""
        if not self.drawn:
            return f"{so_far}; none was drawn within a month"
        months = ceil(more / self.drawn)
        span = count_words(months, "month") if months <= 2 * 12 else count_words(ceil(months / 12), "year")
        return f"{so_far}; {span} at {self.drawn} a month"

    def _licensed(self, licence: Licence) -> tuple[str, str]:
        graded = (
            f"{count_words(licence.n, 'graded', 'graded')}, {licence.k} wrong: bound {percent_words(licence.bound)}"
        )
        together = f"; together with {licence.shared_by - 1} more" if licence.intent_id is None else ""
        behind = f"{graded}; score {licence.threshold:.2f} and up{together}"
        return f"At most {percent_words(licence.alpha)} wrong, {percent_words(1 - licence.delta)} sure", behind

    @property
    def rungs(self) -> list[tuple[int, str, str]]:
        """Place, class and radius of each rung; those that it fell from are drawn as such."""
        suspended = self.licence is None and self.last is not None and self.last.ended_how == "suspended"
        reached = STEPS.index("send" if suspended else self.intent.level)
        proven = reached if self.goes_alone else min(STEPS.index(self.intent.level), STEPS.index("suggest"))
        if self.kind == "action" and not suspended:
            reached = proven  # the level is that of the answers: nothing has fallen
        return [
            (4 + RUNG * at, "on" if at <= proven else "fell" if at <= reached else "", "4" if at == proven else "2.75")
            for at in range(len(STEPS))
        ]

    @property
    def way(self) -> int:
        return max(x for x, kind, _ in self.rungs if kind == "on")

    @property
    def curve(self) -> list[tuple[int, int]]:
        """Where right answers lie against the score, in a picture of 72 × 36; the middle line: as sure as it should be."""
        points = []
        for at, (graded, right) in sorted(self.bins.items()):
            expected = (at + 0.5) / BINS
            points.append(
                (int(6 + 60 * (at + 0.5) / BINS), int(18 - 16 * max(-1.0, min(1.0, right / graded - expected))))
            )
        return points

    @property
    def threshold_at(self) -> int | None:
        return int(6 + 60 * self.licence.threshold) if self.licence else None


def proofs(by: Actor | None = None) -> list[Proof]:
    """Of answers; see `both`."""
    return both(by)[0]


def both(by: Actor | None = None) -> tuple[list[Proof], list[Proof]]:
    """One per active intent, those that need a look first; some seven queries. What waits for a grade waits for `by`.

    Then the same of whatever is done by a procedure, of the intents that one is published for.
    """
    intents = list(Intent.objects.filter(active=True).select_related("team"))
    follow = {slug for slugs in Procedure.objects.published().values_list("intents", flat=True) for slug in slugs}
    found: Proofs = {("answer", one.pk): Proof(one) for one in intents}
    found |= {("action", one.pk): Proof(one, "action") for one in intents if one.slug in follow}
    _add_licences(found)
    _add_grades(found)
    _add_traffic(found)
    if by and by.can("assistant.grade"):
        for intent, n in of_intents(by).items():
            if proof := found.get(("answer", intent)):
                proof.ungraded = n
    rows = sorted(found.values(), key=_order)
    return [row for row in rows if row.kind == "answer"], [row for row in rows if row.kind == "action"]


def _order(proof: Proof) -> tuple[int, int, str]:
    rank = 0 if proof.state == "ended" else 1 if proof.licence else 2
    return rank, -proof.n, proof.intent.name


def _add_licences(found: Proofs) -> None:
    """Its own, else the one of its risk class that it is a member of."""
    own = (
        Licence.objects.filter(intent__isnull=False).order_by("kind", "intent_id", "-id").distinct("kind", "intent_id")
    )
    for licence in own:
        proof = found.get((licence.kind, licence.intent_id or 0))
        if proof and licence.ended_at is None:
            proof.licence = licence
        elif proof:
            proof.last = licence
    for licence in Licence.objects.filter(intent=None, ended_at=None).prefetch_related("members"):
        for member in licence.members.all():
            proof = found.get((licence.kind, member.pk))
            if proof and proof.licence is None and licence.lets_out(member.pk):
                proof.licence = licence


def _add_grades(found: Proofs) -> None:
    """What certifies: grades of drawn decisions under what decides now, that only score and licence kept from being sent."""
    own = Run.objects.exclude(kind="action", fingerprint="")  # a person's own doing has none
    last = own.order_by("kind", "intent_id", "-id").distinct("kind", "intent_id")
    newest = {(kind, intent): by for kind, intent, by in last.values_list("kind", "intent_id", "fingerprint")}
    drawn = Run.objects.current().filter(eligible=True, asked=True, fingerprint__in=set(newest.values()))
    waiting: dict[tuple[str, int], int] = defaultdict(int)
    rows = drawn.order_by("pk").values_list("kind", "intent_id", "fingerprint", "score", "grade__right")
    for kind, intent, fingerprint, score, right in rows:
        proof = found.get((kind, intent))
        if proof is None or newest.get((kind, intent)) != fingerprint:
            continue
        if right is None:
            waiting[kind, intent] += 1  # type: ignore[unreachable]  # an outer join: there may be no grade
            continue
        proof.holes = waiting[kind, intent]
        proof.n, proof.wrong = proof.n + 1, proof.wrong + (not right)
        at = min(BINS - 1, int(score * BINS))
        graded, good = proof.bins.get(at, (0, 0))
        proof.bins[at] = graded + 1, good + right


def _add_traffic(found: Proofs) -> None:
    """Of answers all that came in counts, whoever saw to it; of procedures their own moves."""
    recent = Run.objects.current().filter(at__gt=now() - MONTH).values("intent_id", "kind")
    alone, drawn = Q(outcome__in=("sent", "pause")), Q(eligible=True, asked=True)
    for row in recent.annotate(n=Count("id"), alone=Count("id", filter=alone), drawn=Count("id", filter=drawn)):
        for proof in (found.get(("answer", row["intent_id"])), found.get(("action", row["intent_id"]))):
            if proof and proof.kind in ("answer", row["kind"]):
                proof.traffic, proof.alone = proof.traffic + row["n"], proof.alone + row["alone"]
                proof.drawn += row["drawn"]


def figures(found: Iterable[Proof]) -> dict[str, object]:
    """What stands above the table, each with its number of cases."""
    rows = list(found)
    outcomes: dict[str, int] = defaultdict(int)
    for outcome, n in Run.objects.current().filter(at__gt=now() - MONTH).values_list("outcome").annotate(n=Count("id")):
        outcomes[outcome] += n
    total, alone = sum(outcomes.values()), outcomes["sent"] + outcomes["pause"]
    audits = Grade.objects.filter(verdict="audited", run__outcome__in=("sent", "pause"), run__asked=True).aggregate(
        n=Count("id"), wrong=Count("id", filter=Q(right=False))
    )
    return {
        "intents": len(rows),
        "alone": sum(proof.goes_alone for proof in rows),
        "sends": sum(proof.goes_alone and proof.intent.level == "send" for proof in rows),
        "total": total,
        "sent": alone,
        "share": alone / total if total else 0.0,
        "audits": audits,
        "audit_bound": binomial.upper(audits["wrong"], audits["n"], DELTA) if audits["n"] else None,
        "ungraded": sum(proof.ungraded for proof in rows),
    }
