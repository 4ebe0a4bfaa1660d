"""What a check says: what is wrong, what to do about it, where, and what shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Shown:
    """A place on the desk, as the words of a link."""

    words: str
    path: str

    def as_json(self) -> dict[str, str]:
        return {"words": self.words, "path": self.path}


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` and `do` are whole sentences; `shows` are the tickets, or the things, that prove it."""

    what: str
    do: str
    mend: Shown
    shows: tuple[Shown, ...] = ()


def tickets(words: str, query: str) -> Shown:
    """The list of tickets that a filter finds."""
    return Shown(words, f"/tickets?{urlencode({'q': query})}")


def these(numbers: Iterable[int]) -> tuple[Shown, ...]:
    """Some tickets by number, as one list; none: nothing."""
    said = ",".join(str(number) for number in numbers)
    return (tickets("Some of them", f"number:{said}"),) if said else ()


def some(names: Iterable[str], most: int = 6) -> str:
    """`A, B and 3 more`."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"
