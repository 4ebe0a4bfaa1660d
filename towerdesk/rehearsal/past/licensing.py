"""Which licences the past would have earned, day by day, and what would then have been answered alone. Pure.

As on the live desk: grades count only under the heads that decided, the article versions that they rest on must still
stand, thresholds come from traffic, and what was answered alone is known only where it was audited.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from towerdesk.assistant import binomial
from towerdesk.assistant.policy import ALPHA, DELTA

REVIEWED = timedelta(days=1)
AUDITED = 0.1
"""The share of lone answers of which somebody learns afterwards whether they were right."""
GRADED = frozenset({"grade", "blind"})
MEASURED = GRADED | {"customer", "article", "words", "resolution"}


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
    """A licence from `since` until `until` (None: still valid at the end), with the newest figures it had."""

    intent: str
    since: datetime
    until: datetime | None
    threshold: float
    n: int
    k: int
    bound: float
    alpha: float
    coverage: float
    why: str = ""


@dataclass(slots=True)
class Policy:
    """`levels`: intents that may not answer alone are `suggest`; all others may, up to what their risk allows."""

    alpha: Mapping[str, float] = field(default_factory=lambda: dict(ALPHA))
    levels: Mapping[str, str] = field(default_factory=dict)
    evidence: Collection[str] = GRADED
    audited: float = AUDITED

    def may(self, one: Decided) -> bool:
        return one.eligible and one.risk != "money" and self.levels.get(one.intent, "send") in ("pause", "send")


def license_past(
    decided: Sequence[Decided], policy: Policy, current: Callable[[datetime], Collection[int]] | None = None
) -> tuple[list[Earned], set[str]]:
    """The licences in the order of their time, and the keys of what would have been answered alone.

    `decided` in the order of time; `current` gives the article versions that were published at a moment.
    """
    books: dict[str, _Book] = defaultdict(_Book)
    alone: set[str] = set()
    for one in decided:
        if not one.intent:
            continue
        book = books[one.intent]
        if book.reviewed is None or one.at - book.reviewed >= REVIEWED or book.period != one.period:
            book.review(one, policy, alone, current)
        if policy.may(one) and book.holds and one.score >= book.holds.threshold:
            alone.add(one.key)
        book.seen.append(one)
    earned = [licence for book in books.values() for licence in book.all()]
    return sorted(earned, key=lambda licence: (licence.since, licence.intent)), alone


@dataclass(slots=True)
class _Book:
    """One intent's past so far, and the licence it holds."""

    seen: list[Decided] = field(default_factory=list)
    ended: list[Earned] = field(default_factory=list)
    holds: Earned | None = None
    reviewed: datetime | None = None
    period: int = 0

    def all(self) -> Iterable[Earned]:
        return [*self.ended, *([self.holds] if self.holds else [])]

    def review(
        self,
        one: Decided,
        policy: Policy,
        alone: set[str],
        current: Callable[[datetime], Collection[int]] | None,
    ) -> None:
        self.reviewed, is_new = one.at, self.period != one.period
        self.period = one.period
        if is_new:
            self._end(one.at, "The heads were trained again")
        standing = current(one.at) if current else None
        traffic = [past for past in self.seen if past.period == one.period and past.eligible]
        grades = [
            (past.score, past.verdict == "right")
            for past in traffic
            if _is_known(past, one.at, policy, alone) and (standing is None or past.version in standing)
        ]
        alpha = policy.alpha.get(one.risk or "information", ALPHA["information"])
        scores = [past.score for past in traffic]
        found = binomial.certify(grades, binomial.thresholds(scores), alpha, DELTA)
        if found is None:
            self._end(one.at, "Its grades no longer allow the bound")
            return
        since = self.holds.since if self.holds else one.at
        covers = binomial.coverage(scores, found.threshold)
        self.holds = Earned(one.intent, since, None, found.threshold, found.n, found.errors, found.bound, alpha, covers)

    def _end(self, at: datetime, why: str) -> None:
        if self.holds:
            self.ended.append(replace(self.holds, until=at, why=why))
            self.holds = None


def _is_known(one: Decided, at: datetime, policy: Policy, alone: set[str]) -> bool:
    if one.measured_by not in policy.evidence or not one.verdict or one.known_at is None or one.known_at >= at:
        return False
    return one.key not in alone or chance(one.key, "audit") < policy.audited


def chance(*words: str) -> float:
    """0 to 1, always the same for the same words."""
    return int.from_bytes(hashlib.sha256("/".join(words).encode()).digest()[:6], "big") / 2**48
