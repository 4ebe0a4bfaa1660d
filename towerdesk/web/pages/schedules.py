"""Schedules: what happens after a time, with a warning first; what each would do in the next days."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.automation.models import SINCE, Schedule
from towerdesk.automation.schedules.run import span, upcoming
from towerdesk.automation.schedules.save import Draft, delete, save_schedule, switch
from towerdesk.automation.words import in_words
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.web import thens
from towerdesk.web.pages.rules import owner, owners
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
AHEAD = timedelta(days=7)
SHOWN = 20
WARNING = "warn_"


def schedules(request: DeskRequest) -> HttpResponse:
    found = Schedule.objects.select_related("owner")
    rows = [(one, span(one.after), one.get_since_display(), in_words(one.actions), _warns(one)) for one in found]
    return render(request, "web/schedules/list.html", {"rows": rows, "tab": "schedules"})


def _warns(schedule: Schedule) -> str:
    return f"after {span(schedule.warn_after)} it {in_words(schedule.warning)}" if schedule.warn_after else ""


def schedule(request: DeskRequest, number: int = 0) -> HttpResponse:
    found = _find(number) if number else None
    if request.method != "POST":
        return _form(request, found, _values(found))
    request.actor.must("rule.change")
    names = ("name", "condition", "since", "owner", "after", "unit", "warn_after", "warn_unit")
    values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in names}
    values |= {"then": thens.typed(request.POST), "warning": thens.typed(request.POST, WARNING)}
    try:
        saved = save_schedule(found, _draft(values), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, values, trouble)
    say(
        request,
        f"“{saved}” is saved." + ("" if saved.active else " It is off: look at what it would do, then switch it on."),
    )
    return HttpResponseRedirect(f"/settings/schedules/{saved.pk}")


def _draft(values: dict[str, Any]) -> Draft:
    after = _length(values["after"], values["unit"], "after")
    if after is None:
        raise Invalid("Say after how long the schedule acts.", {"after": "Write a number."})
    return Draft(
        name=values["name"],
        since=values["since"],
        after=after,
        condition=values["condition"],
        actions=thens.from_form(values["then"]),
        warn_after=_length(values["warn_after"], values["warn_unit"], "warn_after"),
        warning=thens.from_form(values["warning"]),
        owner=owner(values["owner"]),
    )


def _length(number: str, unit: str, name: str) -> timedelta | None:
    if not number:
        return None
    if not number.isdecimal() or len(number) > 5 or unit not in UNITS:
        raise Invalid(f"“{number}” is not a length of time: write a number and choose its unit.", {name: "A number."})
    return int(number) * UNITS[unit]


def _parts(length: timedelta | None) -> tuple[str, str]:
    """`7, days`: in the largest unit that is whole."""
    if length is None:
        return "", "days"
    unit = next((name for name, one in UNITS.items() if not length % one), "minutes")
    return str(length // UNITS[unit]), unit


def _find(number: int) -> Schedule:
    found = Schedule.objects.select_related("owner").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such schedule: perhaps somebody deleted it.")
    return found


def _values(found: Schedule | None) -> dict[str, Any]:
    if found is None:
        return {
            "since": "silence",
            "after": "7",
            "unit": "days",
            "warn_unit": "days",
            "then": {},
            "warning": {"reply_then": "keep"},
        }
    (after, unit), (warn_after, warn_unit) = _parts(found.after), _parts(found.warn_after)
    return {
        "name": found.name,
        "condition": found.condition,
        "since": found.since,
        "owner": str(found.owner_id or ""),
        "after": after,
        "unit": unit,
        "warn_after": warn_after,
        "warn_unit": warn_unit,
        "then": thens.to_form(found.actions),
        "warning": thens.to_form(found.warning),
    }


def _form(
    request: DeskRequest, found: Schedule | None, values: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    if found is None:
        request.actor.must("rule.change")
        values.setdefault("owner", str(request.user.pk))
    context = {
        "schedule": found,
        "values": values,
        "then": values["then"],
        "warning": values["warning"],
        "trouble": trouble,
        "sinces": SINCE,
        "units": [(name, name) for name in UNITS],
        "owners": owners(),
        "coming": _coming(found, request) if found else [],
        "acts": list(found.acts.order_by("-id")[:8]) if found else [],
        "tab": "schedules",
        **thens.choices(),
    }
    return render(request, "web/schedules/edit.html", context, status=trouble.status if trouble else 200)


def _coming(found: Schedule, request: DeskRequest) -> list[tuple[str, Any]]:
    """Within a week, if nobody touches anything; only what the reader may see."""
    from towerdesk.tickets.models import Ticket

    try:
        every = [(stage.name, ticket) for stage, ticket in upcoming(found, AHEAD)]
    except Trouble:
        return []
    seen = set(
        Ticket.objects.visible_to(request.actor)
        .filter(pk__in=[ticket.pk for _, ticket in every])
        .values_list("pk", flat=True)
    )
    return [(stage, ticket) for stage, ticket in every if ticket.pk in seen][:SHOWN]


@require_POST
def switch_it(request: DeskRequest, number: int) -> HttpResponse:
    found, on = _find(number), request.POST.get("on") == "yes"
    try:
        switch(found, on=on, by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _values(found), trouble)
    say(request, f"“{found}” is {'on' if on else 'off'}.")
    return HttpResponseRedirect(f"/settings/schedules/{number}")


@require_POST
def delete_it(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(number)
    try:
        delete(found, request.POST.get("typed", ""), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _values(found), trouble)
    say(request, f"“{found}” is deleted. What it did stays in the log.")
    return HttpResponseRedirect("/settings/schedules")
