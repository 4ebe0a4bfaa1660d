"""Change what a ticket is: status, priority, intent, type, product, subject, fields, tags; its next step; merge it."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.tickets.asks import chosen, every_field
from towerdesk.tickets.call_back import rings_by
from towerdesk.tickets.change import change
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.ticket import PRIORITIES
from towerdesk.tickets.tag import tag
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.unmerge import unmerge
from towerdesk.web.asked import answers, typed
from towerdesk.web.moments import moment
from towerdesk.web.pages.acts import act
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

STATUSES = [("open", "Waiting on us"), ("pending", "Waiting on the customer"), ("hold", "Waiting on others")]
STEP_KINDS = [("answer", "us"), ("customer", "the customer"), ("others", "others")]


def do(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    if request.method != "POST":
        return _form(request, ticket)
    try:
        _change(request, ticket)
    except Trouble as trouble:
        return _form(request, ticket, trouble)
    say(request, f"{ticket.number} is changed.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


def _form(request: DeskRequest, ticket: Ticket, trouble: Trouble | None = None) -> HttpResponse:
    context = {
        "ticket": ticket,
        "intents": Intent.objects.filter(Q(active=True) | Q(pk=ticket.intent_id or 0)),
        "statuses": STATUSES,
        "priorities": PRIORITIES,
        "types": chosen("type", ticket.type),
        "areas": chosen("area", ticket.product_area),
        "areas_free": taxonomy().is_free("area"),
        "impacts": chosen("impact", ticket.impact),
        "urgencies": chosen("urgency", ticket.urgency),
        "known_tags": taxonomy().choosable("tag"),
        "resolutions": taxonomy().choosable("resolution"),
        "asks": every_field(ticket.fields | typed(request.POST)),
        "can_ring": ticket.is_waiting and request.actor.can("ticket.reply") and rings_by(ticket) is not None,
        "trouble": trouble,
    }
    part = "web/ticket/do_form.html" if request.htmx else "web/ticket/do.html"
    return render(request, part, context, status=trouble.status if trouble else 200)


def _change(request: DeskRequest, ticket: Ticket) -> None:
    """Only what the form carries and what differs: the verb itself leaves alone what is the same."""
    given = request.POST
    values: dict[str, Any] = {
        name: given[name]
        for name in ("subject", "priority", "type", "product_area", "impact", "urgency")
        if name in given and given[name] != getattr(ticket, name)
    }
    values |= answers(given, every_field(ticket.fields))
    if given.get("status") and given["status"] != ("open" if ticket.status == "new" else ticket.status):
        values["status"] = given["status"]
    if "intent" in given:
        values["intent"] = Intent.objects.filter(slug=given["intent"]).first()
    change(ticket, by=request.actor, **values)
    if "tags" in given:
        wanted = {" ".join(word.lower().split()) for word in given["tags"].split(",")} - {""}
        tag(ticket, add=wanted - set(ticket.tags), remove=set(ticket.tags) - wanted, by=request.actor)


def step(request: DeskRequest, number: int) -> HttpResponse:
    """Say who does what next, and by when."""
    ticket, trouble = find(number, request.actor), None
    if request.method == "POST":
        try:
            kind = request.POST.get("kind", "answer")
            due = moment(request.POST.get("due", ""))
            change(ticket, by=request.actor, next_step=request.POST.get("sentence", ""), due_at=due, step_kind=kind)
            return HttpResponseRedirect(f"/tickets/{ticket.pk}")
        except Trouble as refused:
            trouble = refused
    part = "web/ticket/step_form.html" if request.htmx and trouble is None else "web/ticket/step.html"
    context = {"ticket": ticket, "kinds": STEP_KINDS, "trouble": trouble, "typed": request.POST.get("sentence", "")}
    return render(request, part, context, status=trouble.status if trouble else 200)


@require_POST
def merge_into(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    into = find(number_in(request.POST.get("into", "")), request.actor)
    merge(ticket, into, by=request.actor)
    say(request, f"{ticket.number} is part of {into.number} now.", undo=f"/tickets/{ticket.pk}/unmerge")
    return HttpResponseRedirect(f"/tickets/{into.pk}")


@act
def take_out(request: DeskRequest, ticket: Ticket) -> str:
    into = unmerge(ticket, by=request.actor)
    return f"{ticket.number} stands on its own again; its messages are back from {into.number}."


def number_in(text: str) -> int:
    number = text.strip().lstrip("#")
    if not number.isdecimal() or len(number) > 18:
        raise Invalid("Give the number of the other ticket.")
    return int(number)
