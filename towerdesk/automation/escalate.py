"""Do what a policy says at a warning, a breach or a step after it, in the policy's own name."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import transaction

from towerdesk.accounts.actors import rule as acting
from towerdesk.actions.perform import perform_all
from towerdesk.actions.vocabulary import read_actions, word
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.tickets.models import Ticket

ANSWERS = ("sla.acted", "sla.stuck")
SAID = {
    "reply": "wrote to the customer",
    "note": "left a note",
    "assign": "gave it away",
    "change": "changed it",
    "tag": "changed the tags",
    "watch": "lets somebody watch",
    "tell": "told somebody",
    "ask_assistant": "asked the assistant",
    "hand_off": "handed it to another team",
    "escalate": "passed it up",
}

log = structlog.get_logger()


def escalate(event: Event) -> None:
    """All of the step's actions or none. Safe to repeat: what has been answered is not answered again."""
    said = event.data["actions"]
    ticket = Ticket.objects.filter(pk=event.ticket_id or 0).first()
    if (
        not said
        or ticket is None
        or Event.objects.filter(ticket_id=ticket.pk, cause_id=event.pk, kind__in=ANSWERS).exists()
    ):
        return
    by = acting(event.actor_id or 0, event.actor_name)
    try:
        _act(said, ticket, event, by)
    except Trouble as trouble:
        record("sla.stuck", by=by, ticket=ticket.pk, cause=event, trouble=str(trouble))
    except Exception:
        log.exception("an escalation broke", policy=event.actor_name, ticket=ticket.pk)
        record("sla.stuck", by=by, ticket=ticket.pk, cause=event, trouble="It broke unexpectedly; the log says where.")


def _act(said: Any, ticket: Ticket, event: Event, by: Actor) -> None:
    actions = read_actions(said)
    did = [word(type(action)) for action in actions]
    with transaction.atomic():
        perform_all(actions, ticket, by=by, cause=event)
        words = ", ".join(dict.fromkeys(SAID.get(one, one) for one in did))
        record("sla.acted", by=by, ticket=ticket.pk, cause=event, did=did, said=words)


def checked(steps: Iterable[tuple[str, int, Any]]) -> list[tuple[str, int, list[Any]]]:
    """Steps as a policy may keep them: every action can be read, and none writes to the customer or can't be undone."""
    kept = []
    for kind, minutes, said in steps:
        for action in read_actions(said):
            if action.effect != "inside":
                raise Invalid(
                    f"A step can't “{word(type(action))}” by itself: what customers see, or can't be undone, is for people. "
                    "Choose another action.",
                    {"steps": "Choose an action that stays inside."},
                )
        kept.append((kind, minutes, list(said)))
    return kept
