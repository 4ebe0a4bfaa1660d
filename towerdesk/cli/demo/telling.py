"""How far the past is told. It takes minutes, and who breaks it off finds it going on at the next start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import structlog
from django.conf import settings

from towerdesk.lib import json_file, under_way

SAYS = (
    "The demo company's past is being told: {begun:,} of {tickets:,} tickets, up to {day:%-d %B}. Until it has come to today, "
    "everything here is as of that day. Then its customers begin to write."
)
BEFORE = "The assistant reads the demo company's articles and learns its intents. Then the company's past is told."
LOGGED = 100  # customers

log = structlog.get_logger()


def is_about_to_begin() -> None:
    """Said before any other process of the desk runs: the clock's chores would take what is left of a past for the present."""
    under_way.tell(under_way.UnderWay(BEFORE, 0, 1, clock_set_back=True))


@dataclass
class Telling:
    """`until` and `reached` are aware; whoever wrote until `reached` is on a ticket already."""

    days: int
    tickets: int
    until: datetime
    reached: datetime
    begun: int = 0
    goes_on: bool = False

    @classmethod
    def from_the_start(cls, days: int, tickets: int, until: datetime) -> Self:
        return cls(days, tickets, until, until - timedelta(days=days))

    @classmethod
    def so_far(cls) -> Self | None:
        """The one that was broken off."""
        kept = json_file.read(_file())
        if kept is None:
            return None
        until, reached = (datetime.fromisoformat(kept[name]) for name in ("until", "reached"))
        return cls(kept["days"], kept["tickets"], until, reached, kept["begun"], goes_on=True)

    @property
    def begin(self) -> datetime:
        return self.until - timedelta(days=self.days)

    def comes_to(self, at: datetime) -> None:
        """One more customer begins to write. Said before they do: should that be broken off, nobody writes the same twice."""
        self.reached, self.begun = at, self.begun + 1
        kept = {
            "days": self.days,
            "tickets": self.tickets,
            "until": self.until.isoformat(),
            "reached": at.isoformat(),
            "begun": self.begun,
        }
        json_file.write(_file(), kept)
        if self.begun % LOGGED == 0:
            log.warning("the demo's past is being told", tickets=self.begun, of=self.tickets, day=at.date().isoformat())
        says = SAYS.format(begun=self.begun, tickets=self.tickets, day=at)
        under_way.tell(under_way.UnderWay(says, self.begun, self.tickets, clock_set_back=True))

    def ends(self) -> None:
        _file().unlink(missing_ok=True)
        under_way.end()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo-past-so-far.json"
