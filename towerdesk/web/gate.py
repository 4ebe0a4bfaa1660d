"""The gate: nobody sees a page without signing in, except what is listed here. Behind it a request has an `actor`."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from towerdesk.accounts import actors

PUBLIC = (
    "/healthz", "/account/", "/help/", "/rate/", "/person/", "/approve/", "/api/", "/hooks/", "/trackers/", "/chat/", "/static/"
)  # fmt: skip
"""Paths that answer strangers. Each of them looks after itself."""
FILES = ("/favicon.ico", "/robots.txt")
"""What browsers and search engines ask for by name, before anybody signs in."""
OWN = "/account/"
"""Public, but part of the desk for those who are signed in."""


class Gate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone_of(request)):
            return self._let_in(request)

    def _let_in(self, request: HttpRequest) -> HttpResponse:
        public = is_public(request.path)
        if public and not request.path.startswith(OWN):
            return self.get_response(request)
        user = request.user
        if user.is_authenticated:
            request.actor = actors.agent(user)  # type: ignore[attr-defined]
            return _kept_private(request, self.get_response(request))
        return self.get_response(request) if public else _ask_to_sign_in(request)


def is_public(path: str) -> bool:
    return path in FILES or path.startswith(PUBLIC) or path + "/" in PUBLIC


def _kept_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No proxy keeps what somebody was shown; their browser does while they are signed in, so that “Back” is quick."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if not request.user.is_authenticated:  # they have just signed out
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page leads back to itself afterwards; a part of a page or a stream only hears that nobody is signed in."""
    if request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Mode") == "cors":
        return HttpResponse("Please sign in again.", status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The browser says its time zone in a cookie; what is no zone is not believed."""
    name = request.COOKIES.get("tz", "")
    if not name or len(name) > 60:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
