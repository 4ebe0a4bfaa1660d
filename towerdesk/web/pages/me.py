"""My account: theme, keys, and the ways to sign in."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.web.context import THEMES
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

YEAR = 365 * 24 * 3600  # seconds


def me(request: DeskRequest) -> HttpResponse:
    return render(request, "web/settings/me.html", {"tab": "me", "teams": request.user.teams.all()})


@require_POST
def theme(request: DeskRequest) -> HttpResponse:
    """Kept in a cookie: it belongs to the screen, not to the person. Without a value it follows the system."""
    response = HttpResponseRedirect(_back(request))
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


@require_POST
def keys(request: DeskRequest) -> HttpResponse:
    off = request.POST.get("keys") == "off"
    say(request, "Single keys are off." if off else "Single keys are on.")
    response = HttpResponseRedirect("/me")
    response.set_cookie("keys", "off" if off else "on", max_age=YEAR, samesite="Lax")
    return response


def _back(request: DeskRequest) -> str:
    """Only ever to a path of our own."""
    came_from = request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    return "/" + came_from.removeprefix(here).lstrip("/\\") if came_from.startswith(here) else "/me"
