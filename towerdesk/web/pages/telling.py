"""Tell everybody who is affected by a problem or a bug: the words in each language, who hears them, and one button."""

from collections import Counter
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.problems.banners import stop_banners_of
from towerdesk.problems.models import Telling
from towerdesk.problems.models.telling import RESULTS
from towerdesk.problems.surges.decide import end
from towerdesk.problems.telling.tell import UNDO, stop, tell
from towerdesk.problems.telling.text import GAPS, proposed
from towerdesk.problems.telling.whom import Affected, affected, heard
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.resolve import resolve
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say
from towerdesk.web.words import count_words

FIELD = "text-"


def telling(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    given = request.POST or request.GET
    kind = "over" if given.get("kind") == "over" else "known"
    if request.method == "POST":
        try:
            return _tell(request, ticket, kind)
        except Trouble as refused:
            trouble = refused
    return _page(request, ticket, kind, trouble)


def _tell(request: DeskRequest, ticket: Ticket, kind: str) -> HttpResponse:
    """Saying that it is over resolves the problem, too."""
    texts = _typed(request)
    made = tell(ticket, kind, texts, by=request.actor, tells_new="tells_new" in request.POST)
    if kind == "over":
        resolve(ticket, "It is over; everybody is told", by=request.actor)
        end(ticket, by=request.actor)
        stop_banners_of(ticket, by=request.actor)
    count = made.told.filter(result="todo").count()
    undo = int(UNDO.total_seconds())
    say(
        request,
        f"{count_words(count, 'person', 'people')} are told in two minutes.",
        undo=f"/tellings/{made.pk}/stop",
        seconds=undo,
    )
    return HttpResponseRedirect(f"/tellings/{made.pk}")


def _page(request: DeskRequest, ticket: Ticket, kind: str, trouble: Trouble | None) -> HttpResponse:
    before = heard(ticket, kind)
    all_of_them = affected(ticket, kind, request.actor)
    whom = [one for one in all_of_them if one.ticket.pk not in before]
    told = [one for one in whom if one.result == "told"]
    languages = Counter((one.ticket.language or one.ticket.requester.language or "en")[:2] for one in told)
    typed = _typed(request) if request.method == "POST" else {}
    texts = [(one, typed.get(one, text), languages.get(one, 0)) for one, text in proposed(kind, languages).items()]
    context = {
        "ticket": ticket,
        "kind": kind,
        "trouble": trouble,
        "texts": texts,
        "told": told,
        "beside": [one for one in whom if one.result == "beside"],
        "skipped": [one for one in whom if one.result == "skipped"],
        "before": len(all_of_them) - len(whom),
        "ways": _ways(told),
        "gaps": [f"{{{{{gap}}}}}" for gap in GAPS],
        "words": count_words(len(told), "person", "people"),
    }
    status = trouble.status if trouble else 200
    return render(request, "web/problems/tell.html", context, status=status)


def one_telling(request: DeskRequest, number: int) -> HttpResponse:
    """What became of it, drawn again while it goes on."""
    found = _find(request, number)
    seen = Ticket.objects.visible_to(request.actor)
    rows = found.told.filter(ticket__in=seen.values("pk")).select_related(
        "ticket__requester", "ticket__inbox", "message"
    )
    counted = Counter(rows.values_list("result", flat=True))
    context = {
        "telling": found,
        "moving": found.state == "running",
        "results": [(words, counted[name]) for name, words in RESULTS if counted.get(name)],
        "rows": rows.order_by("-id")[:200],
        "can_stop": found.state != "stopped",
    }
    return render(request, "web/problems/telling.html", context)


@require_POST
def stopping(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    stop(found, by=request.actor)
    say(request, "Stopped. What had not left stays here, and those tickets are what they were.")
    return HttpResponseRedirect(f"/tellings/{found.pk}")


def _find(request: DeskRequest, number: int) -> Telling:
    seen = Ticket.objects.visible_to(request.actor)
    found = Telling.objects.filter(pk=number, ticket__in=seen.values("pk")).select_related("ticket").first()
    if found is None:
        raise NotFound("There is nothing of the kind that you may read.")
    return found


def _typed(request: DeskRequest) -> dict[str, str]:
    return {name.removeprefix(FIELD)[:8]: str(text) for name, text in request.POST.items() if name.startswith(FIELD)}


def _ways(told: list[Affected]) -> list[tuple[str, Any]]:
    """Channel → how many are reached by it, the most first."""
    return Counter(one.ticket.inbox.channel for one in told).most_common()
