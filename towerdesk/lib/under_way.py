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
    """`says` is a sentence for people; `done` of `whole` are steps of it."""

    says: str
    done: int
    whole: int

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // max(1, self.whole))


def tell(says: str, done: int, whole: int) -> None:
    """Takes the place of what was told before."""
    file = _file()
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(UnderWay(says, done, whole))), encoding="utf-8")
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


def _file() -> Path:
    return Path(settings.DATA_DIR) / "under-way.json"
