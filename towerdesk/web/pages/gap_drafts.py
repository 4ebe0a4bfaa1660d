"""One draft for a gap, of an article or of a procedure: change it, try it on the past, put it in, take it back."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.knowledge.models import Article
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.rehearsal.gaps.merge import change, drop, merge, pick_up, take_back
from towerdesk.rehearsal.gaps.procedures.merge import put_in, take_out
from towerdesk.rehearsal.gaps.procedures.price import prices
from towerdesk.rehearsal.gaps.trial import ask_trial
from towerdesk.rehearsal.models import Draft
from towerdesk.rehearsal.tasks import defer_draft
from towerdesk.web.pages.gaps import HERE
from towerdesk.web.pages.replays import must_see
from towerdesk.web.procedure_looks import differences, look
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

NOT_LOOKED_AT = ("making", "failed")


def draft(request: DeskRequest, number: int) -> HttpResponse:
    return _page(request, _find(request, number))


@require_POST
def act(request: DeskRequest, number: int, does: str) -> HttpResponse:
    """`try`, `publish`, `undo`, `drop` or `reopen`; what is in the form is kept first."""
    found = _find(request, number)
    if "text" in request.POST and found.state == "open":
        title, text, tests = (request.POST.get(name, "") for name in ("title", "text", "tests"))
        change(found, title or found.title, text, tests, by=request.actor)
    if does not in DOES:
        raise NotFound("A draft can be tried, published, taken back or dropped.")
    try:
        DOES[does](request, found)
    except Trouble as trouble:
        if found.kind == "article":
            raise
        return _page(request, found, trouble)
    return HttpResponseRedirect(f"{HERE}/drafts/{number}")


def _page(request: DeskRequest, found: Draft, trouble: Trouble | None = None) -> HttpResponse:
    context: dict[str, Any] = {"tab": "gaps", "draft": found, "trial": found.trial, "trouble": trouble}
    context |= _of_article(request, found) if found.kind == "article" else _of_procedure(found)
    page = "draft" if found.kind == "article" else "change"
    return render(request, f"web/gaps/{page}.html", context, status=trouble.status if trouble else 200)


def _of_article(request: DeskRequest, found: Draft) -> dict[str, Any]:
    return {
        "articles": Article.objects.visible_to(request.actor).filter(status="published", audience="public"),
        "published": Article.objects.filter(pk=found.article_id or 0).first(),
    }


def _of_procedure(found: Draft) -> dict[str, Any]:
    if found.state in NOT_LOOKED_AT:
        return {}
    now = found.procedure.current if found.procedure and found.state != "merged" else None
    was = (now.text, now.tests) if now else ("", "")
    lines = [*differences(was[0], found.text, "text"), *differences(was[1], found.tests, "tests")] if now else []
    return {
        "lines": lines,
        "was": now,
        "prices": prices(found),
        "examples": _examples(found.trial),
        **look(found.text, found.tests),
    }


def _examples(trial: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    told = trial.get("examples", {})
    named = (("It would win", "wins"), ("It would break", "breaks"), ("It would not win", "others"))
    return [(title, told[name]) for title, name in named if told.get(name)]


def _try(request: DeskRequest, found: Draft) -> None:
    ask_trial(found, by=request.actor)
    defer_draft(found)


def _publish(request: DeskRequest, found: Draft) -> None:
    undo = f"{HERE}/drafts/{found.pk}/undo"
    if found.kind == "article":
        article = merge(found, into=_article(request), by=request.actor)
        say(request, f"“{article}” is published. The worker reads it in a moment.", undo=undo)
    else:
        procedure = put_in(found, by=request.actor)
        say(request, f"{procedure.current} is published. Its licences to act are earned again.", undo=undo)


def _undo(request: DeskRequest, found: Draft) -> None:
    if found.kind == "article":
        take_back(found, by=request.actor)
        say(request, "Taken back: readers see what they saw before, and the draft is open again.")
    else:
        procedure = take_out(found, by=request.actor)
        by_what = (
            f"{procedure.current} says what it said before" if procedure.status == "published" else "It is retired"
        )
        say(request, f"Taken back: {by_what}, and the draft is open again.")


def _drop(request: DeskRequest, found: Draft) -> None:
    drop(found, by=request.actor)
    say(request, "The draft is dropped.", undo=f"{HERE}/drafts/{found.pk}/reopen")


def _reopen(request: DeskRequest, found: Draft) -> None:
    pick_up(found, by=request.actor)


DOES = {"try": _try, "publish": _publish, "undo": _undo, "drop": _drop, "reopen": _reopen}


def _article(request: DeskRequest) -> Article | None:
    number = as_number(request.POST.get("into", ""))
    if not number:
        return None
    found = Article.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such article any more.")
    return found


def _find(request: DeskRequest, number: int) -> Draft:
    must_see(request)
    related = Draft.objects.visible_to(request.actor).select_related("gap", "procedure__current__procedure")
    found = related.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such draft.")
    return found
