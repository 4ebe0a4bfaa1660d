"""Articles: what the assistant and the customers rest on. Read, write with a preview, publish, retire."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from towerdesk.assistant.disagree import disagreements, settle_contradiction
from towerdesk.assistant.models import Claim, Contradiction
from towerdesk.knowledge.models import Article, Collection, Version
from towerdesk.knowledge.publish import publish, retire
from towerdesk.knowledge.show import html_of
from towerdesk.knowledge.write import write
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "français"),
    ("es", "español"),
    ("it", "italiano"),
    ("nl", "Nederlands"),
]
AUDIENCES = [("public", "everybody"), ("internal", "only us")]


def articles(request: DeskRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    found = Article.objects.visible_to(request.actor).select_related("collection", "current")
    if asked:
        found = found.filter(title__icontains=asked)
    rows = found.defer("current__text").order_by("collection__position", "collection__name", "title")
    disagree = [] if asked else disagreements(request.actor)
    return render(request, "web/articles/list.html", {"articles": rows, "asked": asked, "disagree": disagree})


def article(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    newest = found.versions.order_by("-number").first()
    shown = found.current or newest
    context = {
        "article": found,
        "version": shown,
        "newest": newest,
        "unpublished": newest is not None and found.current_id != newest.pk,
        "body": _html(shown.text) if shown else "",
        "told": Claim.objects.visible_to(request.actor)
        .told()
        .filter(version__article=found)
        .values("ticket__requester")
        .distinct()
        .count(),
        "versions": found.versions.defer("text").order_by("-number")[:8],
    }
    return render(request, "web/articles/article.html", context)


@require_POST
def settle(request: DeskRequest, number: int) -> HttpResponse:
    """Both are true, and a person says why."""
    found = Contradiction.objects.filter(pk=number).select_related("one", "other").first()
    if found is None:
        raise NotFound("This has gone by itself: one of the two articles was changed.")
    settle_contradiction(found, request.POST.get("why", ""), by=request.actor)
    say(request, "Settled. What rests on these sentences may be answered alone again.")
    return HttpResponseRedirect("/articles")


def edit(request: DeskRequest, number: int = 0) -> HttpResponse:
    """Write a new article or the next version of one; nothing the public sees changes before it is published."""
    request.actor.must("article.write")
    found = _find(request, number) if number else None
    if request.method != "POST":
        newest = found.versions.order_by("-number").first() if found else None
        return _form(request, found, _values(found, newest))
    given = {name: request.POST.get(name, "") for name in ("title", "text", "audience", "language", "collection")}
    try:
        saved = _save(request, found, given)
    except Trouble as trouble:
        return _form(request, found, given, trouble)
    return HttpResponseRedirect(f"/articles/{saved.pk}")


def _save(request: DeskRequest, article: Article | None, given: dict[str, str]) -> Article:
    collection = Collection.objects.filter(slug=given["collection"]).first()
    saved = write(
        article,
        given["title"],
        given["text"],
        collection=collection,
        audience=given["audience"] or "public",
        language=given["language"] or "en",
        product_area=article.product_area if article else "",
        by=request.actor,
    )
    if "publish" in request.POST:
        publish(saved, by=request.actor)
        say(request, f"“{saved.title}” is published.")
    else:
        say(request, "Saved as a draft. Readers still see what was there before.")
    return saved


@require_POST
def put_out(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    publish(found, by=request.actor)
    say(request, f"“{found.title}” is published.")
    return HttpResponseRedirect(f"/articles/{number}")


@require_POST
def take_away(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    retire(found, by=request.actor)
    say(request, f"“{found.title}” is retired: nobody finds it any more.", undo=f"/articles/{number}/publish")
    return HttpResponseRedirect(f"/articles/{number}")


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    return HttpResponse(_html(request.POST.get("text", "")[:200_000]))


def _form(
    request: DeskRequest, article: Article | None, values: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    context = {
        "article": article,
        "values": values,
        "body": _html(values["text"]),
        "collections": [(each.slug, each.name) for each in Collection.objects.all()],
        "audiences": AUDIENCES,
        "languages": LANGUAGES,
        "trouble": trouble,
    }
    return render(request, "web/articles/edit.html", context, status=trouble.status if trouble else 200)


def _values(article: Article | None, newest: Version | None) -> dict[str, Any]:
    if article is None:
        return {"title": "", "text": "", "audience": "public", "language": "en", "collection": ""}
    return {
        "title": newest.title if newest else article.title,
        "text": newest.text if newest else "",
        "audience": article.audience,
        "language": article.language,
        "collection": article.collection.slug if article.collection else "",
    }


def _html(text: str) -> SafeString:
    return mark_safe(html_of(text))  # noqa: S308 - made safe by html_of


def _find(request: DeskRequest, number: int) -> Article:
    visible = Article.objects.visible_to(request.actor).select_related("collection", "current")
    found = visible.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such article, or none that you may read.")
    return found
