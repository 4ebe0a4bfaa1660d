"""Search, articles, the vocabulary of actions, and who one is."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from towerdesk.actions.vocabulary import schema
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Filter, Limit, not_nul
from towerdesk.api.v1.shapes import (
    ArticleOut,
    ArticlesOut,
    FormOut,
    HitsOut,
    MeOut,
)
from towerdesk.api.v1.show import form_out, hit_out
from towerdesk.knowledge.models import Article
from towerdesk.knowledge.search import search_articles
from towerdesk.lib.pages import page_of
from towerdesk.tickets.models import Form
from towerdesk.tickets.search import search

router = Router(tags=["more"])


@router.get("/search", response=HitsOut)
def find(request: HttpRequest, q: Filter, cursor: Cursor = None, limit: Limit = 50) -> HitsOut:
    """Search messages; words and conditions go together. The newest match comes first."""
    page = search(q, asker(request), after=not_nul(cursor), limit=limit)
    return HitsOut(items=[hit_out(hit) for hit in page.items], next=page.next)


@router.get("/articles", response=ArticlesOut)
def articles(
    request: HttpRequest, q: Annotated[str, Query(max_length=500)] = "", cursor: Cursor = None, limit: Limit = 50
) -> ArticlesOut:
    """With words in `q` the best published matches on one page; without, every article."""
    asker(request).must("article.read")
    if q.strip():
        found = search_articles(not_nul(q) or "", asker(request), limit=limit)
        return ArticlesOut(items=[_article(one) for one in found.select_related("current")], next=None)
    every = Article.objects.visible_to(asker(request)).select_related("current")
    page = page_of(every, "id", after=not_nul(cursor), limit=limit, of="articles")
    return ArticlesOut(items=[_article(one) for one in page.items], next=page.next)


@router.get("/forms", response=list[FormOut])
def forms(request: HttpRequest) -> list[FormOut]:
    """The forms that `POST /tickets` takes, and what each asks."""
    asker(request).must("ticket.open")
    return [form_out(form) for form in Form.objects.filter(retired_at=None)]


@router.get("/actions", response=dict[str, Any])
def actions(request: HttpRequest) -> dict[str, Any]:
    """The JSON schema of every action, with the permission it needs and what it affects."""
    return schema()


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> MeOut:
    """Who this key is and what it may do."""
    by = asker(request)
    return MeOut(kind=by.kind, id=by.id, name=by.name, permissions=sorted(by.permissions), teams=sorted(by.teams))


def _article(article: Article) -> ArticleOut:
    return ArticleOut(
        id=article.pk,
        slug=article.slug,
        title=article.title,
        language=article.language,
        audience=article.audience,
        status=article.status,
        text=article.current.text if article.current else "",
        updated_at=article.updated_at,
    )
