"""Who was told what an article says, and a correction to all of them when it was wrong."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.actions.bulk import preview_bulk
from towerdesk.assistant.models import Recall
from towerdesk.assistant.recall import draft, recall, sentences_told, to_correct
from towerdesk.automation.macros import read_filled
from towerdesk.knowledge.models import Article, Version
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.tickets.models import Ticket
from towerdesk.web.request import DeskRequest

SHOWN = 25


def told(request: DeskRequest, number: int) -> HttpResponse:
    """GET: what was told, and to whom. POST: the correction, first as it would read, then for good."""
    article = _article(request, number)
    given = request.POST if request.method == "POST" else request.GET
    version, starts = _chosen(article, given.get("version", ""), given.getlist("s"))
    context: dict[str, Any] = {"article": article, "version": version, "starts": starts, "trouble": None}
    try:
        if request.method == "POST" and version and "do" in given:
            made = recall(version, starts, given.get("text", ""), by=request.actor)
            return HttpResponseRedirect(f"/bulk/{made.bulk_id}")
        if version:
            context |= _correction(request, version, starts, given.get("text", ""))
    except Trouble as trouble:
        context["trouble"] = trouble
        context |= {"text": given.get("text", "")}
    context |= {
        "sentences": sentences_told(article, request.actor),
        "recalls": Recall.objects.filter(version__article=article).select_related("version", "bulk")[:SHOWN],
    }
    status = context["trouble"].status if context["trouble"] else 200
    return render(request, "web/articles/told.html", context, status=status)


def _correction(request: DeskRequest, version: Version, starts: list[int], text: str) -> dict[str, Any]:
    """Who is to be told; with a text, how it reads on each of their tickets."""
    people = to_correct(version, starts, request.actor)
    shown: dict[str, Any] = {"people": len(people), "text": text or draft(version, starts, request.actor)}
    tickets = list(Ticket.objects.for_strips().filter(pk__in=[one.ticket for one in people]).order_by("-id")[:SHOWN])
    shown["tickets"] = tickets
    if text and request.method == "POST":
        if "…" in text:
            raise Invalid("Write what is right in the place of “…”.", {"text": "Not finished."})
        request.actor.must("assistant.recall")
        preview_bulk(tickets[:1], [{"do": "reply", "text": text, "then": "keep"}], request.actor, read_filled)
        first = (
            read_filled([{"do": "reply", "text": text, "then": "keep"}], tickets[0], request.actor) if tickets else []
        )
        shown["preview"] = first[0].text if first else ""  # type: ignore[attr-defined]
    return shown


def _chosen(article: Article, version: str, starts: list[str]) -> tuple[Version | None, list[int]]:
    found = Version.objects.filter(article=article, pk=as_number(version)).select_related("article").first()
    return found, [int(one) for one in starts if one.isascii() and one.isdecimal() and len(one) < 10]


def _article(request: DeskRequest, number: int) -> Article:
    found = Article.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such article, or none that you may read.")
    return found
