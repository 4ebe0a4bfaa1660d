"""Collection, Article, Version, Chunk."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now


class Collection(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, actor: Actor | None) -> Self:
        """None and customers are the public: published public articles only."""
        if actor is None or actor.kind == "customer":
            return self.filter(audience="public", status="published")
        return self if actor.can("article.read") else self.none()


class Article(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    audience = models.CharField(max_length=10, default="public")  # public, internal
    status = models.CharField(max_length=10, default="draft")  # draft, published, retired
    product_area = models.CharField(max_length=60, blank=True)
    current = models.ForeignKey("Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One text of an article, never changed afterwards: citations point into it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()  # Markdown
    author_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)
    title_vector = models.BinaryField(null=True)  # float16[384]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Chunk(models.Model):
    """A passage of a version with its vectors: `vector` is float16[384]; `sentences` are spans with float16 vectors."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="chunks")
    position = models.IntegerField()
    heading = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    start = models.IntegerField()  # characters into version.text
    end = models.IntegerField()
    live = models.BooleanField(default=False)  # belongs to the published version of its article
    model = models.CharField(max_length=64, blank=True)  # fingerprint of the embedder
    vector = models.BinaryField(null=True)
    sentences: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [[start, end], …] into version.text
    sentence_vectors = models.BinaryField(null=True)  # float16[len(sentences), 384]
    search = models.GeneratedField(
        expression=Func(
            models.F("heading"), models.F("text"), function="towerdesk_search", output_field=SearchVectorField()
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["version", "position"], name="chunk_of_version"),
            GinIndex(fields=["search"], condition=Q(live=True), name="chunk_search"),
        ]

    def __str__(self) -> str:
        return f"{self.version} §{self.position}"
