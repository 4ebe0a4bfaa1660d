"""What every desk begins with. A row in the database stands in for the value here that has its key."""

from towerdesk.tickets.models.ticket import PRIORITIES, TYPES

RESOLUTIONS = [
    ("solved", "Solved"),
    ("information", "Information given"),
    ("duplicate", "Duplicate"),
    ("no_answer", "No answer"),
    ("spam", "Spam"),
]
HANDOFFS = [
    ("wrong_team", "Belongs to another team"),
    ("skill", "Needs other skills"),
    ("access", "Needs rights or tools we lack"),
    ("decision", "Needs a decision"),
    ("urgent", "Too urgent or too large for us"),
    ("complaint", "The customer asks for somebody above"),
]
BEGINS_WITH: dict[str, list[tuple[str, str]]] = {
    "priority": PRIORITIES,
    "type": TYPES,
    "resolution": RESOLUTIONS,
    "handoff": HANDOFFS,
}
NEEDED = {("type", "question"), ("resolution", "solved"), ("resolution", "duplicate")}
"""What the desk itself sets: can be renamed and merged, but not retired."""
