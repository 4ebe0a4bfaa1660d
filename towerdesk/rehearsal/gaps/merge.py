"""Put a draft before its readers by the verbs that articles have, take that back, or drop it. A person decides."""

from typing import Any

from django.db import transaction

from towerdesk.knowledge.models import Article
from towerdesk.knowledge.publish import publish, retire
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.lib.text import storable
from towerdesk.rehearsal.models import Draft

RIGHTS = {"article": "article.write", "procedure": "procedure.change"}
WORDS = {"merged": "published", "making": "being made", "trying": "being tried"}


def change(draft: Draft, title: str, text: str, tests: str = "", *, by: Actor) -> None:
    """Other words; what was tried with the old ones says nothing any more."""
    by.must(RIGHTS[draft.kind])
    _must_be(draft, "open")
    text, tests = (storable(given).replace("\r\n", "\n") for given in (text, tests))
    if (title, text, tests) != (draft.title, draft.text, draft.tests):
        draft.title, draft.text, draft.tests, draft.trial = title.strip()[:200], text, tests, {}
        draft.save(update_fields=["title", "text", "tests", "trial"])


def merge(draft: Draft, *, into: Article | None = None, by: Actor) -> Article:
    """Publish it as an article, or at the end of one there is. What rests on a changed article loses its licence by itself."""
    by.must("article.write")
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        _must_be(held, "open")
        if into is None:
            article = write(None, held.title, held.text, by=by)
        else:
            into = Article.objects.select_for_update().get(pk=into.pk)
            held.before_id, newest = into.current_id, into.versions.order_by("-number").first()
            text = f"{newest.text.rstrip() if newest else ''}\n\n## {held.title}\n\n{held.text}\n"
            article = write(into, into.title, text, **_as_it_is(into), by=by)
        publish(article, by=by)
        held.state, held.article_id, held.settled_at = "merged", article.pk, now()
        held.save()
    draft.refresh_from_db()
    return article


def take_back(draft: Draft, *, by: Actor) -> None:
    """A new article is retired, one that was added to says again what it said before; the draft is open again."""
    by.must("article.write")
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        _must_be(held, "merged")
        article = Article.objects.filter(pk=held.article_id or 0).first()
        if article is not None and held.before_id is None:
            retire(article, by=by)
        elif article is not None:
            before = article.versions.get(pk=held.before_id or 0)
            write(article, before.title, before.text, **_as_it_is(article), by=by)
            publish(article, by=by)
        held.state, held.article_id, held.before_id, held.settled_at = "open", None, None, None
        held.save()
    draft.refresh_from_db()


def drop(draft: Draft, *, by: Actor) -> None:
    by.must(RIGHTS[draft.kind])
    _must_be(draft, "open")
    draft.state, draft.settled_at = "dropped", now()
    draft.save(update_fields=["state", "settled_at"])


def pick_up(draft: Draft, *, by: Actor) -> None:
    """A dropped one is open again."""
    by.must(RIGHTS[draft.kind])
    _must_be(draft, "dropped")
    draft.state, draft.settled_at = "open", None
    draft.save(update_fields=["state", "settled_at"])


def _as_it_is(article: Article) -> dict[str, Any]:
    return {
        "collection": article.collection,
        "audience": article.audience,
        "language": article.language,
        "product_area": article.product_area,
    }


def _must_be(draft: Draft, state: str) -> None:
    if draft.state != state:
        raise Conflict(f"This draft is {WORDS.get(draft.state, draft.state)} by now: look at it again.")
