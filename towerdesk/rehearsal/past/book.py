"""The evidence of one intent, or of a risk class together, as the past went on, and the licence it held. Pure.

The desk's own certificates (`assistant.betting`), alarm and pools, on decisions instead of rows.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from towerdesk.assistant import alarm, betting, binomial
from towerdesk.assistant.evidence import Piece
from towerdesk.assistant.policy import ALONE, ALPHA, DELTA
from towerdesk.assistant.pools import FOR_THE_BOUND, worse
from towerdesk.assistant.prove import FEWEST, STEPS

REVIEWED = timedelta(days=1)
AUDITED = 0.1
"""The share of lone answers of which somebody learns afterwards whether they were right."""
GRADED = frozenset({"grade", "blind"})
MEASURED = GRADED | {"customer", "article", "words", "resolution"}

type Current = Callable[[datetime], Collection[int]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What licensing needs of one decision. `version` is the one first cited."""

    key: str
    at: datetime
    intent: str
    risk: str
    score: float
    eligible: bool
    period: int
    version: int
    verdict: str
    measured_by: str
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Earned:
    """A licence from `since` until `until` (None: still valid at the end), with the newest figures it had.

    `intent` is a slug, or "information together" of a pool; `members` are the intents it lets out.
    """

    intent: str
    since: datetime
    until: datetime | None
    threshold: float
    n: int
    k: int
    bound: float
    alpha: float
    coverage: float
    members: frozenset[str]
    versions: frozenset[int]
    why: str = ""

    def lets_out(self, one: Decided) -> bool:
        """As the policy does: what rests on an article that nobody was graded on goes to people."""
        stands = one.version == 0 or one.version in self.versions
        return one.intent in self.members and stands and one.score >= self.threshold


@dataclass(slots=True)
class Policy:
    """`levels`: intents that may not answer alone are `suggest`; all others may, up to what their risk allows.

    `pooled`: those whose evidence is taken together; empty: all that may.
    """

    alpha: Mapping[str, float] = field(default_factory=lambda: dict(ALPHA))
    levels: Mapping[str, str] = field(default_factory=dict)
    evidence: Collection[str] = GRADED
    audited: float = AUDITED
    pooled: frozenset[str] = frozenset()

    def may(self, one: Decided) -> bool:
        return one.eligible and one.risk != "money" and self.levels.get(one.intent, "send") in ALONE

    def pools(self, one: Decided) -> bool:
        chosen = not self.pooled or one.intent in self.pooled or one.intent in self.levels
        return chosen and self.may(one)


@dataclass(slots=True)
class Book:
    """`members` are fixed until `begin` is called again; `down` are intents that a suspension took from answering alone."""

    about: str
    members: frozenset[str]
    delta: float = DELTA
    seen: list[Decided] = field(default_factory=list)
    sent: list[Decided] = field(default_factory=list)
    thresholds: tuple[float, ...] = ()
    ended: list[Earned] = field(default_factory=list)
    holds: Earned | None = None
    left_out: set[str] = field(default_factory=set)
    reviewed: datetime | None = None
    period: int = 0

    def all(self) -> Iterable[Earned]:
        return [*self.ended, *([self.holds] if self.holds else [])]

    def is_due(self, one: Decided) -> bool:
        return self.reviewed is None or one.at - self.reviewed >= REVIEWED or self.period != one.period

    def begin(self, at: datetime, why: str, members: frozenset[str]) -> None:
        """A new proving: what was looked at before is spent."""
        self._end(at, why)
        self.members, self.thresholds = members, ()
        self.seen, self.sent, self.left_out = [], [], set()

    def review(self, one: Decided, policy: Policy, alone: Collection[str], current: Current | None) -> set[str]:
        """Bring the licence in line with what is known on this day; the intents that may no longer be answered alone."""
        self.reviewed = one.at
        if self.period != one.period:
            self.period = one.period
            self.begin(one.at, "The heads were trained again", self.members)
        alpha = policy.alpha.get(one.risk or "information", ALPHA["information"])
        if suspicion := self._suspicion(one.at, alpha):
            down = set(self.members) - self.left_out
            self.begin(one.at, suspicion, self.members)
            return down
        self._certify(one.at, policy, alone, alpha, current(one.at) if current else None)
        return self._leave_out(one.at, policy, alone, alpha) if self.delta < DELTA else set()

    def _suspicion(self, at: datetime, alpha: float) -> str:
        wrong = [past.verdict == "wrong" for past in self.sent if past.known_at and past.known_at < at and past.verdict]
        return alarm.listen(wrong, alpha, DELTA).why

    def _certify(
        self, at: datetime, policy: Policy, alone: Collection[str], alpha: float, standing: Collection[int] | None
    ) -> None:
        scores = [past.score for past in self.seen if past.eligible]
        if not self.thresholds and len(scores) >= FEWEST:
            self.thresholds = tuple(binomial.thresholds(scores, STEPS))
        known = [past for past in self._known(at, policy, alone) if standing is None or past.version in standing]
        grades = [(past.score, past.verdict == "right") for past in known]
        found = betting.certify(grades, self.thresholds, alpha, self.delta)
        if found is None:
            self._end(at, "Its grades no longer allow the bound")
            return
        since, covers = self.holds.since if self.holds else at, binomial.coverage(scores, found.threshold)
        cited = frozenset(past.version for past in known if past.score >= found.threshold)
        figures = (found.threshold, found.n, found.errors, found.bound, alpha, covers)
        self.holds = Earned(self.about, since, None, *figures, self.members - self.left_out, cited)

    def _leave_out(self, at: datetime, policy: Policy, alone: Collection[str], alpha: float) -> set[str]:
        """Members of a pool that are worse than it promises, by their own decisions."""
        if self.holds is None:
            return set()
        slugs = sorted(self.members)
        number = {slug: place for place, slug in enumerate(slugs)}
        pieces = [
            Piece(0, number[past.intent], past.score, past.verdict == "right", past.version)
            for past in self._known(at, policy, alone)
        ]
        found = worse(pieces, self.holds.threshold, list(number.values()), alpha, DELTA)
        new = {slugs[place] for place in found} - self.left_out
        self.left_out |= new
        self.holds = replace(self.holds, members=self.members - self.left_out)
        return new

    def _known(self, at: datetime, policy: Policy, alone: Collection[str]) -> list[Decided]:
        """In the order in which they were decided. Of a past nobody drew lots: what is known counts as if it was drawn."""
        return [past for past in self.seen if past.eligible and is_known(past, at, policy, alone)]

    def _end(self, at: datetime, why: str) -> None:
        if self.holds:
            self.ended.append(replace(self.holds, until=at, why=why))
            self.holds = None


def is_known(one: Decided, at: datetime, policy: Policy, alone: Collection[str]) -> bool:
    if one.measured_by not in policy.evidence or not one.verdict or one.known_at is None or one.known_at >= at:
        return False
    return one.key not in alone or is_audited(one, policy)


def is_audited(one: Decided, policy: Policy) -> bool:
    return chance(one.key, "audit") < policy.audited


def pool(risk: str, members: frozenset[str]) -> Book:
    return Book(f"{risk} together", members, FOR_THE_BOUND * DELTA)


def chance(*words: str) -> float:
    """0 to 1, always the same for the same words."""
    return int.from_bytes(hashlib.sha256("/".join(words).encode()).digest()[:6], "big") / 2**48
