"""What it could not do: like tickets together, why, and a draft of what would change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import NotFound
from towerdesk.rehearsal.gaps.dismiss import dismiss, take_up
from towerdesk.rehearsal.gaps.find import find_gaps
from towerdesk.rehearsal.gaps.kinds import KINDS, WORDS, Kind
from towerdesk.rehearsal.gaps.procedures.talks import talks_of
from towerdesk.rehearsal.gaps.work import ask_for
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.rehearsal.tasks import defer_draft
from towerdesk.tickets.models import Intent
from towerdesk.web.pages.replays import must_see, visible_tickets
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

HERE = "/reports/gaps"
SHOWN = 50
HABITS = ("intent", "deeds")
RIGHTS = {"article": "article.write", "procedure": "procedure.change"}


@dataclass(frozen=True, slots=True)
class Row:
    gap: Gap
    intent: str
    kind: Kind


def gaps(request: DeskRequest) -> HttpResponse:
    """The list; and by POST they are found anew."""
    must_see(request)
    if request.method == "POST":
        found, alone = find_gaps(by=request.actor)
        say(request, f"{len(found)} gaps found; {alone} more tickets are like no others.")
        return HttpResponseRedirect(HERE)
    seen = Gap.objects.visible_to(request.actor).select_related("procedure")
    told = seen.filter(count__gt=0, dismissed_at=None)
    rows = _rows([*told.exclude(kind=WORDS)[:SHOWN], *told.filter(kind=WORDS)[:SHOWN]])
    context = {
        "tab": "gaps",
        "rows": rows,
        "groups": _groups(rows),
        "dismissed": _rows(seen.exclude(dismissed_at=None)[:SHOWN]),
        "drafts": Draft.objects.visible_to(request.actor).exclude(state="dropped")[:SHOWN],
    }
    return render(request, "web/gaps/list.html", context)


def gap(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    kind = KINDS[found.kind]
    context = {
        "tab": "gaps",
        "gap": found,
        "kind": kind,
        "may_draft": bool(kind.drafts) and request.actor.can(RIGHTS[kind.drafts]),
        "may_write": any(request.actor.can(right) for right in RIGHTS.values()),
        "said": _said(found),
        "tickets": visible_tickets(request, found.tickets[-SHOWN:]),
        "drafts": found.drafts.order_by("-id"),
    }
    return render(request, "web/gaps/gap.html", context)


@require_POST
def make_draft(request: DeskRequest, number: int) -> HttpResponse:
    made = ask_for(_find(request, number), by=request.actor)
    defer_draft(made)
    return HttpResponseRedirect(f"{HERE}/drafts/{made.pk}")


@require_POST
def set_aside(request: DeskRequest, number: int, does: str) -> HttpResponse:
    """`dismiss` or `restore`."""
    found = _find(request, number)
    if does == "restore":
        take_up(found, by=request.actor)
        return HttpResponseRedirect(f"{HERE}/{number}")
    dismiss(found, by=request.actor)
    say(request, "Dismissed. It comes back when most of its tickets are new.", undo=f"{HERE}/{number}/restore")
    return HttpResponseRedirect(HERE)


def _rows(found: Iterable[Gap]) -> list[Row]:
    names = dict(Intent.objects.values_list("slug", "name"))
    return [Row(one, names.get(one.intent, ""), KINDS[one.kind]) for one in found]


def _groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """By what would close them, each by people's minutes."""
    words = [row for row in rows if row.gap.kind == WORDS]
    habits = [row for row in rows if row.gap.kind in HABITS]
    runs = [row for row in rows if row not in words and row not in habits]
    named = [("Where procedures stopped", runs), ("What people did without one", habits), (KINDS[WORDS].title, words)]
    return [(title, some) for title, some in named if some]


def _said(found: Gap) -> list[tuple[int, str, Any]]:
    """Of what was asked for: on each ticket the last answer, and what it turned out to be."""
    slot = found.about.get("slot")
    if not slot or found.procedure is None:
        return []
    talks = talks_of(found.procedure, found.tickets)[-SHOWN:]
    return [(talk.ticket, (talk.answers(slot) or ("",))[-1], talk.known.get(slot)) for talk in reversed(talks)]


def _find(request: DeskRequest, number: int) -> Gap:
    must_see(request)
    found = Gap.objects.visible_to(request.actor).select_related("procedure").filter(pk=number).first()
    if found is None:
        raise NotFound("This gap is not there any more: gaps are found anew each time.")
    return found
