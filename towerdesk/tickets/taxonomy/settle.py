"""Bring what somebody says about a ticket into the form in which it is kept: keys of values, checked fields, priority."""

from typing import Any

from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.taxonomy.check_fields import checked
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.known import taxonomy

GOVERNED = frozenset({"type", "product_area", "impact", "urgency", "intent", "fields"})
LISTS = {"type": "type", "product_area": "area", "impact": "impact", "urgency": "urgency"}


def settle(ticket: Ticket, values: dict[str, Any]) -> dict[str, Any]:
    """For a held ticket, or one that is about to be opened. Raises `Invalid` with one sentence."""
    settled = dict(values)
    for column, kind in LISTS.items():
        if column in settled:
            settled[column] = choose(kind, str(settled[column] or ""), had=getattr(ticket, column))
    if settled.get("intent") is not None:
        settled["intent"] = _intent(ticket, settled["intent"])
    if "fields" in settled:
        settled["fields"] = checked(settled["fields"] or {}, ticket.fields)
    if {"impact", "urgency"} & set(settled) and "priority" not in settled:
        settled |= _priority(ticket, settled)
    return settled


def _intent(ticket: Ticket, intent: Intent) -> Intent:
    if intent.active or intent.pk == ticket.intent_id:
        return intent
    slug = taxonomy().standing("intent", intent.slug)
    if slug == intent.slug:
        raise Invalid(f"The intent “{intent}” is retired: choose another one.", {"intent": "Choose one of the list."})
    return Intent.objects.get(slug=slug)


def _priority(ticket: Ticket, settled: dict[str, Any]) -> dict[str, str]:
    """What the matrix makes of both, when both are said."""
    said = taxonomy().priority_of(settled.get("impact", ticket.impact), settled.get("urgency", ticket.urgency))
    return {"priority": said} if said else {}


def why_priority(ticket: Ticket) -> str:
    """One sentence on where the priority comes from; empty when neither impact nor urgency was said."""
    known = taxonomy()
    if not (ticket.impact and ticket.urgency):
        return ""
    rests = f"{known.name('impact', ticket.impact)} × {known.name('urgency', ticket.urgency)}"
    said = known.priority_of(ticket.impact, ticket.urgency)
    if not said:
        return f"{rests}: the matrix says nothing about that"
    if said == ticket.priority:
        return f"{rests} makes it {known.name('priority', said).lower()}"
    return f"Set by hand; {rests} would make it {known.name('priority', said).lower()}"
