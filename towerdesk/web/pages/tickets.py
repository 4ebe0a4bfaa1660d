"""All tickets: ready views, filters and words, in pages that stay put while tickets come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from towerdesk.accounts.models import Team, User
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.pages import Page, page_of
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.ticket import PRIORITIES, STATUSES
from towerdesk.tickets.search import Hit, everything, search
from towerdesk.tickets.snippet import Snippet
from towerdesk.tickets.views import BY_SLUG, VIEWS, View
from towerdesk.web.request import DeskRequest
from towerdesk.web.strips import Strip, strip_from
from towerdesk.web.words import when_words

LIMIT = 50
PICKS = ("status", "priority", "team", "assignee", "intent")
"""Conditions that can be picked beside the words; all others can be written."""


@dataclass(frozen=True, slots=True)
class Row:
    strip: Strip
    status: str
    updated: str
    pieces: list[tuple[str, bool]]  # of the message that holds the words: text, and whether it is one of them


def tickets(request: DeskRequest) -> HttpResponse:
    asked = _asked(request)
    view = BY_SLUG.get(request.GET.get("view", ""), BY_SLUG["all"])
    after = request.GET.get("after") or None
    trouble: Invalid | None = None
    page: Page[Hit] = Page([])
    try:
        page = _found(request, view, asked, after)
    except Invalid as invalid:
        trouble = invalid
    context = {
        "rows": _rows(request, page.items),
        "views": VIEWS,
        "view": None if asked else view,
        "asked": asked,
        "found": asked or view.filter,
        "next": f"?{urlencode(_kept(request) | {'after': page.next})}" if page.next else "",
        "first": not after,
        "trouble": trouble,
        "may_choose": request.actor.can("ticket.change"),
        **_choices(request),
    }
    return render(request, "web/tickets/page.html", context, status=trouble.status if trouble else 200)


def _asked(request: DeskRequest) -> str:
    """The words and what was picked, as one text of the filter language."""
    picked = [f'{name}:"{request.GET[name]}"' for name in PICKS if request.GET.get(name)]
    return " ".join([request.GET.get("q", "").strip(), *picked]).strip()


def _kept(request: DeskRequest) -> dict[str, str]:
    return {name: value for name in ("view", "q", *PICKS) if (value := request.GET.get(name))}


def _found(request: DeskRequest, view: View, asked: str, after: str | None) -> Page[Hit]:
    if asked:
        return search(asked, request.actor, after=after, limit=LIMIT)
    if not view.filter:
        return everything(request.actor, after=after, limit=LIMIT, of=view.slug)
    visible = Ticket.objects.visible_to(request.actor)
    tickets = parse(view.filter).apply(visible, request.actor).for_strips()
    page = page_of(tickets, *view.order, after=after, limit=LIMIT, of=view.slug)
    return Page([Hit(ticket, ticket.updated_at, None, Snippet("")) for ticket in page.items], page.next)


def _rows(request: DeskRequest, hits: Iterable[Hit]) -> list[Row]:
    at, statuses = now(), dict(STATUSES)
    return [
        Row(
            strip_from(hit.ticket, request.actor, at),
            statuses[hit.ticket.status],
            when_words(hit.at, at),
            hit.snippet.pieces() if hit.message_id else [],
        )
        for hit in hits
    ]


def _choices(request: DeskRequest) -> dict[str, Any]:
    people = User.objects.filter(is_active=True).exclude(role="viewer").values_list("email", "name")
    choices = {
        "status": STATUSES,
        "priority": PRIORITIES,
        "team": list(Team.objects.values_list("slug", "name")),
        "assignee": [("me", "Me"), ("none", "Nobody"), *people],
        "intent": list(Intent.objects.filter(active=True).values_list("slug", "name")),
    }
    return {"picks": [(name, name.capitalize(), choices[name], request.GET.get(name, "")) for name in PICKS]}
