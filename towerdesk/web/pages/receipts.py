"""One decision of the assistant, sealed: what it read, what it rested on, what it was allowed, and whether the seal holds."""

import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.assistant.models import Receipt, Run
from towerdesk.assistant.receipts import link
from towerdesk.lib.errors import NotFound
from towerdesk.web import evidence
from towerdesk.web.request import DeskRequest
from towerdesk.web.traces import DID, trace


@require_safe
def receipt(request: DeskRequest, run: int) -> HttpResponse:
    found = _find(request, run)
    sealed: Receipt | None = getattr(found, "receipt", None)
    context = {
        "run": found,
        "ticket": found.ticket,
        "did": DID.get(found.outcome, "was still reading"),
        "trace": trace(found),
        "paragraphs": evidence.paragraphs(found),
        "sources": evidence.sources(found),
        "parts": evidence.parts(found),
        "note": evidence.licence_note(found, found.licence),
        "receipt": sealed,
        "holds": bool(sealed and sealed.chain == link(sealed.previous, sealed.body)),
        "rejected": sealed.body.get("rejected", []) if sealed else [],
        "raw": json.dumps(sealed.body, indent=2, ensure_ascii=False) if sealed else "",
        "grade": getattr(found, "grade", None),
    }
    return render(request, "web/receipt/page.html", context)


@require_safe
def raw(request: DeskRequest, run: int) -> JsonResponse:
    sealed: Receipt | None = getattr(_find(request, run), "receipt", None)
    if sealed is None:
        raise NotFound("This decision has no receipt yet: it is still being made.")
    body = {"body": sealed.body, "previous": sealed.previous, "chain": sealed.chain, "at": sealed.at.isoformat()}
    return JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _find(request: DeskRequest, run: int) -> Run:
    visible = Run.objects.visible_to(request.actor)
    found = visible.select_related("receipt", "grade", "ticket", "intent", "licence__intent").filter(pk=run).first()
    if found is None:
        raise NotFound("There is no such receipt, or none that you may read.")
    return found
