"""Look at the whole set-up, one small check after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from towerdesk.advice.checks import (
    categories,
    connections,
    forms,
    owners,
    pairs,
    priorities,
    procedures,
    promises,
    rules,
    teams,
    waiting,
)
from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding
from towerdesk.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Check:
    """`name` never changes: programs rest on it. `fails` says in a few words how such set-ups fail."""

    name: str
    fails: str
    look: Callable[[Desk], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Warned:
    check: Check
    finding: Finding

    def as_json(self) -> dict[str, object]:
        said = self.finding
        shows = [one.as_json() for one in said.shows]
        return {
            "check": self.check.name,
            "what": said.what,
            "do": said.do,
            "mend": said.mend.as_json(),
            "shows": shows,
        }


CHECKS = (
    Check("too-many", "Too many categories", categories.too_many),
    Check("never-used", "Categories that nobody uses", categories.never_used),
    Check("no-intent", "Tickets without an intent", categories.without_intent),
    Check("one-priority", "All tickets in one priority", priorities.one_priority),
    Check("no-promise", "Nothing is promised", promises.none),
    Check("promise-broken", "A promise that nobody can keep", promises.broken),
    Check("no-escalation", "Automation without an escalation", promises.without_escalation),
    Check("no-owner", "Automation without an owner", owners.unowned),
    Check("rule-never-fires", "Rules that never fire", rules.never_fires),
    Check("rule-fails", "Rules that cannot act", rules.fails),
    Check("rule-shadowed", "Rules in the shadow of others", pairs.shadowed),
    Check("rule-undone", "Rules that contradict each other", pairs.undone),
    Check("intent-no-team", "Intents without a team", teams.intents_without_people),
    Check("team-no-cover", "Teams without cover", teams.without_cover),
    Check("route-no-skill", "Routes that nobody can take", teams.routes_without_skill),
    Check("long-late", "Waiting tickets without a next step", waiting.long_late),
    Check("field-unused", "Forms that ask what nobody uses", forms.unused),
    Check("connection-fails", "Connections that do not work", connections.fail),
    Check("secret-in-sight", "Secrets that everybody may read", connections.secrets_in_sight),
    Check("tool-no-limit", "Tools that move money without a bound", connections.unbounded),
    Check("procedure-fails", "Procedures that cannot run", procedures.fail),
)


def lint(*, by: Actor) -> list[Warned]:
    """What is wrong, in the order of `CHECKS`; about a dozen queries at any size. Counts every ticket of the desk."""
    by.must("ticket.read_all")
    desk = Desk()
    return [Warned(check, finding) for check in CHECKS for finding in check.look(desk)]
