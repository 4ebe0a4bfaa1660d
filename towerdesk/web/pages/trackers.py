"""Settings: issue trackers. Connect one, try it, see what it last called about, switch it off."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.connectors.models import Connection
from towerdesk.connectors.trackers.connect import HOOK, change_tracker, check_tracker, connect_tracker, switch_tracker
from towerdesk.connectors.trackers.connect import trackers as all_trackers
from towerdesk.connectors.trackers.registry import TRACKERS, of, tracker
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.problems.models import Delivery, Issue, Push
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SHOWN = 15


def trackers(request: DeskRequest) -> HttpResponse:
    request.actor.must("connection.change")
    rows = [
        (one, of(one), Issue.objects.filter(connection=one).count(), _newest(one)) for one in all_trackers(active=False)
    ]
    return render(request, "web/settings/trackers.html", {"rows": rows, "kinds": TRACKERS.values(), "tab": "trackers"})


def new(request: DeskRequest, kind: str) -> HttpResponse:
    request.actor.must("connection.change")
    speaks, trouble = tracker(kind), None
    if request.method == "POST":
        try:
            made = connect_tracker(kind, request.POST.get("name", ""), request.POST.dict(), by=request.actor)
            return _tried(request, made)
        except Trouble as refused:
            trouble = refused
    context = {
        "speaks": speaks,
        "name": request.POST.get("name", speaks.title),
        **_asked(request, speaks, None, trouble),
    }
    return render(request, "web/settings/tracker.html", context, status=trouble.status if trouble else 200)


def one(request: DeskRequest, number: int) -> HttpResponse:
    found, trouble = _find(request, number), None
    if request.method == "POST":
        try:
            change_tracker(found, request.POST.get("name", ""), request.POST.dict(), by=request.actor)
            return _tried(request, found)
        except Trouble as refused:
            trouble = refused
    context = {
        "speaks": of(found),
        "connection": found,
        "name": request.POST.get("name", found.name),
        "hook": f"{settings.PUBLIC_URL}/trackers/{found.settings.get(HOOK, '')}",
        "deliveries": Delivery.objects.filter(connection=found).order_by("-at", "-pk")[:SHOWN],
        "doubtful": Push.objects.filter(connection=found, fate__in=("unknown", "failed")).order_by("-pk")[:SHOWN],
        **_asked(request, of(found), found, trouble),
    }
    return render(request, "web/settings/tracker.html", context, status=trouble.status if trouble else 200)


@require_POST
def check(request: DeskRequest, number: int) -> HttpResponse:
    return _tried(request, _find(request, number))


@require_POST
def switch(request: DeskRequest, number: int) -> HttpResponse:
    found, on = _find(request, number), request.POST.get("on") == "yes"
    switch_tracker(found, on, by=request.actor)
    back = f"/settings/trackers/{found.pk}"
    say(request, f"{found} is {'on' if on else 'off: it is neither called nor listened to'}.")
    return HttpResponseRedirect(back)


def _tried(request: DeskRequest, found: Connection) -> HttpResponse:
    """What it says, or why it does not answer, is the quiet word; it is kept either way."""
    try:
        say(request, check_tracker(found, by=request.actor))
    except Trouble as trouble:
        say(request, f"It is kept, but does not work yet. {trouble}")
    return HttpResponseRedirect(f"/settings/trackers/{found.pk}")


def _asked(request: DeskRequest, speaks: Any, found: Connection | None, trouble: Trouble | None) -> dict[str, Any]:
    given = request.POST
    wrong = trouble.fields if isinstance(trouble, Invalid) else {}
    asks = []
    for ask in speaks.asks:
        kept = "" if ask.secret or found is None else str(found.settings.get(ask.name, ""))
        is_set = bool(found and ask.secret and ask.name in found.secrets)
        asks.append(
            {
                "ask": ask,
                "value": given.get(ask.name, kept or ask.first) if not ask.secret else "",
                "is_set": is_set,
                "wrong": wrong.get(ask.name, ""),
            }
        )
    return {"asks": asks, "trouble": trouble, "tab": "trackers"}


def _newest(found: Connection) -> Delivery | None:
    return Delivery.objects.filter(connection=found, trusted=True).order_by("-at", "-pk").first()


def _find(request: DeskRequest, number: int) -> Connection:
    request.actor.must("connection.change")
    found = Connection.objects.filter(pk=number, kind__in=TRACKERS).first()
    if found is None:
        raise NotFound("There is no such issue tracker.")
    return found
