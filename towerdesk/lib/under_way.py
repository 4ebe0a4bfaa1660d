"""Long work that everybody at the desk should know of while it lasts: what it is, and how far it has come.

One file in the data folder, which whoever does the work writes anew as it goes on. What a process left behind that died is not
believed for long.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from towerdesk.lib import json_file

BELIEVED = 600.0
"""Seconds after which silent work is taken to be over."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`says` is a sentence for people; `done` of `whole` are steps of it. While the clock is set back, what it does by itself
    waits: nothing is due now that was due then.
    """

    says: str
    done: int
    whole: int
    clock_set_back: bool = False

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // max(1, self.whole))


def tell(now: UnderWay) -> None:
    """Takes the place of what was told before."""
    json_file.write(_file(), asdict(now))


def end() -> None:
    _file().unlink(missing_ok=True)


def under_way() -> UnderWay | None:
    told = json_file.read(_file(), younger_than=BELIEVED)
    return UnderWay(**told) if told and told.keys() == UnderWay.__dataclass_fields__.keys() else None


def clock_is_set_back() -> bool:
    found = under_way()
    return found is not None and found.clock_set_back


def _file() -> Path:
    return Path(settings.DATA_DIR) / "under-way.json"
