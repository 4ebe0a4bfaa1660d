"""What is wrong with a procedure, one sentence and line each."""

from collections.abc import Sequence
from dataclasses import dataclass

from towerdesk.lib.errors import Invalid


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`line` counts from 1, in the text as it was given."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.sentence}"


class Faulty(Invalid):
    """The text is no procedure that could run; `faults` says why, in the order of its lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(" ".join(str(fault) for fault in self.faults))


class Wrong(Exception):
    """Inside a reader: what is wrong with the piece at hand; who knows the line makes a `Fault` of it."""
