"""The simulator: ask what autonomy, other staff or another policy would do, and see it beside the desk as it is."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.assistant.policy import ALPHA
from towerdesk.lib.errors import Conflict, Invalid, NotFound
from towerdesk.rehearsal.models import Replay, Simulation
from towerdesk.rehearsal.simulator.measure import NAMES
from towerdesk.rehearsal.simulator.run import begin, settings_of
from towerdesk.rehearsal.tasks import defer_simulation
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS
from towerdesk.web.pages.replays import must_see
from towerdesk.web.plots import bars, plot
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

HERE = "/reports/simulations"
SHARES = {"sla_first", "sla_solution", "alone", "errors", "errors_of_all"}
LESS_IS_WORSE = {"sla_first", "sla_solution"}
KINDS = ("base", "ai", "other", "other", "other", "other")
SHOWN = 20
DRAWN = 2
"""Scenarios in the pictures: without and with autonomy; more lines would hide each other."""


def simulations(request: DeskRequest) -> HttpResponse:
    must_see(request)
    trouble = None
    if request.method == "POST":
        try:
            found = begin(_settings(request), by=request.actor)
            defer_simulation(found)
            return HttpResponseRedirect(f"{HERE}/{found.pk}")
        except Invalid as refused:
            trouble = refused
    context = {
        "tab": "simulations",
        "simulations": Simulation.objects.visible_to(request.actor).order_by("-id")[:SHOWN],
        "can_begin": Replay.objects.visible_to(request.actor).filter(source="desk", state="done").exists(),
        "teams": Team.objects.order_by("name"),
        "intents": Intent.objects.filter(active=True).order_by("name"),
        "levels": LEVELS,
        "risks": [(risk, limit) for risk, limit in ALPHA.items() if risk != "money"],
        "typed": request.POST,
        "trouble": trouble,
    }
    return render(request, "web/simulations/list.html", context, status=trouble.status if trouble else 200)


def _settings(request: DeskRequest) -> dict[str, Any]:
    given = request.POST
    people, alpha, level = given.get("people", "").strip(), given.get("alpha", "").strip(), given.get("level", "")
    try:
        hold_out = float(given.get("hold_out") or 0) / 100
        number = int(people or 0)
        limit = float(alpha or 0) / 100
    except ValueError:
        raise Invalid("Write numbers: people more or fewer, and shares in percent.") from None
    return settings_of(
        staff=[f"{given.get('team', '')}={number:+d}"] if number else [],
        alpha=[f"{given.get('risk', '')}={limit}"] if limit else [],
        level=[f"{given.get('intent', '')}={level}"] if level else [],
        hold_out=hold_out,
        evidence=given.get("evidence", "grades"),
    )


def simulation(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    context: dict[str, Any] = {"tab": "simulations", "simulation": found, "told": found.result}
    if found.state == "done":
        context |= _shown(found.result)
    return render(request, "web/simulations/page.html", context)


def raw(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    return JsonResponse({"simulation": found.pk, "state": found.state, "settings": found.settings} | found.result)


@require_POST
def remove(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    if found.is_going:
        raise Conflict("It runs: wait until it is done.")
    found.delete()
    say(request, "The report is gone. The desk is as it was: a simulation changes nothing.")
    return HttpResponseRedirect(HERE)


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    some, rows = told["scenarios"], told["check"]["rows"]
    return {
        "headline": _headline(told),
        "scenarios": [(one, _rows(one)) for one in some],
        "checks": [_check(title, rows[name]) for name, title in NAMES.items() if name in rows],
        "backlog": plot(
            [
                (
                    one["scenario"]["name"],
                    KINDS[place],
                    one["backlog"]["mean"],
                    one["backlog"]["low"],
                    one["backlog"]["high"],
                )
                for place, one in enumerate(some[:DRAWN])
            ],
            f"Unresolved tickets by day over {told['world']['weeks']} weeks, without and with autonomy",
        ),
        "spread": bars(
            [(one["scenario"]["name"], KINDS[place], one["spread"]) for place, one in enumerate(some[:DRAWN])],
            _bins(told["bins"]),
            "How long tickets take to be resolved, without and with autonomy",
        ),
    }


def _check(name: str, row: dict[str, Any]) -> tuple[str, float, float, float]:
    """(name, what the log says, what the model says, by how many percent it is off)."""
    return name, row["log"], row["model"]["mean"], (row["off"] or 0.0) * 100


def _headline(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """With autonomy against without: what a reader came for."""
    one = told["scenarios"][1]
    return [
        (NAMES[name], _change(one["change"][name]["share"]), _value(name, one["figures"][name]))
        for name in ("mean_hours", "backlog", "cost", "errors")
    ]


def _rows(one: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(name, value, its interval, change against the base with its interval)."""
    return [
        (
            title,
            _value(name, figure),
            _interval(name, figure),
            _change(one["change"][name]["share"]) if one["against"] else "",
        )
        for name, title in NAMES.items()
        if (figure := one["figures"][name])["mean"] is not None
    ]


def _value(name: str, figure: dict[str, float | None]) -> str:
    value = figure["mean"]
    if value is None:
        return "none"
    return f"{value * 100:.1f} %" if name in SHARES else f"{value:.2f}"


def _interval(name: str, figure: dict[str, float | None]) -> str:
    low, high = figure["low"], figure["high"]
    if low is None or high is None:
        return ""
    return f"{low * 100:.1f} to {high * 100:.1f} %" if name in SHARES else f"{low:.2f} to {high:.2f}"


def _change(share: dict[str, float | None]) -> str:
    mean, low, high = share["mean"], share["low"], share["high"]
    if mean is None or low is None or high is None:
        return ""
    return f"{mean * 100:+.1f} % ({low * 100:+.1f} to {high * 100:+.1f})".replace("-", "−")


def _bins(edges: list[float]) -> list[str]:
    """Words for the bars, from the hours at which each begins."""
    words = [_hours(edge) for edge in edges[1:]]
    return [f"< {word}" for word in words] + [f"≥ {words[-1]}"]


def _hours(hours: float) -> str:
    if hours < 1:
        return f"{hours * 60:.0f} m"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"


def _find(request: DeskRequest, number: int) -> Simulation:
    must_see(request)
    found = Simulation.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such simulation.")
    return found
