"""Licences: how far the assistant may go on each intent, and the graded work that proves it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.assistant.grade import audit
from towerdesk.assistant.level import set_level
from towerdesk.assistant.models import Run
from towerdesk.lib.errors import NotFound
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS
from towerdesk.web.proofs import figures, proofs
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SHOWN = 25


def licences(request: DeskRequest) -> HttpResponse:
    found = proofs()
    next_to_grade = max(found, key=lambda proof: proof.ungraded, default=None)
    context = {"proofs": found, "figures": figures(found), "levels": LEVELS, "grade_next": next_to_grade}
    return render(request, "web/licences/page.html", context)


def intent(request: DeskRequest, slug: str) -> HttpResponse:
    """One intent: its proof, and the decisions that still want a grade."""
    found = _find(slug)
    runs = (
        Run.objects.visible_to(request.actor).filter(intent=found).exclude(reply="").select_related("ticket", "message")
    )
    context = {
        "proof": next((proof for proof in proofs() if proof.intent.pk == found.pk), None),
        "waiting": runs.filter(grade=None).exclude(state="open").order_by("-id")[:SHOWN],
        "graded": runs.exclude(grade=None).select_related("ticket", "message", "grade").order_by("-id")[:SHOWN],
        "levels": LEVELS,
    }
    return render(request, "web/licences/intent.html", context)


@require_POST
def level(request: DeskRequest, slug: str) -> HttpResponse:
    found = _find(slug)
    set_level(found, request.POST.get("level", ""), by=request.actor)
    say(request, f"{found}: {found.get_level_display()}. Without a licence it goes no further than suggesting.")
    return HttpResponseRedirect(f"/licences/{slug}")


@require_POST
def grade(request: DeskRequest, run: int) -> HttpResponse:
    """Would this reply, sent as it stood, have been right?"""
    found = Run.objects.visible_to(request.actor).select_related("intent", "ticket").filter(pk=run).first()
    if found is None or found.intent is None:
        raise NotFound("There is no such suggestion to grade.")
    audit(found, request.POST.get("right") == "yes", by=request.actor, note=request.POST.get("note", ""))
    say(request, "Graded. Thank you.")
    return HttpResponseRedirect(f"/licences/{found.intent.slug}")


def _find(slug: str) -> Intent:
    found = Intent.objects.select_related("team").filter(slug=slug, active=True).first()
    if found is None:
        raise NotFound("There is no such intent.")
    return found
