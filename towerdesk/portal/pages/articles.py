"""The help centre: published public articles, found by words, read, and judged by those who came for help."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from towerdesk.events.record import record
from towerdesk.knowledge.models import Article, Chunk
from towerdesk.knowledge.show import gist, html_of, minutes
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.portal.sent import can_write
from towerdesk.portal.visitor import remember, visitor_of

MOST = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:200]
    published = Article.objects.visible_to(None).select_related("current", "collection")
    context: dict[str, Any] = {"asked": asked, "name": settings.DESK_NAME, "writes": can_write()}
    if asked:
        context["found"] = [_card(article) for article in find(asked)]
    else:
        context["shelves"] = _shelves(published.order_by("collection__position", "collection__name", "title"))
    return render(request, "portal/home.html", context)


def find(words: str) -> list[Article]:
    """Articles that hold the words, best first; when none holds them all, those that hold any."""
    from_chunks = Chunk.objects.filter(live=True, version__article__in=Article.objects.visible_to(None))
    every = " ".join(words.split())
    some = " OR ".join(word for word in words.split() if len(word) > 2)
    ranked: list[int] = []
    for query in (every, some):
        ranked = list(
            from_chunks.extra(
                where=["knowledge_chunk.search @@ towerdesk_query(%s)"],
                params=[query],
                select={"rank": "ts_rank_cd(knowledge_chunk.search, towerdesk_query(%s))"},
                select_params=[query],
            )
            .order_by("-rank")
            .values_list("version__article_id", flat=True)[: MOST * 4]
        )
        if ranked:
            break
    wanted = list(dict.fromkeys(ranked))[:MOST]
    articles = Article.objects.visible_to(None).select_related("current").in_bulk(wanted)
    return [articles[pk] for pk in wanted if pk in articles]


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found, text = _find(slug)
    visitor = visitor_of(request)
    record("article.viewed", by=_nobody(), subject=found.pk, visitor=visitor)
    context = {
        "article": found,
        "body": mark_safe(html_of(text)),  # noqa: S308 - made safe by html_of
        "name": settings.DESK_NAME,
        "thanked": request.GET.get("helped", ""),
        "minutes": minutes(text),
        "writes": can_write(),
    }
    return remember(render(request, "portal/article.html", context), visitor, secure=request.is_secure())


@require_POST
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    (found, _), helped = _find(slug), request.POST.get("helped", "")
    if helped not in ("yes", "no"):
        raise Invalid("Please choose yes or no.")
    visitor = visitor_of(request)
    with transaction.atomic():
        record("article.judged", by=_nobody(), subject=found.pk, visitor=visitor, helped=helped == "yes")
    return remember(HttpResponseRedirect(f"/help/{slug}?helped={helped}"), visitor, secure=request.is_secure())


def _find(slug: str) -> tuple[Article, str]:
    """The article and its published text."""
    found = Article.objects.visible_to(None).select_related("current", "collection").filter(slug=slug).first()
    if found is None or found.current is None:
        raise Http404("no such article")
    return found, found.current.text


def _shelves(articles: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    shelves: dict[str, list[dict[str, Any]]] = {}
    for one in articles:
        shelves.setdefault(str(one.collection or "More"), []).append(_card(one))
    return list(shelves.items())


def _card(article: Article) -> dict[str, Any]:
    text = article.current.text if article.current else ""
    return {"slug": article.slug, "title": article.title, "gist": gist(text), "minutes": minutes(text)}


def _nobody() -> Actor:
    return Actor("customer", None, "A visitor")
