"""Pass a ticket on and ask for a yes: whoever it goes to owns it at once; the sender stays named until it is accepted."""

from datetime import timedelta

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import storable
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.models.handoff import LONGEST
from towerdesk.tickets.models.ticket import OURS
from towerdesk.tickets.save import save
from towerdesk.tickets.settle_handoff import settle_handoff
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.withdraw import withdraw_pending

EVENTS = {"functional": "ticket.handed_off", "hierarchical": "ticket.escalated"}
ACCEPT_WITHIN = {
    "critical": timedelta(minutes=15),
    "high": timedelta(hours=1),
    "normal": timedelta(hours=4),
    "low": timedelta(hours=8),
}


def pass_on(
    ticket: Ticket,
    kind: str,
    to: Team,
    person: User | None,
    reason: str,
    note: str,
    *,
    by: Actor,
    cause: Event | None = None,
) -> Handoff:
    """`hand_off` and `escalate` say to whom. Clocks go on; what the assistant had queued is withdrawn."""
    by.must("ticket.hand_off")
    words = _words(note)
    with transaction.atomic():
        ticket.hold()
        settle_handoff(ticket, by=by, cause=cause)
        _must_move(ticket, to, person)
        key, was = _reason(reason), ticket.owner_name
        handoff = _write(ticket, kind, to, person, key, words, by)
        withdraw_pending(ticket, f"{by.name} passed this on to {handoff.receiver}", by=by, cause=cause)
        ticket.team, ticket.assignee, ticket.handler = to, person, "person"
        save(ticket, "team", "assignee", "handler", also=next_step.plan(ticket, _to_accept(handoff, by)))
        said = {"was": was, "now": ticket.owner_name, "team": to.name, "reason": key, "note": words}
        due = handoff.accept_by.isoformat()
        record(EVENTS[kind], by=by, ticket=ticket.pk, subject=handoff.pk, cause=cause, accept_by=due, **said)
    return handoff


def _words(note: str) -> str:
    words = storable(note).strip()
    if not words:
        raise Invalid("Write a note: what is done, what is open, what they need to know.", {"note": "Write a note."})
    if len(words) > LONGEST:
        raise Invalid(f"The note is too long: use at most {LONGEST} characters.", {"note": "Make it shorter."})
    return words


def _reason(reason: str) -> str:
    key = choose("handoff", reason)
    if not key:
        raise Invalid("Say why it goes to them: choose a reason.", {"reason": "Choose a reason."})
    return key


def _must_move(ticket: Ticket, to: Team, person: User | None) -> None:
    if not ticket.is_waiting:
        raise Conflict(f"Ticket {ticket.number} is {ticket.get_status_display().lower()}: open it again first.")
    has = ticket.assignee if person else ticket.team
    if has == (person or to):
        raise Invalid(f"{has} has ticket {ticket.number} already: choose somebody else.", {"to": "Choose another."})


def _write(ticket: Ticket, kind: str, to: Team, person: User | None, reason: str, note: str, by: Actor) -> Handoff:
    """One that was overtaken, as by an undone bulk edit, no longer waits."""
    for stale in Handoff.objects.asked().filter(ticket=ticket):
        stale.end("withdrawn", by)
    promised = ticket.due_at if ticket.step_kind in OURS else None
    return Handoff.objects.create(
        ticket=ticket,
        kind=kind,
        from_id=ticket.team_id or 0,
        from_name=str(ticket.team),
        from_user=ticket.assignee,
        to_id=to.pk,
        to_name=to.name,
        to_user=person,
        reason=reason,
        note=note,
        asked_by=by.name[:200],
        accept_by=now() + ACCEPT_WITHIN[ticket.priority],
        answer_due=promised,
    )


def _to_accept(handoff: Handoff, by: Actor) -> next_step.Step:
    """Due when it is to be accepted, or earlier when the customer's answer is."""
    who = handoff.to_user.first_name if handoff.to_user else f"Someone in {handoff.to_name}"
    sender = by.name.split(" ")[0] if by.kind == "agent" else by.name
    due = min(filter(None, (handoff.accept_by, handoff.answer_due)))
    return next_step.Step("answer", f"{who} accepts this from {sender} or sends it back", due)
