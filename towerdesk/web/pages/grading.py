"""The grading queue: one decision after the other, by keys; blind to its score, its fate and what others said of it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from towerdesk.assistant.grade import REASONS, audit, cannot_tell, grade_again, take_back_grade
from towerdesk.assistant.models import Grade, Run
from towerdesk.assistant.queue import agreement, audits, graded_today, next_to_grade, waiting
from towerdesk.lib.errors import Conflict, Invalid, NotFound
from towerdesk.lib.text import as_number
from towerdesk.web import evidence
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST_SECONDS = 300.0
"""Who looks longer than this has gone to fetch coffee: it says nothing of how long a grade takes."""


@require_safe
def grading(request: DeskRequest) -> HttpResponse:
    intent = request.GET.get("intent", "")
    now = next_to_grade(request.actor, intent)
    after = next_to_grade(request.actor, intent, besides=[now.pk]) if now else None
    left = waiting(request.actor)
    left = left.filter(intent__slug=intent) if intent else left
    done, seconds = graded_today(request.actor)
    context = _cards(now, after, intent) | {
        "left": left.count(),
        "audits": audits(left).count(),
        "done": done,
        "seconds": seconds,
        "agreement": agreement(),
        "undo": request.GET.get("undo", ""),
    }
    return render(request, "web/grading/page.html", context)


@require_POST
def give(request: DeskRequest, run: int) -> HttpResponse:
    """With the next one on screen already (`ahead`), the answer is the one after that; else the page goes on by itself."""
    found, says = _find(request, run), request.POST.get("says", "")
    try:
        _grade(request, found, says)
    except Conflict as conflict:
        say(request, str(conflict))
    intent, ahead = request.POST.get("intent", ""), request.POST.get("ahead", "")
    if not ahead:
        return HttpResponseRedirect(f"/grade?undo={run}{f'&intent={intent}' if intent else ''}")
    besides = [run, as_number(ahead)] if as_number(ahead) else [run]
    after = next_to_grade(request.actor, intent, besides=besides)
    return render(request, "web/grading/card.html", _card(after, intent) | {"before": ahead})


@require_POST
def undo(request: DeskRequest, run: int) -> HttpResponse:
    take_back_grade(_find(request, run), by=request.actor)
    say(request, "Taken back. It waits for a grade again.")
    return HttpResponseRedirect("/grade")


def _grade(request: DeskRequest, run: Run, says: str) -> None:
    reason = says if says in REASONS else ""
    if says not in ("right", "wrong", "unsure", *REASONS):
        raise Invalid("Say right, wrong or that you can't tell.")
    if says == "unsure":
        cannot_tell(run, by=request.actor)
    elif Grade.objects.filter(run=run).exclude(by_id=request.actor.user_id).exists():
        grade_again(run, says == "right", by=request.actor)
    else:
        audit(run, says == "right", by=request.actor, reason=reason, seconds=_seconds(request))


def _seconds(request: DeskRequest) -> float | None:
    given = request.POST.get("seconds", "")
    try:
        seconds = float(given)
    except ValueError:
        return None
    return seconds if 0 < seconds <= MOST_SECONDS else None


def _cards(now: Run | None, after: Run | None, intent: str) -> dict[str, object]:
    return {"now": _card(now, intent), "after": _card(after, intent), "intent": intent}


def _card(run: Run | None, intent: str) -> dict[str, object]:
    reasons = [(str(digit), key, words) for digit, (key, words) in enumerate(REASONS.items(), 1)]
    return {"run": run, "sources": evidence.sources(run) if run else [], "reasons": reasons, "intent": intent}


def _find(request: DeskRequest, number: int) -> Run:
    request.actor.must("assistant.grade")
    found = Run.objects.visible_to(request.actor).select_related("intent", "ticket").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such decision to grade.")
    return found
