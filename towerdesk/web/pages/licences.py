"""Licences: how far the assistant may go on each intent, the graded work that proves it, and what became of each."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.assistant.calibration import calibration
from towerdesk.assistant.evidence import audits_of, grades_of, pieces_of, settled
from towerdesk.assistant.level import set_level
from towerdesk.assistant.models import Grade, Licence, Proving, Run
from towerdesk.assistant.policy import ALPHA, DELTA, own_licence, valid_licence
from towerdesk.assistant.suspend import take_back
from towerdesk.assistant.terms import SHARES, set_terms, terms
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS
from towerdesk.web.lives import Path, audit_path, dots, in_words, proof_path
from towerdesk.web.proofs import both, figures
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

NO_INTENT = "There is no such intent."
SHOWN = 25
MOST_GRADES = 2_000
"""Of the newest, that calibration is drawn from."""


def licences(request: DeskRequest) -> HttpResponse:
    found, acting = both(request.actor)
    pooled = Licence.objects.filter(intent=None, ended_at=None).prefetch_related("members").order_by("kind", "risk")
    held = terms()
    context = {
        "proofs": found,
        "acting": acting,
        "figures": figures(found),
        "levels": LEVELS,
        "pools": [(licence, in_words(licence)) for licence in pooled],
        "terms": [(name, words, round(getattr(held, name) * 100)) for name, words in SHARES.items()],
    }
    return render(request, "web/licences/page.html", context)


def intent(request: DeskRequest, slug: str) -> HttpResponse:
    """One intent: its licence in a sentence, its life in pictures, and the decisions that were graded lately."""
    answers, deeds = both()
    proof = next((one for one in answers if one.intent.slug == slug), None)
    if proof is None:
        raise NotFound(NO_INTENT)
    found = proof.intent
    lives = list(Licence.objects.filter(intent=found).order_by("-pk")[:SHOWN])
    own = next((one for one in lives if one.ended_at is None and one.kind == "answer"), None)
    pool = None if own else Licence.objects.filter(intent=None, members=found, ended_at=None, kind="answer").first()
    licence = own or (pool if pool and pool.lets_out(found.pk) else None)
    acts = next((one for one in lives if one.ended_at is None and one.kind == "action"), None)
    runs = Run.objects.visible_to(request.actor).filter(intent=found).exclude(reply="")
    graded = Grade.objects.filter(intent=found, run__kind="answer").order_by("-pk")
    seen = calibration(list(graded.values_list("score", "right")[:MOST_GRADES]))
    context = {
        "proof": proof,
        "by_procedure": next((one for one in deeds if one.intent.pk == found.pk), None),
        "licence": licence,
        "words": in_words(licence) if licence else "",
        "acting": acts,
        "acting_words": in_words(acts) if acts else "",
        "left_out": pool.left_out.get(str(found.pk), "") if pool else "",
        "path": _proof_of(found, licence),
        "audits": audit_path([wrong for _, _, wrong in audits_of(licence)], licence.alpha) if licence else None,
        "calibration": seen,
        "dots": dots(seen) if seen else [],
        "lives": lives,
        "graded": runs.exclude(grade=None).select_related("ticket", "grade").order_by("-id")[:SHOWN],
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
def suspend(request: DeskRequest, slug: str) -> HttpResponse:
    found = _find(slug)
    licence = own_licence(found) or valid_licence(found)
    if licence is None:
        raise NotFound("There is no licence to take back.")
    stopped = take_back(licence, request.POST.get("why", ""), by=request.actor)
    say(request, f"Taken back. {found} is only suggested from now on; {stopped} answers in their pause were stopped.")
    return HttpResponseRedirect(f"/licences/{slug}")


@require_POST
def shares(request: DeskRequest) -> HttpResponse:
    try:
        given = {name: float(request.POST[name]) / 100 for name in SHARES if name in request.POST}
    except ValueError:
        raise Invalid("A share is a number of percent, such as 10.") from None
    set_terms(by=request.actor, **given)
    say(request, "Kept. It holds for what comes in from now on.")
    return HttpResponseRedirect("/licences#shares")


def _proof_of(intent: Intent, licence: Licence | None) -> Path | None:
    """At the licence's threshold, or at the most lenient one while there is none."""
    proving = (
        licence.proving if licence else Proving.objects.filter(intent=intent, kind="answer", ended_at=None).first()
    )
    if proving is None or not proving.thresholds:
        return None
    members = list(proving.members.values_list("pk", flat=True))
    threshold = licence.threshold if licence else min(proving.thresholds)
    grades = grades_of(settled(pieces_of(proving, members)))
    return proof_path(grades, threshold, ALPHA[intent.risk], DELTA)


def _find(slug: str) -> Intent:
    found = Intent.objects.select_related("team").filter(slug=slug, active=True).first()
    if found is None:
        raise NotFound(NO_INTENT)
    return found
