"""The set-up as a file: take it home, look what another one would change, put it in."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.setup.bring_in import bring_in, preview
from towerdesk.setup.compare import Diff
from towerdesk.setup.export import export_text
from towerdesk.setup.registry import SECTIONS
from towerdesk.setup.say import lacking, lines
from towerdesk.setup.tree import Tree, read_text
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST_BYTES = 1_000_000


def config(request: DeskRequest) -> HttpResponse:
    return _page(request)


def download(request: DeskRequest) -> HttpResponse:
    answer = HttpResponse(export_text(by=request.actor), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="towerdesk.yaml"'
    return answer


@require_POST
def look(request: DeskRequest) -> HttpResponse:
    """What the uploaded file would change; nothing is changed yet."""
    try:
        text = _uploaded(request)
        found = preview(_tree(request, text), prune=_prunes(request), by=request.actor)
    except Trouble as trouble:
        return _page(request, trouble=trouble)
    return _page(request, text=text, diff=found, lines=lines(found), prune=_prunes(request))


@require_POST
def apply(request: DeskRequest) -> HttpResponse:
    """Exactly what was looked at, or a word that it is another thing by now."""
    text = request.POST.get("text", "")
    try:
        tree, seen = _tree(request, text), request.POST.get("seen", "")
        if not seen:
            raise Invalid("Look at the differences first, then put them in.")
        done = bring_in(tree, prune=_prunes(request), seen=seen, by=request.actor)
    except Trouble as trouble:
        return _page(request, trouble=trouble)
    say(request, _told(done))
    return HttpResponseRedirect("/settings/config")


def _page(request: DeskRequest, *, trouble: Trouble | None = None, **shown: Any) -> HttpResponse:
    request.actor.must("config.read")
    context = {"tab": "config", "sections": [section.name for section in SECTIONS], "trouble": trouble, **shown}
    return render(request, "web/settings/config.html", context, status=trouble.status if trouble else 200)


def _uploaded(request: DeskRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a .yaml file first.")
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("The file is larger than 1 MB: use “towerdesk config import” for it.")
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{file.name} can't be read as UTF-8 text: save it as UTF-8.") from None


def _tree(request: DeskRequest, text: str) -> Tree:
    file = request.FILES.get("file")
    return read_text(text, str(file.name) if file and file.name else "the file")


def _prunes(request: DeskRequest) -> bool:
    return "prune" in request.POST


def _told(done: Diff) -> str:
    count = len(done.differences)
    put = f"{count} change{'' if count == 1 else 's'} put in." if count else "Nothing differed."
    return f"{put} {lacking(done).removeprefix('! ')}" if done.lacking else put
