"""The ticket: its neighbours at the left, its story and the next words in the middle, what happens next at the right."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render

from towerdesk.assistant.hearing.choose import why_no_transcript
from towerdesk.assistant.models import Run
from towerdesk.assistant.policy import valid_licence
from towerdesk.automation.models import Placement
from towerdesk.channels.contract import Terms
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.people.models import kind_name
from towerdesk.tickets.call_back import rings_by
from towerdesk.tickets.models import Form, Ticket
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.say_field import field_name, say_field
from towerdesk.tickets.taxonomy.settle import why_priority
from towerdesk.tickets.terms import terms_of
from towerdesk.web import evidence
from towerdesk.web.around import around
from towerdesk.web.bays import TITLES
from towerdesk.web.clocks import faces
from towerdesk.web.handoffs import handoffs
from towerdesk.web.procedure_panel import procedure_panel
from towerdesk.web.request import DeskRequest
from towerdesk.web.strips import Strip, bay_of, first_in_bay, strip_from
from towerdesk.web.timeline import timeline

RACK = 20
REASONS = ("Wrong answer", "Out of date", "Misses the question", "Wrong tone", "Needs a person")
PHONE = kind_name("phone")
MODES = ("suggested", "edit", "reject", "reply", "note")


def ticket(request: DeskRequest, number: int) -> HttpResponse:
    return show(request, find(number, request.actor))


def find(number: int, actor: Actor) -> Ticket:
    """The ticket when this actor may read it; else as if there were none."""
    found: list[Ticket] = _readable(actor, number=number)
    if not found:
        raise NotFound(f"There is no ticket {number} that you may read.")
    return found[0]


@compiled
def _readable(actor: Actor, *, number: int) -> "QuerySet[Ticket]":
    watched = Ticket.watchers.through.objects.filter(ticket_id=OuterRef("pk"), user_id=actor.user_id or 0)
    offers = Placement.objects.filter(ticket_id=OuterRef("pk"), user_id=actor.user_id or 0)
    tickets = Ticket.objects.visible_to(actor).for_strips().filter(pk=number)
    return tickets.annotate(is_watched=Exists(watched), offered_until=Subquery(offers.values("accept_by")[:1]))


WITH_RUNS = ("intent", "licence", "procedure_run__version__procedure")


@compiled
def _runs(*, number: int) -> "QuerySet[Run]":
    return Run.objects.current().filter(ticket=number).select_related(*WITH_RUNS).order_by("id")


def show(
    request: DeskRequest, ticket: Ticket, *, write: str = "", text: str = "", trouble: Trouble | None = None
) -> HttpResponse:
    """The page; after a refusal with the words that were typed still in their place."""
    runs: list[Run] = _runs(number=ticket.pk)
    run = next((one for one in reversed(runs) if one.state == "open" and one.reply), None)
    near = around(ticket, request.actor)
    terms = terms_of(ticket)
    text = text or _ready_made(request.GET.get("template", ""), terms)
    context = {
        "ticket": ticket,
        "timeline": timeline(ticket, runs, request.actor, whole="all" in request.GET),
        "rack": rack(ticket, request.actor),
        "rack_title": TITLES.get(bay_of(ticket.step_kind), "Waiting on us"),
        "late": ticket.is_waiting and ticket.due_at and ticket.due_at < now(),
        **_draft(run, write or request.GET.get("write", ""), text, trouble, near["drafts"]),
        "terms": terms,
        "can_call": can_call(ticket, near["identities"], request.actor),
        "no_speech": why_no_transcript(),
        "clocks": faces(ticket),
        **_assistant(runs[-1] if runs else None),
        **near,
        **handoffs(ticket, request.actor),
        **procedure_panel(ticket, runs),
        "procedure_acts": bool(run and run.acts),
        "reject_reasons": REASONS,
        "similar": _alike(ticket, request.actor),
        "offered_until": _offered_until(ticket, request.actor),
        "said": said(ticket),
        "why_priority": why_priority(ticket),
        "watches": getattr(ticket, "is_watched", False),
    }
    status = trouble.status if trouble else 200
    return render(request, "web/ticket/page.html", context, status=status)


def can_call(ticket: Ticket, identities: list[dict[str, Any]], actor: Actor) -> bool:
    """Asked of the database only where there is a number to call."""
    has_number = any(one["kind"] == PHONE for one in identities)
    return has_number and ticket.is_waiting and actor.can("ticket.reply") and rings_by(ticket) is not None


def _ready_made(chosen: str, terms: Terms) -> str:
    """The text, with its gaps, of a template that was chosen by its place."""
    place = int(chosen) if chosen.isascii() and chosen.isdecimal() else len(terms.only)
    return terms.only[place] if place < len(terms.only) else ""


def said(ticket: Ticket) -> list[tuple[str, str, str]]:
    """The form it came by, and custom fields that are filled in, in the desk's order: name, words, and where a link leads."""
    known = taxonomy().fields
    keys = [key for key in known if key in ticket.fields] + sorted(set(ticket.fields) - set(known))
    links = {key for key, one in known.items() if one.kind == "link"}
    values = ticket.fields
    told = [(field_name(key), say_field(key, values[key]), values[key] if key in links else "") for key in keys]
    return [*_by_form(ticket), *told]


