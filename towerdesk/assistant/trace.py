"""How one decision came about, step by step."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


@dataclass(slots=True)
class Trace:
    """What was done, in order, with how long each step took (milliseconds)."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    started: float = field(default_factory=perf_counter)
    last: float = field(default_factory=perf_counter)

    def say(self, name: str, sentence: str) -> None:
        present = perf_counter()
        self.steps.append({"name": name, "sentence": sentence, "milliseconds": round((present - self.last) * 1000, 2)})
        self.last = present

    @property
    def milliseconds(self) -> float:
        return (perf_counter() - self.started) * 1000
