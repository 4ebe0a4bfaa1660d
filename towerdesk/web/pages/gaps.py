"""What it could not do: like tickets together, a draft from what people sent, what it would win and break, and putting it in."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.knowledge.models import Article
from towerdesk.lib.errors import NotFound
from towerdesk.lib.text import as_number
from towerdesk.rehearsal.gaps.draft import ask_draft
from towerdesk.rehearsal.gaps.find import find_gaps
from towerdesk.rehearsal.gaps.merge import change, drop, merge, pick_up, take_back
from towerdesk.rehearsal.gaps.trial import ask_trial
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.rehearsal.tasks import defer_draft
from towerdesk.tickets.models import Intent
from towerdesk.web.pages.replays import must_see, visible_tickets
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

HERE = "/reports/gaps"
SHOWN = 50


def gaps(request: DeskRequest) -> HttpResponse:
    """The list; and by POST they are found anew."""
    must_see(request)
    if request.method == "POST":
        found, alone = find_gaps(by=request.actor)
        say(request, f"{len(found)} gaps found; {alone} more tickets are like no others.")
        return HttpResponseRedirect(HERE)
    rows = list(Gap.objects.visible_to(request.actor).filter(count__gt=0)[:SHOWN])
    names = dict(Intent.objects.values_list("slug", "name"))
    context = {
        "tab": "gaps",
        "gaps": [(gap, names.get(gap.intent, "")) for gap in rows],
        "most": max((gap.minutes for gap in rows), default=1) or 1,
        "drafts": Draft.objects.visible_to(request.actor).exclude(state="dropped")[:SHOWN],
    }
    return render(request, "web/gaps/list.html", context)


def gap(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    context = {
        "tab": "gaps",
        "gap": found,
        "tickets": visible_tickets(request, found.tickets[-SHOWN:]),
        "drafts": found.drafts.order_by("-id"),
    }
    return render(request, "web/gaps/gap.html", context)


@require_POST
def make_draft(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    made = ask_draft(found, by=request.actor)
    defer_draft(made)
    return HttpResponseRedirect(f"{HERE}/drafts/{made.pk}")


def draft(request: DeskRequest, number: int) -> HttpResponse:
    found = _find_draft(request, number)
    context: dict[str, Any] = {
        "tab": "gaps",
        "draft": found,
        "trial": found.trial,
        "articles": Article.objects.visible_to(request.actor).filter(status="published", audience="public"),
        "published": Article.objects.filter(pk=found.article_id or 0).first(),
    }
    return render(request, "web/gaps/draft.html", context)


@require_POST
def act(request: DeskRequest, number: int, does: str) -> HttpResponse:
    """`try`, `publish`, `undo`, `drop` or `reopen`; what is in the form is kept first."""
    found = _find_draft(request, number)
    here = f"{HERE}/drafts/{number}"
    if "text" in request.POST and found.state == "open":
        change(found, request.POST.get("title", found.title), request.POST["text"], by=request.actor)
    if does == "try":
        ask_trial(found, by=request.actor)
        defer_draft(found)
    elif does == "publish":
        article = merge(found, into=_article(request), by=request.actor)
        say(request, f"“{article}” is published. The worker reads it in a moment.", undo=f"{here}/undo")
    elif does == "undo":
        take_back(found, by=request.actor)
        say(request, "Taken back: readers see what they saw before, and the draft is open again.")
    elif does == "drop":
        drop(found, by=request.actor)
        say(request, "The draft is dropped.", undo=f"{here}/reopen")
    elif does == "reopen":
        pick_up(found, by=request.actor)
    else:
        raise NotFound("A draft can be tried, published, taken back or dropped.")
    return HttpResponseRedirect(here)


def _article(request: DeskRequest) -> Article | None:
    number = as_number(request.POST.get("into", ""))
    if not number:
        return None
    found = Article.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such article any more.")
    return found


def _find(request: DeskRequest, number: int) -> Gap:
    must_see(request)
    found = Gap.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("This gap is not there any more: gaps are found anew each time.")
    return found


def _find_draft(request: DeskRequest, number: int) -> Draft:
    must_see(request)
    found = Draft.objects.visible_to(request.actor).select_related("gap").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such draft.")
    return found
