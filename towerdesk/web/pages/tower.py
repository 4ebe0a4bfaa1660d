"""The Tower: everything that waits, in bays, first due first."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.accounts.models import Team
from towerdesk.lib.clock import now
from towerdesk.lib.text import as_number
from towerdesk.tickets.models import Ticket
from towerdesk.web.bays import Bay, bays, count, counts
from towerdesk.web.request import DeskRequest


def tower(request: DeskRequest) -> HttpResponse:
    at = now()
    rows = counts(Ticket.objects.visible_to(request.actor), at)
    teams = list(Team.objects.all())
    team = next((team for team in teams if team.slug == request.GET.get("team")), None)
    found = bays(request.actor, rows, at, team.pk if team else None)
    context = {
        "bays": [(bay, *bay.says(at)) for bay in found],
        "team": team,
        "teams": [(each, _waiting(rows, each)) for each in teams],
        "all": sum(row["n"] for row in rows),
        "tally": tally(found),
        "begins": not rows and request.actor.can("inbox.change") and not Ticket.objects.exists(),
        "snoozed": sum(row["n"] for row in rows if row["step_kind"] == "snooze"),
    }
    return render(request, "web/tower/page.html", context)


@require_safe
def board(request: DeskRequest) -> JsonResponse:
    """The numbers above the bays, for a page that heard of a change."""
    at = now()
    rows = counts(Ticket.objects.visible_to(request.actor), at)
    given = request.GET.get("team", "")
    found = count(rows, as_number(given) or None)
    says = {bay.place.kind: bay.count for bay in found}
    return JsonResponse({"tally": tally(found), "bays": says})


def _waiting(rows: Iterable[dict[str, Any]], team: Team) -> int:
    return sum(row["n"] for row in rows if row["team_id"] == team.pk)


def tally(found: Iterable[Bay]) -> dict[str, int]:
    by_kind = {bay.place.kind: bay for bay in found}
    return {
        "late": sum(bay.late for bay in by_kind.values()),
        "soon": sum(bay.soon for bay in by_kind.values()),
        "ask": by_kind["approve"].count,
        "ai": by_kind["assistant"].count,
    }
