"""What proves the assistant on each intent: its step on the ladder, its grades, its licence, in words with their numbers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q

from towerdesk.assistant import binomial
from towerdesk.assistant.models import Grade, Licence, Run
from towerdesk.assistant.policy import ALPHA, DELTA
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS
from towerdesk.web.words import count_words, percent_words, when_words

MONTH = timedelta(days=30)
BINS = 6
STEPS = [value for value, _ in LEVELS]
ALONE = ("pause", "send")
RUNG = 28  # the ladder's rungs stand this far apart in its picture


@dataclass(slots=True)
class Proof:
    """One row. `state` is ended, nearly (runs out within two weeks) or empty; `rungs` is the ladder as it is drawn."""

    intent: Intent
    licence: Licence | None = None
    last: Licence | None = None
    n: int = 0
    wrong: int = 0
    traffic: int = 0
    ungraded: int = 0
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
            return "ended" if self.last and self.intent.level in ALONE else ""
        return "nearly" if self.licence.expires_at < now() + timedelta(days=14) else ""

    @property
    def step(self) -> str:
        return dict(LEVELS)[self.intent.level if self.goes_alone or self.intent.level not in ALONE else "suggest"]

    @property
    def says(self) -> tuple[str, str]:
        """The proof in bold, and what stands behind it."""
        if self.licence:
            return self._licensed(self.licence)
        if self.last and self.last.ended_at and self.intent.level in ALONE:
            return f"Taken back {when_words(self.last.ended_at, now())}", self.last.ended_why
        if not self.n:
            fewest = binomial.needed(0, self.alpha, DELTA)
            return "Nothing graded yet", f"{fewest} grades without an error prove {percent_words(self.alpha)}"
        bound = binomial.upper(self.wrong, self.n, DELTA)
        more = binomial.needed(self.wrong, self.alpha, DELTA) - self.n
        graded = f"{count_words(self.n, 'graded', 'graded')}, {self.wrong} wrong"
        if more > 2 * self.n:
            return f"{graded}: far from proven", f"bound {percent_words(bound)}; people decide, with its draft"
        if more > 0:
            return f"{graded}: not enough yet", f"bound {percent_words(bound)}; {more} more without an error prove it"
        return f"{graded}: unproven", f"bound {percent_words(bound)}, but no score separates right from wrong yet"

    def _licensed(self, licence: Licence) -> tuple[str, str]:
        graded = (
            f"{count_words(licence.n, 'graded', 'graded')}, {licence.k} wrong: bound {percent_words(licence.bound)}"
        )
        behind = f"{graded}; score {licence.threshold:.2f} and up"
        return f"At most {percent_words(licence.alpha)} wrong, {percent_words(1 - licence.delta)} sure", behind

    @property
    def rungs(self) -> list[tuple[int, str, str]]:
        """Place, class and radius of each rung."""
        reached = STEPS.index(self.intent.level)
        proven = reached if self.goes_alone else min(reached, STEPS.index("suggest"))
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


def proofs() -> list[Proof]:
    """One per active intent, those that need a look first; five queries."""
    found = {intent.pk: Proof(intent) for intent in Intent.objects.filter(active=True).select_related("team")}
    _add_licences(found)
    _add_grades(found)
    _add_traffic(found)
    return sorted(found.values(), key=_order)


def _order(proof: Proof) -> tuple[int, int, str]:
    rank = 0 if proof.state == "ended" else 1 if proof.licence else 2
    return rank, -proof.n, proof.intent.name


def _add_licences(found: dict[int, Proof]) -> None:
    for licence in Licence.objects.order_by("intent_id", "-id").distinct("intent_id"):
        proof = found.get(licence.intent_id)
        if proof and licence.ended_at is None:
            proof.licence = licence
        elif proof:
            proof.last = licence


def _add_grades(found: dict[int, Proof]) -> None:
    """What certifies: grades under what decides now, of what only score and licence kept from being sent."""
    newest = dict(
        Run.objects.order_by("intent_id", "-id").distinct("intent_id").values_list("intent_id", "fingerprint")
    )
    for intent, fingerprint, score, right in Grade.objects.filter(run__eligible=True).values_list(
        "intent_id", "run__fingerprint", "score", "right"
    ):
        proof = found.get(intent)
        if proof is None or newest.get(intent) != fingerprint:
            continue
        proof.n, proof.wrong = proof.n + 1, proof.wrong + (not right)
        at = min(BINS - 1, int(score * BINS))
        graded, good = proof.bins.get(at, (0, 0))
        proof.bins[at] = graded + 1, good + right


def _add_traffic(found: dict[int, Proof]) -> None:
    recent = Run.objects.current().filter(at__gt=now() - MONTH).values("intent_id")
    for row in recent.annotate(n=Count("id"), ungraded=Count("id", filter=Q(grade=None) & ~Q(reply=""))):
        proof = found.get(row["intent_id"])
        if proof:
            proof.traffic, proof.ungraded = row["n"], row["ungraded"]


def figures(found: Iterable[Proof]) -> dict[str, object]:
    """What stands above the table, each with its number of cases."""
    rows = list(found)
    outcomes: dict[str, int] = defaultdict(int)
    for outcome, n in Run.objects.current().filter(at__gt=now() - MONTH).values_list("outcome").annotate(n=Count("id")):
        outcomes[outcome] += n
    total, alone = sum(outcomes.values()), outcomes["sent"] + outcomes["pause"]
    audits = Grade.objects.filter(verdict="audited").aggregate(n=Count("id"), wrong=Count("id", filter=Q(right=False)))
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
