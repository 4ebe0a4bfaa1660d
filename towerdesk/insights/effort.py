"""How many minutes of a person's time an event stands for.

Nobody stamps a time card, so the minutes are reckoned from what the log shows people did; the table is the whole rule.
"""

from towerdesk.events.models import Event

MINUTES = {
    "message.queued": 4.0,
    "message.noted": 1.5,
    "assistant.graded": 0.5,  # reading a suggestion; sending it counts as the reply it is
    "ticket.changed": 0.4,
    "ticket.assigned": 0.4,
    "ticket.handed_off": 1.0,
    "ticket.escalated": 1.0,
    "handoff.accepted": 0.3,
    "handoff.returned": 1.0,
    "ticket.tagged": 0.2,
    "ticket.merged": 1.0,
    "ticket.resolved": 0.3,
    "ticket.reopened": 0.3,
}


def minutes_of(event: Event) -> float:
    return MINUTES.get(event.kind, 0.0) if event.actor_kind == "agent" else 0.0
