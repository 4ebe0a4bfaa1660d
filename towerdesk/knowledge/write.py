"""Write an article: each save is a new version; nothing the public sees changes until it is published."""

import re

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from towerdesk.knowledge.models import Article, Collection, Version
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, storable

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")

AUDIENCES = ("public", "internal")
MOST_CHARACTERS = 200_000


def write(
    article: Article | None,
    title: str,
    text: str,
    *,
    collection: Collection | None = None,
    audience: str = "public",
    language: str = "en",
    product_area: str = "",
    slug: str = "",
    by: Actor,
) -> Article:
    """`text` is Markdown. Returns the article with its newest version as `article.newest`."""
    by.must("article.write")
    title, text = one_line(storable(title), 200), storable(text)
    if not LANGUAGE.fullmatch(language):
        raise Invalid(f"“{one_line(language, 20)}” is no language: write a code such as en or pt-BR.")
    _must_be_complete(title, text, audience)
    with transaction.atomic():
        if article is None:
            article = Article(slug=_free_slug(slug or slugify(title) or "article"), title=title)
        article.title, article.audience, article.language = title, audience, language
        article.collection, article.product_area, article.updated_at = collection, product_area, now()
        article.save()
        last = article.versions.aggregate(last=Max("number"))["last"] or 0
        Version.objects.create(
            article=article, number=last + 1, title=title, text=text, author_name=by.name, created_at=now()
        )
    return article


def _must_be_complete(title: str, text: str, audience: str) -> None:
    if not title:
        raise Invalid("The article has no title: give it one that a customer would search for.", {"title": "Missing."})
    if not text.strip():
        raise Invalid("The article has no text: write something first.", {"text": "Missing."})
    if len(text) > MOST_CHARACTERS:
        raise Invalid(f"The article is longer than {MOST_CHARACTERS:,} characters: split it.", {"text": "Too long."})
    if audience not in AUDIENCES:
        raise Invalid("An article is either public or internal.", {"audience": "Choose one."})


def _free_slug(wanted: str) -> str:
    slug, count = wanted[:110], 1
    while Article.objects.filter(slug=slug).exists():
        count += 1
        slug = f"{wanted[:110]}-{count}"
    return slug
