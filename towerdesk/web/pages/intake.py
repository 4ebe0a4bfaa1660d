"""Intake: for every inbox the counts add up, and what was set aside or failed can be seen and put right."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from towerdesk.channels.models import Inbox
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import put_on_ticket, replay
from towerdesk.lib.clock import now
from towerdesk.lib.errors import NotFound
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SHOWN = 100


@dataclass(slots=True)
class Account:
    """Arrived = on tickets + bounces tied to their messages + set aside + failed + waiting; anything else would be a loss."""

    inbox: Inbox
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def arrived(self) -> int:
        return sum(self.counts.values())

    @property
    def on_tickets(self) -> int:
        return self.counts.get("ticket", 0) + self.counts.get("message", 0)


@require_safe
def intake(request: DeskRequest) -> HttpResponse:
    request.actor.must("raw.read")
    trouble = Raw.objects.with_trouble().defer("content").select_related("inbox")
    only = request.GET.get("state", "")
    # What waits for something comes by itself, and in a busy channel is most of it: shown only when asked for.
    trouble = trouble.filter(state=only) if only in ("failed", "set_aside") else trouble.filter(about="")
    context = {"accounts": accounts(), "trouble": trouble[:SHOWN], "only": only}
    return render(request, "web/intake/page.html", context)


def accounts() -> list[Account]:
    found = {inbox.pk: Account(inbox) for inbox in Inbox.objects.select_related("team")}
    for inbox, state, n in Raw.objects.order_by().values_list("inbox_id", "state").annotate(n=Count("id")):
        found[inbox].counts[state] = n
    return list(found.values())


@require_safe
def account(request: DeskRequest) -> HttpResponse:
    """Today's account in one sentence, for the foot of the Tower."""
    if not request.actor.can("raw.read"):
        return HttpResponse("")
    today = Raw.objects.filter(arrived_at__gte=_midnight(now())).order_by()
    counts = dict(today.values_list("state").annotate(n=Count("id")))
    context = {
        "seen": sum(counts.values()),
        "on_tickets": counts.get("ticket", 0) + counts.get("message", 0),
        "bounces": counts.get("bounce", 0),
        "set_aside": counts.get("set_aside", 0),
        "failed": counts.get("failed", 0),
        "waiting": counts.get("stored", 0),
    }
    return render(request, "web/intake/account.html", context)


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


@require_POST
def again(request: DeskRequest, raw: int) -> HttpResponse:
    found = _find(raw)
    replay(found, by=request.actor)
    say(request, "It is being read once more. What becomes of it shows here in a moment.")
    return HttpResponseRedirect("/intake")


@require_POST
def onto_ticket(request: DeskRequest, raw: int) -> HttpResponse:
    found = _find(raw)
    put_on_ticket(found, by=request.actor)
    found.refresh_from_db()
    say(request, f"It is on ticket {found.ticket_id} now." if found.ticket_id else "It has been taken in.")
    return HttpResponseRedirect(f"/tickets/{found.ticket_id}" if found.ticket_id else "/intake")


@require_safe
def source(request: DeskRequest, raw: int) -> HttpResponse:
    request.actor.must("raw.read")
    response = HttpResponse(bytes(_find(raw).content), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="mail-{raw}.txt"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _find(raw: int) -> Raw:
    found = Raw.objects.select_related("inbox").filter(pk=raw).first()
    if found is None:
        raise NotFound("There is no such arrival.")
    return found
