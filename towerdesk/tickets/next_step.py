"""What happens next on a ticket, as one sentence with a time. Every verb ends by planning it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket

ANSWER_WITHIN = {
    "critical": timedelta(hours=1),
    "high": timedelta(hours=4),
    "normal": timedelta(hours=8),
    "low": timedelta(hours=24),
}
REMIND_AFTER = timedelta(days=3)
CLOSE_AFTER = timedelta(days=5)
ASSISTANT_WITHIN = timedelta(minutes=10)
FIELDS = ["step_kind", "next_step", "due_at"]
ENDS = (".", "!", "?", "…")  # of a sentence that somebody wrote
SENDS_BY_ITSELF = "Sends by itself"


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is one of `models.ticket.STEPS`; `sentence` says who does what; `due` is aware."""

    kind: str
    sentence: str
    due: datetime


def plan(ticket: Ticket, step: Step) -> list[str]:
    """Write the step onto the (held, not yet saved) ticket; return the names of the fields to save."""
    ticket.step_kind, ticket.next_step, ticket.due_at = step.kind, step.sentence[:200], step.due
    return FIELDS


def answer(ticket: Ticket, why: str = "") -> Step:
    who = ticket.assignee.first_name if ticket.assignee else f"Someone in {ticket.team}"
    does = f"{who} answers {ticket.requester.first_name}"
    told = why if why.endswith(ENDS) else f"{why}."
    return Step("answer", f"{told} {does}" if why else does, _promised(ticket))


def approve(ticket: Ticket) -> Step:
    who = ticket.assignee.first_name if ticket.assignee else f"Someone in {ticket.team}"
    return Step("approve", f"{who} approves or edits the suggested reply", _promised(ticket))


def check_sent(ticket: Ticket) -> Step:
    who = ticket.assignee.first_name if ticket.assignee else f"Someone in {ticket.team}"
    does = f"{who} checks whether the reply to {ticket.requester.first_name} went out"
    return Step("answer", does, _promised(ticket))


def consider() -> Step:
    return Step("assistant", "Assistant reads this and decides", now() + ASSISTANT_WITHIN)


def send_after_pause(due: datetime) -> Step:
    return Step("assistant", SENDS_BY_ITSELF, due)


def remind(ticket: Ticket) -> Step:
    return Step("customer", f"Reminder if {ticket.requester.first_name} does not answer", now() + REMIND_AFTER)


def wait_on_others(sentence: str, due: datetime) -> Step:
    return Step("others", sentence, due)


def sleep(ticket: Ticket, until: datetime, why: str = "") -> Step:
    who = ticket.assignee.first_name if ticket.assignee else f"someone in {ticket.team}"
    return Step("snooze", f"Snoozed: {why}" if why else f"Snoozed, then before {who} again", until)


def close_later(ticket: Ticket) -> Step:
    return Step("close", f"Closes by itself unless {ticket.requester.first_name} writes", now() + CLOSE_AFTER)


def nothing() -> Step:
    return Step("none", "", now())


def after_status(ticket: Ticket) -> Step:
    """The step that a status brings when nobody says another."""
    if ticket.status == "pending":
        return remind(ticket)
    if ticket.status == "hold":
        return wait_on_others(f"{ticket.owner_name} asks what the others say", now() + REMIND_AFTER)
    if ticket.status == "resolved":
        return close_later(ticket)
    if ticket.status == "closed":
        return nothing()
    return answer(ticket)


def _promised(ticket: Ticket) -> datetime:
    """A promise given stands: an unanswered ticket keeps its earlier due time."""
    due = now() + ANSWER_WITHIN[ticket.priority]
    if ticket.step_kind in ("answer", "approve") and ticket.due_at and ticket.pk:
        return min(due, ticket.due_at)
    return due
