"""Banners: which are shown where, a new one, and the button that stops one."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.problems.banners import MOST, show_banner, stop_banner
from towerdesk.problems.models import Banner
from towerdesk.problems.models.banner import PLACES
from towerdesk.tickets.models import Ticket
from towerdesk.web.moments import moment
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

FIELD = "text-"
SHOWN = 50
FIRST_PLACES = ("portal", "forms", "chat")


def banners(request: DeskRequest) -> HttpResponse:
    trouble = None
    if request.method == "POST":
        try:
            banner = _show(request)
            say(request, "The banner is shown.", undo=f"/problems/banners/{banner.pk}/stop")
            return HttpResponseRedirect("/problems/banners")
        except Trouble as refused:
            trouble = refused
    found = list(Banner.objects.select_related("ticket").order_by("-id")[:SHOWN])
    given = request.POST
    languages = dict.fromkeys(["en", *settings.LANGUAGES_SPOKEN])
    context = {
        "standing": [(one, _places(one)) for one in found if one.state in ("shown", "waits")],
        "past": [(one, _places(one)) for one in found if one.state not in ("shown", "waits")],
        "places": [
            (key, name, key in (given.getlist("places") if given else FIRST_PLACES)) for key, name in PLACES.items()
        ],
        "texts": [(one, given.get(f"{FIELD}{one}", "")) for one in languages],
        "about": given.get("about", request.GET.get("about", "")),
        "typed": given,
        "trouble": trouble,
        "wrong": trouble.fields if isinstance(trouble, Invalid) else {},
        "most": MOST,
        "tab": "banners",
    }
    return render(request, "web/problems/banners.html", context, status=trouble.status if trouble else 200)


@require_POST
def stopping(request: DeskRequest, number: int) -> HttpResponse:
    found = Banner.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such banner.")
    stop_banner(found, by=request.actor)
    say(request, "The banner is gone.")
    came_from = request.headers.get("Referer", "").partition("?")[0]
    inside = came_from.startswith(request.build_absolute_uri("/problems"))
    return HttpResponseRedirect(came_from if inside else "/problems/banners")


def _show(request: DeskRequest) -> Banner:
    given = request.POST
    about = as_number(given.get("about", ""))
    ticket = Ticket.objects.visible_to(request.actor).filter(pk=about).first() if about else None
    return show_banner(
        {name.removeprefix(FIELD)[:8]: str(text) for name, text in given.items() if name.startswith(FIELD)},
        given.getlist("places"),
        by=request.actor,
        starts_at=moment(given["starts_at"]) if given.get("starts_at") else None,
        ends_at=moment(given["ends_at"]) if given.get("ends_at") else None,
        ticket=ticket,
    )


def _places(banner: Banner) -> str:
    return ", ".join(PLACES[one] for one in banner.places if one in PLACES)
