"""A success signal: one figure with its goal, its cases and its formula."""

from dataclasses import dataclass
from typing import Literal

from towerdesk.advice.finding import Shown


@dataclass(frozen=True, slots=True)
class Signal:
    """`part` of `n` cases; `value` is None when nothing was measured. `unit`: a share of one, or times a ticket.

    `lack` says what is wrong when the goal is missed, as a whole sentence; `mend` is where to mend it.
    """

    title: str
    part: int
    n: int
    goal: float
    of: tuple[str, str]  # what one case is called, and many
    formula: str
    lack: str
    mend: Shown
    look: Shown  # the cases, on the desk
    unit: Literal["share", "times"] = "share"

    @property
    def value(self) -> float | None:
        return share(self.part, self.n)

    @property
    def less_is_better(self) -> bool:
        return self.unit == "times"

    @property
    def is_reached(self) -> bool:
        if self.value is None:
            return False
        return self.value <= self.goal if self.less_is_better else self.value >= self.goal


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stands in the way, and where it is mended."""

    what: str
    mend: Shown


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
