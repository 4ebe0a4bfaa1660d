"""What happens next on a ticket, as one sentence with a time. Every verb ends by planning it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import OURS

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
    does = f"{who(ticket)} answers {ticket.requester.first_name}"
    told = why if why.endswith(ENDS) else f"{why}."
    return Step("answer", f"{told} {does}" if why else does, _promised(ticket))


def call_back(ticket: Ticket, number: str, why: str = "") -> Step:
    """`why` is a sentence without its end."""
    name = ticket.requester.first_name
    does = (
        f"{who(ticket)} calls {number} back" if name.startswith("+") else f"{who(ticket)} calls {name} back on {number}"
    )
    return Step("call", f"{why}. {does}" if why else does, _promised(ticket))


def listen(ticket: Ticket, there_is_a_voicemail: bool) -> Step:
    """There is no number to call back."""
    does = "listens to the voicemail" if there_is_a_voicemail else "sees to a call without a voicemail"
    return Step("answer", f"{who(ticket)} {does}; the number is withheld", _promised(ticket))


def pass_on(ticket: Ticket, was: str) -> list[str]:
    """Somebody else is to call them back than `was`; the names of the fields to save."""
    if ticket.step_kind != "call" or ticket.due_at is None:
        return []
    told = ticket.next_step.replace(f"{was} calls ", f"{who(ticket)} calls ", 1)
    return plan(ticket, Step("call", told, ticket.due_at))


def write_down(ticket: Ticket) -> Step:
    """They have spoken with each other."""
    does = f"{who(ticket)} writes down what was agreed with {ticket.requester.first_name}, or resolves this"
    return Step("answer", does, now() + ANSWER_WITHIN[ticket.priority])


def approve(ticket: Ticket, does: str = "approves or edits the suggested reply") -> Step:
    return Step("approve", f"{who(ticket)} {does}", _promised(ticket))


def ask(ticket: Ticket, what: str) -> Step:
    """`what` is the rest of a sentence that begins with a name."""
    return Step("approve", f"{who(ticket)} {what}", _promised(ticket))


def check_sent(ticket: Ticket) -> Step:
    does = f"{who(ticket)} checks whether the reply to {ticket.requester.first_name} went out"
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


def who(ticket: Ticket) -> str:
    """Whose step it is, as the sentence of one begins."""
    return ticket.assignee.first_name if ticket.assignee else f"Someone in {ticket.team}"


def _promised(ticket: Ticket) -> datetime:
    """A promise given stands: an unanswered ticket keeps its earlier due time."""
    due = now() + ANSWER_WITHIN[ticket.priority]
    if ticket.step_kind in OURS and ticket.due_at and ticket.pk:
        return min(due, ticket.due_at)
    return due
