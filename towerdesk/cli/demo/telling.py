"""How far the past is told. It takes minutes, and who breaks it off finds it going on at the next start."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import structlog
from django.conf import settings

from towerdesk.lib import under_way

SAYS = (
    "The demo company's past is being told: {begun:,} of {tickets:,} tickets, up to {day:%-d %B}. Until it has come to today, "
    "everything here is as of that day. Then its customers begin to write."
)
LOGGED = 100  # customers

log = structlog.get_logger()


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
        if not _file().exists():
            return None
        kept = json.loads(_file().read_text(encoding="utf-8"))
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
        new = _file().with_suffix(".new")
        new.write_text(json.dumps(kept), encoding="utf-8")
        new.replace(_file())
        if self.begun % LOGGED == 0:
            log.warning("the demo's past is being told", tickets=self.begun, of=self.tickets, day=at.date().isoformat())
        under_way.tell(SAYS.format(begun=self.begun, tickets=self.tickets, day=at), self.begun, self.tickets)

    def ends(self) -> None:
        _file().unlink(missing_ok=True)
        under_way.end()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo-past-so-far.json"
