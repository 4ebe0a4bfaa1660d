"""Merge one value or intent into another, and move its open tickets: each seen before it is done, each undoable."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.events.models import Event
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.tickets.models import Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.merge import merge_intent, merge_value
from towerdesk.tickets.taxonomy.move import MOST, movable, move, move_back
from towerdesk.tickets.taxonomy.things import the_value
from towerdesk.tickets.taxonomy.usage import usage_of
from towerdesk.web.pages.lists import path_of
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say
from towerdesk.web.words import count_words

SHOWN = 8
"""Tickets that a preview names."""


def either(request: DeskRequest, kind: str) -> HttpResponse:
    return merge(request, kind) if request.method == "POST" else merging(request, kind)


def merging(request: DeskRequest, kind: str) -> HttpResponse:
    """What a merge would mean; then, once it is done, the open tickets that could be moved."""
    request.actor.must("taxonomy.change")
    key, into = request.GET.get("key", ""), request.GET.get("into", "")
    known = taxonomy()
    one, other = known.find(kind, key), known.find(kind, into)
    if one is None or other is None:
        raise NotFound("One of the two is not in this list any more.")
    waiting = movable(kind, key, request.actor)
    context: dict[str, Any] = {
        "tab": "intents" if kind == "intent" else "fields" if kind.startswith("field.") else "lists",
        "kind": kind,
        "one": one,
        "other": other,
        "is_merged": known.standing(kind, key) == known.standing(kind, into),
        "used": usage_of(kind, key),
        "waiting": waiting.count(),
        "tickets": list(waiting.order_by("pk").only("id", "subject")[:SHOWN]),
        "most": MOST,
        "back": path_of(kind, key),
    }
    return render(request, "web/settings/merging.html", context)


def merge(request: DeskRequest, kind: str) -> HttpResponse:
    key, into = _both(request)
    if kind == "intent":
        merge_intent(_intent(key), _intent(into), by=request.actor)
    else:
        merge_value(the_value(kind, key), the_value(kind, into), by=request.actor)
    say(request, f"“{taxonomy().name(kind, key)}” now means “{taxonomy().name(kind, into)}”. No ticket was changed.")
    return HttpResponseRedirect(f"/settings/lists/{kind}/merge?{urlencode({'key': key, 'into': into})}")


@require_POST
def move_tickets(request: DeskRequest, kind: str) -> HttpResponse:
    key, into = _both(request)
    done = move(kind, key, into, by=request.actor)
    count = count_words(len(done.data["tickets"]), "ticket")
    say(request, f"{count} moved. Each has it in its history.", undo=f"/settings/moves/{done.pk}/back")
    return HttpResponseRedirect(path_of(kind, key))


@require_POST
def take_back(request: DeskRequest, event: int) -> HttpResponse:
    moved = Event.objects.filter(pk=event, kind="taxonomy.moved").first()
    if moved is None:
        raise NotFound("There is nothing to take back.")
    count = move_back(moved, by=request.actor)
    say(request, f"{count_words(count, 'ticket')} went back. What was changed since stays as it is.")
    return HttpResponseRedirect(path_of(moved.data["list"], moved.data["was"]))


def _both(request: DeskRequest) -> tuple[str, str]:
    key, into = request.POST.get("key", ""), request.POST.get("into", "")
    if not key or not into:
        raise Invalid("Choose what to merge it into.")
    return key, into


def _intent(slug: str) -> Intent:
    found = Intent.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no intent “{slug}”.")
    return found
