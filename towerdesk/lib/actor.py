"""Who does something: customer, agent, rule, assistant, API key or clock, each with the same kind of permissions."""

from dataclasses import dataclass
from typing import Literal

from towerdesk.lib.errors import Refused

type Kind = Literal["customer", "agent", "rule", "assistant", "key", "clock"]

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """`teams` are the ids of the actor's own teams; `person` is set for a customer, `user` for a signed-in agent."""

    kind: Kind
    id: int | None
    name: str
    permissions: frozenset[str] = frozenset()
    teams: frozenset[int] = frozenset()

    @property
    def is_outside(self) -> bool:
        """True for those whose doings set off rules and the assistant: people and the clock, never our own automation."""
        return self.kind in ("customer", "agent", "key", "clock")

    @property
    def user_id(self) -> int | None:
        return self.id if self.kind == "agent" else None

    def can(self, permission: str) -> bool:
        return permission in self.permissions or EVERYTHING in self.permissions

    def must(self, permission: str) -> None:
        """Raise `Refused` unless this actor holds the permission."""
        if not self.can(permission):
            raise Refused(f"{self.name} may not do this ({permission}). Ask an administrator for the right.")


CLOCK = Actor("clock", None, "Towerdesk", frozenset({EVERYTHING}))
"""What happens by itself: schedules, windows that end, bounces that arrive."""
