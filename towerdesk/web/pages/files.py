"""What hangs on messages: always a download, never active; only raster pictures and sounds show inside a page of ours."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Attachment, Message
from towerdesk.web.request import DeskRequest
from towerdesk.web.sheets import PICTURES
from towerdesk.web.spoken import SOUNDS

RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
MOST_AT_ONCE = 2**21  # bytes of a stretch: a player asks for the next

DEAD: dict[str, list[str] | str] = {"default-src": ["'none'"], "sandbox": ""}
"""The policy under which nothing in a file can run, load or submit."""


@require_safe
@csp_override(DEAD)
def download(request: DeskRequest, attachment: int) -> FileResponse:
    found = _find(request, attachment)
    response = FileResponse(
        default_storage.open(found.path), as_attachment=True, filename=one_line(found.name, 200) or "file"
    )
    response.headers["Content-Type"] = "application/octet-stream"
    return _still(response)


@require_safe
@csp_override(DEAD)
def picture(request: DeskRequest, attachment: int) -> HttpResponse | FileResponse:
    found = _find(request, attachment)
    if found.type not in PICTURES:
        raise Http404("not a picture that may be shown")
    response = FileResponse(default_storage.open(found.path), content_type=found.type)
    response.headers["Content-Disposition"] = "inline"
    return _still(response)


@require_safe
@csp_override(DEAD)
def sound(request: DeskRequest, attachment: int) -> HttpResponse | FileResponse:
    """Whole, or the stretch that a player asks for, without which some play nothing (RFC 9110 section 14)."""
    found = _find(request, attachment)
    if found.type not in SOUNDS:
        raise Http404("not a sound that may be played")
    stretch = _stretch(request.headers.get("Range", ""), found.size)
    if stretch is None:
        response: HttpResponse | FileResponse = FileResponse(default_storage.open(found.path), content_type=found.type)
    else:
        begin, end = stretch
        with default_storage.open(found.path) as file:
            file.seek(begin)
            response = HttpResponse(file.read(end - begin + 1), status=206, content_type=found.type)
        response.headers["Content-Range"] = f"bytes {begin}-{end}/{found.size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = "inline"
    return _still(response)


def _stretch(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None for the whole file, also where the wish makes no sense."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or size == 0:
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else None
    begin, end = int(first), min(int(last or size - 1), size - 1, int(first) + MOST_AT_ONCE - 1)
    return (begin, end) if begin <= end else None


def _still[R: HttpResponseBase](response: R) -> R:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _find(request: DeskRequest, attachment: int) -> Attachment:
    found = Attachment.objects.filter(pk=attachment, message__in=Message.objects.visible_to(request.actor)).first()
    if found is None or not default_storage.exists(found.path):
        raise Http404("no such file")
    return found
