"""A random share of the tickets that could be answered alone goes to people: so the effect of doing so is measured.

The draw is made by the ticket when the first answer on it could leave alone, and stays with it. People who get one see the
suggestion, as they would without a licence: what is compared is *answered alone* with *suggested to a person*.
"""

from django.db.models import QuerySet

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.models import Arm, Run
from towerdesk.assistant.terms import draw, terms
from towerdesk.events.record import record
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Ticket


def arm_of(ticket: Ticket) -> str:
    """`alone` or `people`: what was drawn for this ticket, or would be. Always `alone` on a desk that holds nothing out."""
    kept = next(iter(_arms(ticket=ticket.pk)), None)
    if kept is not None:
        return kept
    return "people" if draw("holdout", ticket.pk) < terms().holdout_share else "alone"


def keep_arm(run: Run, arm: str) -> None:
    """Written once a ticket, in the transaction of the decision; nothing while the desk holds nothing out."""
    if not arm:
        return
    share = terms().holdout_share
    if not share or Arm.objects.filter(ticket=run.ticket_id).exists():
        return
    Arm.objects.create(
        ticket_id=run.ticket_id,
        arm=arm,
        draw=draw("holdout", run.ticket_id),
        share=share,
        intent=run.intent,
        at=now(),
    )
    if arm == "people":
        record("assistant.held_out", by=THE_ASSISTANT, ticket=run.ticket_id, subject=run.pk, run=run.pk, share=share)


@compiled
def _arms(*, ticket: int) -> "QuerySet[Arm, str]":
    return Arm.objects.filter(ticket=ticket).values_list("arm", flat=True)
