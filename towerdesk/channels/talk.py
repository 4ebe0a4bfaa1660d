"""What is spoken, as plain values: part of the contract of channels by which people talk with each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

type Outcome = Literal["", "ringing", "unmade", "missed", "busy", "failed", "recorded", "voicemail", "answered"]
"""How a call has gone so far; empty: this tells nothing of that. What stands later says more, in whatever order it comes.

`unmade`: it ended before the other side was rung. `recorded`: no call of ours, but the recording of one.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go. `speaker` is a name or a label, empty when unknown; seconds from the beginning."""

    text: str
    speaker: str = ""
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Talk:
    """Something spoken, as far as its arrival tells: a call, what was recorded of it, what was understood of that."""

    outcome: Outcome = ""
    number: str = ""  # of the other side, in E.164; empty when it is withheld or not told
    seconds: int = 0  # that go with the outcome: how long they spoke
    turns: Sequence[Turn] = ()


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring: first a colleague, then the customer. Both in E.164."""

    agent: str
    number: str
