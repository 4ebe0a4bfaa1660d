"""Looking back: begin a replay, watch it, read what came out, grade the blind sample."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Invalid, NotFound, Refused, Trouble
from towerdesk.lib.text import as_number
from towerdesk.rehearsal.models import Replay, ReplayItem
from towerdesk.rehearsal.past import blind
from towerdesk.rehearsal.past.run import RETRAIN, begin, finish_again, remove, stop, take_up
from towerdesk.rehearsal.tasks import defer_replay
from towerdesk.tickets.models import Ticket
from towerdesk.web.plots import plot
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

HERE = "/reports/replays"
SHOWN = 20


def replays(request: DeskRequest) -> HttpResponse:
    """The list; and by POST another one begins."""
    must_see(request)
    trouble = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(f"{HERE}/{_begin(request).pk}")
        except Invalid as refused:
            trouble = refused
    context = {
        "tab": "replays",
        "replays": Replay.objects.visible_to(request.actor).order_by("-id")[:SHOWN],
        "trouble": trouble,
        "typed": request.POST or {"last": 5000, "retrain": RETRAIN, "articles": "then"},
    }
    return render(request, "web/replays/list.html", context, status=trouble.status if trouble else 200)


def _begin(request: DeskRequest) -> Replay:
    given = request.POST
    for name in ("last", "retrain"):
        if not given.get(name, "").isdecimal():
            raise Invalid("Write whole numbers: how many tickets, and after how many days the heads are trained anew.")
    found = begin(
        last=as_number(given["last"]),
        retrain=as_number(given["retrain"]),
        articles=given.get("articles", "then"),
        by=request.actor,
    )
    defer_replay(found)
    return found


def replay(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    context: dict[str, Any] = {
        "tab": "replays",
        "replay": found,
        "told": found.result,
        "share": round(found.share * 100),
    }
    if found.state == "done":
        weeks = found.result["weeks"]
        context |= {
            "waits": len(blind.waiting(found.pk)),
            "sample": _sample(found),
            "intents": found.result["intents"][:SHOWN],
            "plot": plot(
                [
                    ("Could be known", "base", [week["known"] for week in weeks], [], []),
                    ("Right", "ai", [week["right"] for week in weeks], [], []),
                    ("Alone", "other", [week["alone"] for week in weeks], [], []),
                ],
                f"Proposals by week over {len(weeks)} weeks: how many could be known to be right, how many were, how many alone",
                every=2,
                each=2,
            ),
            "reasons": [(found.result["kinds"].get(k, k), n) for k, n in found.result["would"].items() if k != "could"],
        }
    return render(request, "web/replays/page.html", context)


def _sample(found: Replay) -> dict[str, int]:
    graded = list(found.items.exclude(blind=0).exclude(blind_at=None).values_list("blind_assistant", "blind_person"))
    return {
        "n": len(graded),
        "assistant": sum(bool(ours) for ours, _ in graded),
        "person": sum(bool(its) for _, its in graded),
    }


def raw(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    return JsonResponse({"replay": found.pk, "state": found.state, "settings": found.settings} | found.result)


@require_POST
def act(request: DeskRequest, number: int, does: str) -> HttpResponse:
    """`stop`, `resume` or `remove`."""
    found = _find(request, number)
    if does == "remove":
        remove(found, by=request.actor)
        say(request, "The report is gone. The desk is as it was: a replay changes nothing.")
        return HttpResponseRedirect(HERE)
    if does == "stop":
        stop(found, by=request.actor)
        say(request, "It stops after the tickets it has in hand.")
    elif does == "resume":
        take_up(found, by=request.actor)
        defer_replay(found)
    else:
        raise NotFound("A replay can be stopped, resumed or removed.")
    return HttpResponseRedirect(f"{HERE}/{number}")


def sample(request: DeskRequest, number: int) -> HttpResponse:
    """Two answers to one question; nobody says whose is whose until both are graded."""
    found = _find(request, number)
    request.actor.must("assistant.grade")
    trouble: Trouble | None = None
    if request.method == "POST":
        try:
            _grade(request, found)
            return HttpResponseRedirect(f"{HERE}/{number}/sample")
        except Invalid as refused:
            trouble = refused
    waits = blind.waiting(found.pk)
    item = waits[0] if waits else None
    context = {
        "tab": "replays",
        "replay": found,
        "item": item,
        "left": len(waits),
        "answers": _answers(item),
        "trouble": trouble,
    }
    return render(request, "web/replays/sample.html", context, status=trouble.status if trouble else 200)


def _answers(item: ReplayItem | None) -> list[tuple[str, str]]:
    if item is None:
        return []
    both = [blind.bare(item.reply), blind.bare(item.told["answer"])]
    return list(zip(("first", "second"), both if item.blind == 1 else both[::-1], strict=True))


def _grade(request: DeskRequest, found: Replay) -> None:
    item = ReplayItem.objects.filter(replay=found, pk=as_number(request.POST.get("item", ""))).first()
    said = [request.POST.get(name) for name in ("first", "second")]
    if item is None or not all(one in ("right", "wrong") for one in said):
        raise Invalid("Say of both answers whether they would have been right.")
    blind.grade(item, said[0] == "right", said[1] == "right", by=request.actor)
    if not blind.waiting(found.pk):
        finish_again(found)
    whose = "first" if item.blind == 1 else "second"
    say(request, f"Graded. The assistant's was the {whose}.", undo=f"{HERE}/{found.pk}/sample/{item.pk}/back")


@require_POST
def back(request: DeskRequest, number: int, item: int) -> HttpResponse:
    found = _find(request, number)
    one = ReplayItem.objects.filter(replay=found, pk=item).first()
    if one is None:
        raise NotFound("There is no such ticket in this replay.")
    blind.take_back(one, by=request.actor)
    say(request, "The grade is taken back: it waits again.")
    return HttpResponseRedirect(f"{HERE}/{number}/sample")


def _find(request: DeskRequest, number: int) -> Replay:
    must_see(request)
    found = Replay.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such replay.")
    return found


def must_see(request: DeskRequest) -> None:
    request.actor.must("report.read")
    if not request.actor.can("ticket.read_all"):
        raise Refused("A replay tells of every ticket: it is for those who may read all of them. Ask a lead.")


def visible_tickets(request: DeskRequest, numbers: list[int]) -> list[Ticket]:
    return list(Ticket.objects.visible_to(request.actor).for_strips().filter(pk__in=numbers).order_by("-id"))
