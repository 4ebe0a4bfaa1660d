"""What is known of a past ticket, before anybody decides about it again. The same for our own desk and for an export."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from towerdesk.rehearsal.models import ReplayItem
from towerdesk.tickets.models import Message


@dataclass(slots=True)
class Story:
    """`asked_at` is when the first message came. `labels`: (since when, intent), oldest first.

    `taught_at`: since when it was known that the answer held; None: it teaches nothing. `answer` is the last public one,
    at `answered_at`. `grade`: what a person said of the live suggestion on the same message, see `ReplayItem`.
    `live`: what the live assistant answered alone, and what the customer made of it ({reply, known_by, at}).
    """

    key: str
    asked_at: datetime
    subject: str
    visible: str
    author: str = ""
    ticket_id: int | None = None
    auto: str = ""
    trust: dict[str, Any] = field(default_factory=dict)
    goes_on: bool = False
    answer: str = ""
    answered_at: datetime | None = None
    resolution: str = ""
    resolved_at: datetime | None = None
    labels: list[tuple[datetime, str]] = field(default_factory=list)
    taught_at: datetime | None = None
    minutes: float = 0.0
    grade: dict[str, Any] | None = None
    live: dict[str, Any] | None = None
    vector: bytes | None = None

    def as_item(self, replay: int) -> ReplayItem:
        told = {
            name: value
            for name, value in asdict(self).items()
            if name not in ("key", "asked_at", "ticket_id", "vector", "labels")
        }
        told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
        told["labels"] = [[at.isoformat(), slug] for at, slug in self.labels]
        return ReplayItem(
            replay_id=replay,
            at=self.asked_at,
            key=self.key,
            ticket_id=self.ticket_id,
            told=told,
            vector=self.vector,
            blind=0,
        )


def message_of(item: ReplayItem) -> Message:
    """The first message by itself: it is in no table, so nothing that came later can be reached from it."""
    told = item.told
    return Message(
        direction="in",
        public=True,
        subject=told["subject"],
        visible=told["visible"],
        author_name=told["author"],
        auto=told["auto"],
        trust=told["trust"],
        created_at=item.at,
    )


def label_at(item: ReplayItem, moment: datetime) -> str:
    """What it was said to be about by then; empty when nobody had said so."""
    said = [slug for at, slug in item.told["labels"] if datetime.fromisoformat(at) <= moment]
    return str(said[-1]) if said else ""


def time_of(item: ReplayItem, name: str) -> datetime | None:
    """One of the times in `told`."""
    given = item.told.get(name)
    return datetime.fromisoformat(given) if given else None
