"""What hangs on messages: always a download, never active; only raster pictures may show inside a page of ours."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Attachment, Message
from towerdesk.web.request import DeskRequest
from towerdesk.web.sheets import PICTURES

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


def _still(response: FileResponse) -> FileResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _find(request: DeskRequest, attachment: int) -> Attachment:
    found = Attachment.objects.filter(pk=attachment, message__in=Message.objects.visible_to(request.actor)).first()
    if found is None or not default_storage.exists(found.path):
        raise Http404("no such file")
    return found
