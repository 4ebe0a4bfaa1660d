"""The governed lists: what is in them, who uses it, and what becomes of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Trouble
from towerdesk.tickets.models import Value
from towerdesk.tickets.models.value import FIXED, LISTS, OPEN
from towerdesk.tickets.taxonomy import Known, taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_values, edit_value, make_value, set_free
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.things import the_list, the_value
from towerdesk.tickets.taxonomy.usage import Usage, usage, usage_of
from towerdesk.web.request import DeskRequest, chosen
from towerdesk.web.toasts import say


def lists(request: DeskRequest) -> HttpResponse:
    return HttpResponseRedirect("/settings/lists/type")


def one_list(request: DeskRequest, kind: str, *, trouble: Trouble | None = None) -> HttpResponse:
    request.actor.must("taxonomy.change")
    context = {
        "tab": "fields" if kind.startswith("field.") else "lists",
        "kind": kind,
        "title": the_list(kind),
        "lists": LISTS.items(),
        "rows": _rows(kind),
        "open": kind in OPEN,
        "free": taxonomy().is_free(kind),
        "fixed": kind in FIXED,
        "trouble": trouble,
        "typed": request.POST if trouble else {},
    }
    return render(request, "web/settings/list.html", context, status=trouble.status if trouble else 200)


def _rows(kind: str) -> list[tuple[Known, Usage, str]]:
    """Each value, who uses it, and what it was merged into."""
    known, used = taxonomy(), usage(kind)
    return [(one, used.get(one.key, Usage()), known.name(kind, one.into)) for one in known.all(kind)]


@require_POST
def add(request: DeskRequest, kind: str) -> HttpResponse:
    given = request.POST
    try:
        value = make_value(kind, given.get("name", ""), description=given.get("description", ""), by=request.actor)
    except Trouble as trouble:
        return one_list(request, kind, trouble=trouble)
    say(request, f"“{value}” is in the list.")
    return _to_list(kind)


@require_POST
def free(request: DeskRequest, kind: str) -> HttpResponse:
    set_free(kind, request.POST.get("free") == "yes", by=request.actor)
    return _to_list(kind)


@require_POST
def order(request: DeskRequest, kind: str) -> HttpResponse:
    """One place up or down."""
    keys = moved([one.key for one in taxonomy().all(kind)], request.POST.get("key", ""), request.POST.get("to", ""))
    arrange_values(kind, keys, by=request.actor)
    return _to_list(kind)


def moved(keys: list[str], key: str, to: str) -> list[str]:
    if key in keys:
        place = keys.index(key)
        other = place + (1 if to == "down" else -1)
        if 0 <= other < len(keys):
            keys[place], keys[other] = keys[other], keys[place]
    return keys


def value(request: DeskRequest, kind: str, *, trouble: Trouble | None = None) -> HttpResponse:
    """One value: its words, who uses it, and what can be done with it."""
    request.actor.must("taxonomy.change")
    found = the_value(kind, request.GET.get("key", ""))
    if request.method == "POST" and trouble is None:
        return _edit(request, kind, found)
    others = [one for one in taxonomy().all(kind) if one.key != found.key and not one.retired]
    context: dict[str, Any] = {
        "tab": "fields" if kind.startswith("field.") else "lists",
        "kind": kind,
        "title": the_list(kind),
        "value": found,
        "used": usage_of(kind, found.key),
        "stays": why_it_stays(found),
        "others": others,
        "fixed": kind in FIXED,
        "trouble": trouble,
    }
    return render(request, "web/settings/value.html", context, status=trouble.status if trouble else 200)


def _edit(request: DeskRequest, kind: str, found: Value) -> HttpResponse:
    """The button says what: save, retire, take up again, delete."""
    does = request.POST.get("does", "save")
    try:
        if does == "save":
            given = request.POST
            edit_value(found, name=given.get("name", ""), description=given.get("description", ""), by=request.actor)
            say(request, f"“{found}” is saved.")
        else:
            chosen({"retire": retire, "revive": revive, "remove": remove}, does)(found, by=request.actor)
            say(request, TOLD[does].format(found))
    except Trouble as trouble:
        return value(request, kind, trouble=trouble)
    return _to_list(kind) if does == "remove" else HttpResponseRedirect(path_of(kind, found.key))


TOLD = {
    "retire": "“{}” is retired: nobody chooses it anew, and it stays readable where it is.",
    "revive": "“{}” can be chosen again.",
    "remove": "“{}” is deleted.",
}


def path_of(kind: str, key: str) -> str:
    if kind == "intent":
        return f"/settings/intents/{key}"
    return f"/settings/lists/{kind}/value?{urlencode({'key': key})}"


def _to_list(kind: str) -> HttpResponse:
    return HttpResponseRedirect(f"/settings/lists/{kind}")
