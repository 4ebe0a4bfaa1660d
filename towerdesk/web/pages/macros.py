"""Macros: ready answers and steps with placeholders, that an agent applies at once."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.automation.macros import PLACEHOLDERS, apply, preview_macro
from towerdesk.automation.models import Macro
from towerdesk.automation.save_macro import delete_macro, save_macro
from towerdesk.automation.words import in_words
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.web import thens
from towerdesk.web.pages.ticket import find as find_ticket
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def macros(request: DeskRequest) -> HttpResponse:
    rows = [(macro, in_words(macro.actions)) for macro in Macro.objects.all()]
    return render(request, "web/macros/list.html", {"rows": rows, "tab": "macros"})


def macro(request: DeskRequest, number: int = 0) -> HttpResponse:
    found = _find(number) if number else None
    if request.method != "POST":
        values = {"name": found.name, "active": found.active} if found else {"active": True}
        return _form(request, found, values, thens.to_form(found.actions) if found else {})
    request.actor.must("rule.change")
    name, active, then = request.POST.get("name", ""), "active" in request.POST, thens.typed(request.POST)
    try:
        actions = thens.from_form(then)
        saved = save_macro(found, name, actions, active=active, by=request.actor)
    except Trouble as trouble:
        return _form(request, found, {"name": name, "active": active}, then, trouble)
    say(request, f"“{saved}” is saved.")
    return HttpResponseRedirect("/settings/macros")


def _find(number: int) -> Macro:
    found = Macro.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such macro: perhaps somebody deleted it.")
    return found


def _form(
    request: DeskRequest,
    found: Macro | None,
    values: dict[str, Any],
    then: thens.Values,
    trouble: Trouble | None = None,
) -> HttpResponse:
    context = {
        "macro": found,
        "values": values,
        "then": then,
        "trouble": trouble,
        "placeholders": list(PLACEHOLDERS),
        "tab": "macros",
        **thens.choices(),
    }
    return render(request, "web/macros/edit.html", context, status=trouble.status if trouble else 200)


@require_POST
def delete_it(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(number)
    try:
        delete_macro(found, request.POST.get("typed", ""), by=request.actor)
    except Trouble as trouble:
        values = {"name": found.name, "active": found.active}
        return _form(request, found, values, thens.to_form(found.actions), trouble)
    say(request, f"“{found}” is deleted.")
    return HttpResponseRedirect("/settings/macros")


def use(request: DeskRequest, number: int) -> HttpResponse:
    """On a ticket: each macro with what it would do; applied by a POST."""
    ticket = find_ticket(number, request.actor)
    if request.method == "POST":
        chosen = request.POST.get("macro", "")
        found = _find(int(chosen) if chosen.isdecimal() else 0)
        apply(found, ticket, by=request.actor)
        say(request, f"“{found}” is applied to {ticket.number}.")
        return HttpResponseRedirect(f"/tickets/{ticket.pk}")
    rows = [(one, *_would(one, ticket, request)) for one in Macro.objects.filter(active=True)]
    part = "web/macros/use_form.html" if request.htmx else "web/macros/use.html"
    return render(request, part, {"ticket": ticket, "rows": rows})


def _would(one: Macro, ticket: Any, request: DeskRequest) -> tuple[list[str], str]:
    try:
        return preview_macro(one, ticket, request.actor), ""
    except Trouble as trouble:
        return [], str(trouble)
