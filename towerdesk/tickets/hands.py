"""How long a ticket was in each team's hands: a pure fold over its events. Clock time, waiting included.

It runs from opening to the resolution, and again from each reopening. Teams are told by the names they had then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from towerdesk.tickets.models.ticket import WAITING

MOVES = ("ticket.assigned", "ticket.handed_off", "ticket.escalated", "handoff.returned", "handoff.withdrawn")
"""Events that say whose it is from then on: `now` the owner, `team` the team (not in assignments before handoffs came)."""
ENDS = ("ticket.resolved", "ticket.closed", "ticket.merged_into")
BEGINS = ("ticket.reopened", "message.withdrawn")
KINDS = ("ticket.opened", *MOVES, *ENDS, *BEGINS, "ticket.unmerged_from", "ticket.restored")


class Moment(NamedTuple):
    """What the fold needs of an event."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(slots=True)
class Hands:
    """`spent` is in seconds, of stays that are over; `since` is None while nobody has it in hand."""

    team: str = ""
    since: datetime | None = None
    spent: dict[str, float] = field(default_factory=dict)

    def by(self, at: datetime) -> dict[str, float]:
        """Seconds by team, the stay that goes on counted up to `at`; in the order in which they had it."""
        if self.since is None:
            return dict(self.spent)
        return self.spent | {self.team: self.spent.get(self.team, 0.0) + (at - self.since).total_seconds()}

    def let_go(self, at: datetime) -> None:
        self.spent, self.since = self.by(at), None

    def take_up(self, at: datetime) -> None:
        self.since = self.since or (at if self.team else None)

    def pass_to(self, team: str, at: datetime) -> None:
        if team in ("", self.team):
            return
        held = self.since is not None
        self.let_go(at)
        self.team, self.since = team, at if held else None


def fold(moments: Iterable[Moment], teams: Collection[str] = ()) -> Hands:
    """`teams` are the names of teams there are, for assignments that tell only the owner."""
    hands = Hands()
    for moment in moments:
        take_in(hands, moment.kind, moment.at, moment.data, teams)
    return hands


def take_in(hands: Hands, kind: str, at: datetime, data: Mapping[str, Any], teams: Collection[str] = ()) -> None:
    """One event more, in the order of the log."""
    if kind == "ticket.opened":
        hands.team, hands.since = data["team"], at
    elif kind in MOVES:
        hands.pass_to(data.get("team") or (data["now"] if data["now"] in teams else ""), at)
    elif kind in ENDS:
        hands.let_go(at)
    elif kind in BEGINS:
        hands.take_up(at)
    elif kind == "ticket.unmerged_from":
        _as_status(hands, data["status"], at)
    elif kind == "ticket.restored":
        hands.pass_to(data["changes"].get("team", ("", ""))[1] or "", at)
        _as_status(hands, data["changes"].get("status", ("", ""))[1], at)


def _as_status(hands: Hands, status: str, at: datetime) -> None:
    if status in WAITING:
        hands.take_up(at)
    elif status:
        hands.let_go(at)
