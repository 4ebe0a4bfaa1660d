"""Long work that everybody at the desk should know of while it lasts: what it is, and how far it has come.

One file in the data folder, which whoever does the work writes anew as it goes on. What a process left behind that died is not
believed for long.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

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
    file = _file()
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(now)), encoding="utf-8")
    new.replace(file)


def end() -> None:
    _file().unlink(missing_ok=True)


def under_way() -> UnderWay | None:
    try:
        with _file().open(encoding="utf-8") as file:
            if time.time() - os.fstat(file.fileno()).st_mtime > BELIEVED:
                return None
            return UnderWay(**json.load(file))
    except FileNotFoundError:
        return None


def clock_is_set_back() -> bool:
    found = under_way()
    return found is not None and found.clock_set_back


def _file() -> Path:
    return Path(settings.DATA_DIR) / "under-way.json"
