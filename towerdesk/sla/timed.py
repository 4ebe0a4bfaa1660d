"""The kinds of event that the clocks listen to."""

from towerdesk.events.kinds import KINDS

OF_NO_TIME = {
    "ticket.watched", "ticket.rated", "ticket.confirmed", "ticket.merged", "ticket.told", "ticket.routed",
    "ticket.accepted", "ticket.passed", "ticket.mentioned", "ticket.linked", "ticket.unlinked", "ticket.listed",
    "ticket.ticked",
}  # fmt: skip
"""They change nothing about a ticket that a clock or a policy's condition looks at."""
TIMED = {kind for kind in KINDS if kind.startswith(("ticket.", "handoff."))} - OF_NO_TIME | {
    "message.received", "message.queued", "message.withdrawn", "message.sent", "message.failed", "message.unsure",
    "message.bounced", "message.tried_again", "call.heard", "call.done", "call.failed", "call.unsure",
}  # fmt: skip
