"""Send a ticket back to the team that handed it on, with a note that says why."""

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets import next_step
from towerdesk.tickets.accept_handoff import answer_due, asked_of
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.models.handoff import LONGEST
from towerdesk.tickets.save import save


def send_back(ticket: Ticket, note: str, *, by: Actor, cause: Event | None = None) -> Handoff:
    """Whoever had it in hand has it again. Raises `Invalid` without a note."""
    by.must("ticket.hand_off")
    words = storable(note).strip()
    if not words or len(words) > LONGEST:
        raise Invalid(f"Say in at most {LONGEST} characters why it goes back.", {"note": "Write why it goes back."})
    with transaction.atomic():
        ticket.hold()
        handoff = asked_of(ticket, by)
        if not Team.objects.filter(pk=handoff.from_id).exists():
            raise Conflict(f"{handoff.from_name} is no longer a team here: accept this, then hand it to another one.")
        handoff.end("returned", by, words)
        was = ticket.owner_name
        give_back(handoff, ticket, f"{handoff.receiver} sent this back: {one_line(words, 80)}")
        said = {"was": was, "now": ticket.owner_name, "team": handoff.from_name, "note": words}
        record("handoff.returned", by=by, ticket=ticket.pk, subject=handoff.pk, cause=cause, **said)
    return handoff


def give_back(handoff: Handoff, ticket: Ticket, why: str) -> None:
    """With the ticket held. Where the team is gone it stays where it is."""
    ticket.team = Team.objects.filter(pk=handoff.from_id).first() or ticket.team
    had = handoff.from_user
    ticket.assignee = had if had is not None and had.is_active else None
    step = next_step.answer(ticket, why)
    due = next_step.Step(step.kind, step.sentence, answer_due(handoff, ticket))
    save(ticket, "team", "assignee", also=next_step.plan(ticket, due))