def _by_form(ticket: Ticket) -> list[tuple[str, str, str]]:
    if not ticket.form:
        return []
    name = Form.objects.filter(key=ticket.form).values_list("name", flat=True).first()
    return [("Form", name or ticket.form, "")]


def rack(ticket: Ticket, actor: Actor) -> list[Strip]:
    """The bay that the ticket lies in, first due first; the ticket itself is always among them."""
    kind = bay_of(ticket.step_kind) if bay_of(ticket.step_kind) in TITLES else "answer"
    strips = first_in_bay(kind, RACK, actor, here=ticket.pk)
    if any(strip.number == ticket.pk for strip in strips):
        return strips
    return [replace(strip_from(ticket, actor, now()), here=True), *strips[: RACK - 1]]


def _draft(
    run: Run | None, write: str, text: str, trouble: Trouble | None, drafts: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """What one began to write comes before what the assistant suggests."""
    begun = next((kind for kind in ("reply", "note") if kind in drafts), "")
    mode = write if write in MODES else begun or ("suggested" if run else "reply")
    if run is None and mode in ("suggested", "edit", "reject"):
        mode = "reply"
    draft = drafts.get(mode, {})
    drawn = {"paragraphs": evidence.paragraphs(run), "sources": evidence.sources(run)} if run else {}
    typed, kept = text or draft.get("text", ""), "" if text else draft.get("at", "")
    turned = mode if write in MODES else ""
    return {"run": run, "mode": mode, "turned": turned, "typed": typed, "kept": kept, "trouble": trouble, **drawn}


def _assistant(run: Run | None) -> dict[str, Any]:
    """The newest run with its score in parts, and what proves it."""
    if run is None or not run.outcome:
        return {}
    licence = run.licence or (valid_licence(run.intent) if run.intent else None)
    return {
        "newest": run,
        "parts": evidence.parts(run),
        "licence": licence,
        "note": evidence.licence_note(run, licence) if run.reply else None,
    }


def _offered_until(ticket: Ticket, actor: Actor) -> datetime | None:
    """By when the reader is to accept it, if it is offered to them."""
    return getattr(ticket, "offered_until", None) if ticket.assignee_id == actor.user_id else None


def _alike(ticket: Ticket, actor: Actor) -> list[Ticket]:
    """What people wanted the same lately and how it ended."""
    if ticket.intent_id is None:
        return []
    return _solved(actor, number=ticket.pk, intent=ticket.intent_id)


@compiled
def _solved(actor: Actor, *, number: int, intent: int) -> "QuerySet[Ticket]":
    solved = Ticket.objects.visible_to(actor).filter(intent_id=intent, status__in=("resolved", "closed"))
    return solved.exclude(pk=number).exclude(resolution="duplicate").order_by("-updated_at", "-id")[:3]
