"""Which licences the past would have earned, day by day, and what would then have been answered alone. Pure.

As on the live desk: an intent's own licence, else that of its risk class together; grades count only under the heads that
decided and while the article versions that they rest on stand; thresholds come from traffic; what was answered alone is
known only where it was audited; an alarm or a bad member takes it back, for good: in a past no lead raises it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from towerdesk.assistant.pools import FEWEST_MEMBERS, RISKS
from towerdesk.rehearsal.past.book import Book, Current, Decided, Earned, Policy, is_audited, pool


def license_past(
    decided: Sequence[Decided], policy: Policy, current: Current | None = None
) -> tuple[list[Earned], set[str]]:
    """The licences in the order of their time, and the keys of what would have been answered alone.

    `decided` in the order of time; `current` gives the article versions that were published at a moment.
    """
    desk = _Desk(policy, current, {risk: _members(risk, decided, policy) for risk in RISKS})
    for one in decided:
        if one.intent:
            desk.take(one)
    return sorted(desk.earned(), key=lambda licence: (licence.since, licence.intent)), desk.alone


def _members(risk: str, decided: Sequence[Decided], policy: Policy) -> frozenset[str]:
    """Intents of this risk that are taken together: known from the taxonomy, before any of them came in."""
    return frozenset(one.intent for one in decided if one.intent and one.risk == risk and policy.pools(one))


@dataclass
class _Desk:
    policy: Policy
    current: Current | None
    wanted: dict[str, frozenset[str]]
    own: dict[str, Book] = field(default_factory=dict)
    pools: dict[str, Book] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pools = {risk: pool(risk, members) for risk, members in self.wanted.items()}

    def take(self, one: Decided) -> None:
        own = self.own.setdefault(one.intent, Book(one.intent, frozenset({one.intent})))
        together = self.pools.get(one.risk)
        self._review(own, one)
        if together:
            self._review_pool(together, one)
        under = own if own.holds else together
        if self._may(one) and under and under.holds and under.holds.lets_out(one):
            self.alone.add(one.key)
            if is_audited(one, self.policy):
                under.sent.append(one)
        own.seen.append(one)
        if together and one.intent in together.members:
            together.seen.append(one)

    def earned(self) -> list[Earned]:
        return [licence for book in (*self.own.values(), *self.pools.values()) for licence in book.all()]

    def _may(self, one: Decided) -> bool:
        return self.policy.may(one) and one.intent not in self.down

    def _review(self, book: Book, one: Decided) -> None:
        if book.is_due(one):
            self.down |= book.review(one, self.policy, self.alone, self.current)

    def _review_pool(self, book: Book, one: Decided) -> None:
        """Members are those that may be answered alone; one that was left out stays one, so that its errors count."""
        wanted = self.wanted[one.risk] - self.down
        if book.members - book.left_out != wanted - book.left_out:
            book.begin(one.at, "Its members changed", wanted)
        if len(book.members) >= FEWEST_MEMBERS:
            self._review(book, one)
