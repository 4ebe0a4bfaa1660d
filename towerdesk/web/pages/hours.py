"""Calendars: the week as it is open, the days that are not like others, and a question: from when until when?"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from towerdesk.hours.delete import delete_calendar
from towerdesk.hours.holidays import countries
from towerdesk.hours.models import Calendar
from towerdesk.hours.preview import Trial, after, measure, specials
from towerdesk.hours.save import Plan, save_calendar
from towerdesk.hours.words import WEEKDAYS, read_days, read_hours, say_days, say_hours
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.sla.spans import read_span
from towerdesk.sla.words import long_words
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

OFFICE = ["09:00–17:00"] * 5 + ["closed"] * 2


def calendars(request: DeskRequest) -> HttpResponse:
    request.actor.must("calendar.change")
    found = [(one, week_of(one)) for one in Calendar.objects.prefetch_related("policies")]
    return render(request, "web/settings/hours/list.html", {"calendars": found, "tab": "hours"})


def calendar(request: DeskRequest, number: int | None = None) -> HttpResponse:
    """Look at one and change it; without a number make one."""
    request.actor.must("calendar.change")
    found = find(number) if number else None
    if request.method != "POST":
        return _form(request, found, _as_typed(found))
    try:
        saved = save_calendar(found, _plan(request), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _typed(request), trouble)
    say(request, f"“{saved}” is saved. The clocks that run by it are reckoned again.")
    return HttpResponseRedirect(f"/settings/hours/{saved.pk}")


@require_POST
def delete(request: DeskRequest, number: int) -> HttpResponse:
    found = find(number)
    try:
        delete_calendar(found, by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _as_typed(found), trouble)
    say(request, f"“{found}” is gone.")
    return HttpResponseRedirect("/settings/hours")


def find(number: int) -> Calendar:
    found = Calendar.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such calendar.")
    return found


def week_of(calendar: Calendar) -> list[tuple[str, str, list[tuple[float, float]]]]:
    """Weekday, hours in words, and bars of a day that is 288 wide."""
    days = calendar.hours.week
    return [
        (name, say_hours(day), [(begin / 5, (end - begin) / 5) for begin, end in day])
        for name, day in zip(WEEKDAYS, days, strict=True)
    ]


def _form(
    request: DeskRequest, found: Calendar | None, typed: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "calendar": found,
        "typed": typed,
        "week": list(zip(WEEKDAYS, typed["week"], strict=True)),
        "countries": countries(),
        "trouble": trouble,
        "tab": "hours",
    }
    if found:
        context |= {"drawn": week_of(found), "specials": specials(found, timezone.localdate(now()))[:40]}
        context |= _trial(request, found)
    return render(request, "web/settings/hours/edit.html", context, status=trouble.status if trouble else 200)


def _as_typed(found: Calendar | None) -> dict[str, Any]:
    if found is None:
        zone = timezone.get_default_timezone_name()
        return {"name": "", "zone": zone, "country": "", "subdivision": "", "days": "", "week": OFFICE}
    plain = {name: getattr(found, name) for name in ("name", "zone", "country", "subdivision")}
    return plain | {"days": say_days(found.days), "week": [say_hours(day) for day in found.hours.week]}


def _typed(request: DeskRequest) -> dict[str, Any]:
    plain = {name: request.POST.get(name, "") for name in ("name", "zone", "country", "subdivision", "days")}
    return plain | {"week": [request.POST.get(f"day{number}", "") for number in range(7)]}


def _plan(request: DeskRequest) -> Plan:
    typed = _typed(request)
    week = [read_hours(text, weekday) for text, weekday in zip(typed["week"], WEEKDAYS, strict=True)]
    place = {"country": typed["country"].strip().upper(), "subdivision": typed["subdivision"].strip()}
    return Plan(typed["name"].strip(), typed["zone"].strip(), week, days=read_days(typed["days"]), **place)


def _trial(request: DeskRequest, calendar: Calendar) -> dict[str, Any]:
    """From when until when: how much is open between two times, or when so much is over."""
    given = {name: request.GET.get(name, "") for name in ("from", "until", "length")}
    begin_text = given["from"] or now().astimezone(ZoneInfo(calendar.zone)).strftime("%Y-%m-%dT%H:%M")
    shown: dict[str, Any] = {"ask": given | {"from": begin_text}}
    if not given["from"]:
        return shown
    try:
        trial = _ask(calendar, begin_text, given["until"], given["length"])
    except Trouble as trouble:
        return shown | {"trial_trouble": trouble}
    return shown | {"trial": _shown(trial, ZoneInfo(calendar.zone))}


def _shown(trial: Trial, zone: ZoneInfo) -> dict[str, Any]:
    """In the calendar's own time zone, as its hours are written."""

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%a %d %b %Y %H:%M}"

    pieces = [(at(one.begin), at(one.end), one.kind, long_words(one.length)) for one in trial.pieces[:60]]
    return {"begin": at(trial.begin), "end": at(trial.end), "open": long_words(trial.open), "pieces": pieces}


def _ask(calendar: Calendar, begin: str, until: str, length: str) -> Trial:
    zone = ZoneInfo(calendar.zone)
    start = _moment(begin, zone)
    if length.strip():
        return after(calendar, start, timedelta(minutes=read_span(length, "How long")))
    if not until:
        raise Invalid("Say how long it takes (like 4 h), or until when to count.")
    return measure(calendar, start, _moment(until, zone))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or not 1971 <= found.year <= 2200:
        raise Invalid("Choose a day and a time.")
    return found if timezone.is_aware(found) else found.replace(tzinfo=zone)
