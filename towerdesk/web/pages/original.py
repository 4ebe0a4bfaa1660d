"""A message exactly as it came: its source as a text file, and its HTML in a frame where nothing runs or loads."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from towerdesk.channels.email.parse import parse
from towerdesk.lib.errors import NotFound
from towerdesk.tickets.models import Message
from towerdesk.web.request import DeskRequest

FRAME: dict[str, list[str] | str] = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": "",
}
"""The mail may bring its own styles; it runs nothing, loads nothing from anywhere and leads nowhere."""
MOST_SHOWN = 60_000


@require_safe
def original(request: DeskRequest, message: int) -> HttpResponse:
    found = _find(request, message)
    content = _bytes_of(found)
    context = {
        "message": found,
        "ticket": found.ticket,
        "size": len(content),
        "source": content[:MOST_SHOWN].decode("utf-8", "replace"),
        "is_cut": len(content) > MOST_SHOWN,
        "has_html": bool(parse(content).html),
    }
    return render(request, "web/ticket/original.html", context)


@require_safe
def source(request: DeskRequest, message: int) -> HttpResponse:
    response = HttpResponse(_bytes_of(_find(request, message)), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="message-{message}.txt"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@xframe_options_sameorigin
@csp_override(FRAME)
def frame(request: DeskRequest, message: int) -> HttpResponse:
    return HttpResponse(parse(_bytes_of(_find(request, message))).html, content_type="text/html; charset=utf-8")


def _find(request: DeskRequest, message: int) -> Message:
    visible = Message.objects.visible_to(request.actor).select_related("ticket", "raw")
    found = visible.filter(pk=message).first()
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _bytes_of(message: Message) -> bytes:
    raw = getattr(message, "raw", None)
    if raw is None:
        raise Http404("this message did not come as a mail")
    return bytes(raw.content)
