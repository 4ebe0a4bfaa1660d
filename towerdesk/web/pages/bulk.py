"""Change many tickets: choose, say what, see what it would do, do it by a job, watch it, undo it."""

import json
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team, User
from towerdesk.actions.bulk import preview_bulk, progress, start_bulk, stop_bulk, undo_bulk
from towerdesk.actions.in_words import in_words
from towerdesk.actions.models import RESULTS, Bulk
from towerdesk.actions.vocabulary import read_actions
from towerdesk.automation.macros import read_filled
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import PRIORITIES, TYPES, TicketQuerySet
from towerdesk.web.pages.do import STATUSES
from towerdesk.web.request import DeskRequest
from towerdesk.web.words import count_words

SHOWN = 25
"""Tickets whose preview is shown; the sentences of the others are of the same kind."""
PICKS = (("priority", "Priority", PRIORITIES), ("status", "Status", STATUSES), ("type", "Type", TYPES))


def new(request: DeskRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    tickets, trouble, shown = _chosen(request, given), None, {}
    count = tickets.count()
    try:
        if not count:
            raise Invalid("Choose at least one ticket in the list, then change them together.")
        if "do" in given:
            return HttpResponseRedirect(f"/bulk/{start_bulk(tickets, _said(given), by=request.actor).pk}")
        if request.method == "POST":
            shown = _preview(request, tickets, given)
    except Trouble as refused:
        trouble = refused
    context = {"count": count, "trouble": trouble, **_kept(given), **_choices(given), **shown}
    return render(request, "web/bulk/new.html", context, status=trouble.status if trouble else 200)


def bulks(request: DeskRequest) -> HttpResponse:
    found = Bulk.objects.visible_to(request.actor).annotate(size=Count("items")).order_by("-id")[:50]
    return render(request, "web/bulk/list.html", {"bulks": found})


def bulk(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    counted = progress(found)
    total, waits = sum(counted.values()), counted.get("done" if found.state == "undoing" else "todo", 0)
    moving = found.state in ("running", "undoing")
    context = {
        "bulk": found,
        "moving": moving,
        "words": _words(found, total, total - waits),
        "share": 100 if not moving else 100 * (total - waits) // max(1, total),
        "results": [(words, counted[name]) for name, words in RESULTS if name in counted],
        "troubles": found.items.filter(result__in=("failed", "kept")).select_related("ticket").order_by("id")[:SHOWN],
    }
    return render(request, "web/bulk/bulk.html", context)


@require_POST
def undo(request: DeskRequest, number: int) -> HttpResponse:
    undo_bulk(_find(request, number), by=request.actor)
    return HttpResponseRedirect(f"/bulk/{number}")


@require_POST
def stop(request: DeskRequest, number: int) -> HttpResponse:
    stop_bulk(_find(request, number), by=request.actor)
    return HttpResponseRedirect(f"/bulk/{number}")


def _find(request: DeskRequest, number: int) -> Bulk:
    found = Bulk.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such change of many tickets.")
    return found


def _chosen(request: DeskRequest, given: QueryDict) -> TicketQuerySet:
    """Those that were ticked, or all that fit the words of the list."""
    visible = Ticket.objects.visible_to(request.actor)
    if "all" in given:
        return parse(given.get("q", "")).apply(visible, request.actor)
    return visible.filter(pk__in=_numbers(given))


def _numbers(given: QueryDict) -> list[int]:
    return [number for one in given.getlist("n") if (number := as_number(one))]


def _kept(given: QueryDict) -> dict[str, Any]:
    return {"q": given.get("q", ""), "numbers": []} if "all" in given else {"q": "", "numbers": _numbers(given)}


def _preview(request: DeskRequest, tickets: TicketQuerySet, given: QueryDict) -> dict[str, Any]:
    said = _said(given)
    first = list(tickets.for_strips().order_by("-id")[:SHOWN])
    return {
        "rows": preview_bulk(first, said, request.actor, read_filled),
        "actions": json.dumps(said),
        "actions_said": said,
        "says": in_words(read_actions(said)),
        "answers": any(action["do"] == "reply" for action in said),
    }


def _said(given: QueryDict) -> list[dict[str, Any]]:
    """What the form asks for, in the words of the vocabulary."""
    if "actions" in given:
        return _read(str(given["actions"]))
    values = {name: given[name] for name, _, _ in PICKS if given.get(name)}
    tags = {name: words for name in ("add", "remove") if (words := _tags(given.get(name, "")))}
    asked: list[dict[str, Any]] = []
    if given.get("to"):
        kind, _, name = str(given["to"]).partition(":")
        asked.append({"do": "assign", kind: name})
    asked += [{"do": "change", **values}] if values else []
    asked += [{"do": "tag", **tags}] if tags else []
    asked += [{"do": "note", "text": given["note"]}] if given.get("note", "").strip() else []
    if given.get("reply", "").strip():
        asked.append({"do": "reply", "text": given["reply"], "then": "resolve" if "resolve" in given else "wait"})
    elif "resolve" in given:
        asked.append({"do": "resolve"})
    return asked


def _read(text: str) -> list[dict[str, Any]]:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, list):
        raise Invalid("This form is broken: begin once more from the list.")
    return said


def _tags(text: str) -> list[str]:
    return [word for one in text.split(",") if (word := " ".join(one.split()))]


def _choices(given: QueryDict) -> dict[str, Any]:
    people = User.objects.filter(is_active=True).exclude(role="viewer").values_list("email", "name")
    teams = Team.objects.values_list("slug", "name")
    takers = [(f"user:{email}", name) for email, name in people] + [
        (f"team:{slug}", f"Team {name}") for slug, name in teams
    ]
    picks = [(name, label, options, given.get(name, "")) for name, label, options in PICKS]
    return {"takers": takers, "picks": picks, "typed": given}


def _words(bulk: Bulk, total: int, done: int) -> str:
    tickets = count_words(total, "ticket")
    if bulk.state == "running":
        return f"{done} of {tickets} done. You may leave this page: it goes on."
    if bulk.state == "undoing":
        return f"{done} of {tickets} looked at. Each gets back what it had."
    return f"{tickets}: {bulk.get_state_display().lower()}."
