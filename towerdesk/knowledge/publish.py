"""Put an article's newest version before its readers, or take the article away from them."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.knowledge.chunk import chunks
from towerdesk.knowledge.models import Article, Chunk
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid


def publish(article: Article, *, by: Actor) -> None:
    """Words are searchable at once; the assistant's vectors follow in the worker."""
    by.must("article.write")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        version = article.versions.order_by("-number").first()
        if version is None:
            raise Invalid("There is nothing to publish yet: write the article first.")
        if article.status == "published" and article.current_id == version.pk:
            return
        _replace_chunks(article)
        Chunk.objects.bulk_create(
            Chunk(
                version=version,
                position=position,
                heading=". ".join((chunk.title, *chunk.path))[:400],
                text=chunk.text,
                start=chunk.start,
                end=chunk.end,
                live=True,
                sentences=[list(span) for span in spans(version.text, chunk.start, chunk.end)],
            )
            for position, chunk in enumerate(chunks(version.text, article.title))
        )
        version.published_at = now()
        version.save(update_fields=["published_at"])
        article.status, article.current, article.updated_at = "published", version, now()
        article.save(update_fields=["status", "current", "updated_at"])
        record("article.published", by=by, subject=article.pk, title=article.title)


def retire(article: Article, *, by: Actor) -> None:
    by.must("article.write")
    with transaction.atomic():
        _replace_chunks(article)
        article.status, article.updated_at = "retired", now()
        article.save(update_fields=["status", "updated_at"])
        record("article.retired", by=by, subject=article.pk, title=article.title)


def _replace_chunks(article: Article) -> None:
    """Old passages stay, for receipts point at them; they are no longer found."""
    Chunk.objects.filter(version__article=article, live=True).update(live=False)
