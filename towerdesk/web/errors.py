"""Every trouble becomes one clear sentence on the page, never a stack trace."""

from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import get_template

from towerdesk.lib.errors import Invalid, NotFound, Refused, Trouble


class TroubleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError) and "NUL" in str(error):  # no text can hold one: nothing was written
            error = Invalid("There is a character in this that no text can hold (NUL). Take it out and try again.")
        if isinstance(error, UnreadablePostError):
            error = Invalid("This came in part only, and nothing of it was done. Send it again.")
        return tell(request, error) if isinstance(error, Trouble) else None


def tell(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The sentence: as a page for people of ours, plainly for everybody else."""
    if request.headers.get("HX-Request"):
        page = "web/parts/trouble.html"
    else:
        page = "web/trouble.html" if hasattr(request, "actor") else "web/plain_trouble.html"
    return render(request, page, {"trouble": trouble, "name": settings.DESK_NAME}, status=trouble.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(request, NotFound("There is nothing at this address, or nothing that you may see."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(request, Refused("You may not do this. Ask an administrator for the right."))


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    return tell(
        request, Refused("This form is too old or came from somewhere else. Open the page again, then try once more.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Nothing here may fail: no template that asks the database, no context."""
    return HttpResponse(get_template("web/broken.html").render(), status=500)
