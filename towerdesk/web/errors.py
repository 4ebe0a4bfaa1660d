"""Every trouble becomes one clear sentence on the page, never a stack trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from towerdesk.lib.errors import Trouble


class TroubleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Trouble):
            return None
        part = "web/parts/trouble.html" if request.headers.get("HX-Request") else "web/trouble.html"
        return render(request, part, {"trouble": error}, status=error.status)
