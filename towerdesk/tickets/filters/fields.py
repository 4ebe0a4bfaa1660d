"""The table of all conditions. A new condition is one line here."""

from towerdesk.accounts.models import Team
from towerdesk.channels.models import Inbox
from towerdesk.tickets.filters.custom import BEFORE, custom
from towerdesk.tickets.filters.governed import Governed, Meant, Tagged
from towerdesk.tickets.filters.kinds import Choice, Field, Text, nearest
from towerdesk.tickets.filters.named import Named, Organised, Requester, Someone
from towerdesk.tickets.filters.numbers import Number
from towerdesk.tickets.filters.states import State
from towerdesk.tickets.filters.times import Due, Past
from towerdesk.tickets.models.ticket import PRIORITIES, STATUSES, STEPS
from towerdesk.tickets.resolve import KNOWN_BY

__all__ = ["FIELDS", "field_of", "nearest"]

FIELDS: dict[str, Field] = {
    "status": Choice("status", [value for value, _ in STATUSES], "open"),
    "is": State(),
    "team": Named("team", Team, ("slug", "name"), "billing"),
    "assignee": Someone("assignee", "me"),
    "priority": Choice("priority", [value for value, _ in PRIORITIES], "high"),
    "intent": Meant("refund"),
    "type": Governed("type", "type", "bug"),
    "tag": Tagged("vip"),
    "requester": Requester("mara@example.com"),
    "organisation": Organised("example.com"),
    "inbox": Named("inbox", Inbox, ("address", "name"), "help@example.com"),
    "channel": Text("inbox.channel", "email"),
    "language": Text("language", "de"),
    "mood": Text("mood", "upset"),
    "area": Governed("product_area", "area", "billing"),
    "impact": Governed("impact", "impact", "site"),
    "urgency": Governed("urgency", "urgency", "blocked"),
    "form": Text("form", "repair"),
    "handler": Choice("handler", ["person", "assistant"], "assistant"),
    "step": Choice("step_kind", [value for value, _ in STEPS], "answer"),
    "due": Due("due_at", "<1h"),
    "created": Past("created_at", ">7d"),
    "updated": Past("updated_at", ">2026-11-01"),
    "resolved": Past("resolved_at", "today"),
    "resolution": Governed("resolution", "resolution", "solved"),
    "known_by": Choice("known_by", KNOWN_BY, "confirmed"),
    "rating": Number("rating", "3", {"no": 1, "partly": 2, "yes": 3}, whole=True),
    "score": Number("score", "<0.8"),
    "number": Number("id", "1042", whole=True),
}


def field_of(name: str) -> Field:
    """The condition of this name: one of the table, or `field.KEY` for a custom field. Raises `Invalid`."""
    return custom(name) if name.startswith(BEFORE) else FIELDS[name]
