"""Staffing: who can do what and how much, who is away, what a ticket of each channel weighs."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import User
from towerdesk.automation.models import Absence, Profile, Skill
from towerdesk.automation.routing.load import OPEN, weights
from towerdesk.automation.routing.save import (
    MOST_UNITS,
    add_absence,
    end_absence,
    save_person,
    save_skill,
    save_weight,
    set_available,
)
from towerdesk.automation.routing.working import working
from towerdesk.channels.models import Inbox
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number, one_line
from towerdesk.tickets.models import Ticket
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

BACK = "/settings/staffing"
YEARS = (2000, 2999)
"""Of an absence: what lies outside is a slip of the finger."""


def staffing(request: DeskRequest, trouble: Trouble | None = None, at: str = "") -> HttpResponse:
    """With what was typed into the form `at`, and the sentence at its field, when that could not be taken."""
    people = list(_people())
    weighs = weights()
    at_work, units = working([person.pk for person in people], now()), _units(weighs)
    channels = sorted({*Inbox.objects.order_by().values_list("channel", flat=True).distinct(), *weighs})
    rows = [_row(person, person.pk in at_work, units.get(person.pk, 0), channels) for person in people]
    context = {
        "rows": rows,
        "skills": list(Skill.objects.prefetch_related("people")),
        "absences": Absence.objects.filter(ends__gt=now()).select_related("user"),
        "weights": [(channel, weighs.get(channel, 1)) for channel in channels],
        "people": [(str(person.pk), person.name) for person in people],
        "tab": "staffing",
    }
    if trouble is not None:
        _put_back(request, context, trouble, at)
    return render(request, "web/staffing/page.html", context, status=trouble.status if trouble else 200)


def _put_back(request: DeskRequest, context: dict[str, Any], trouble: Trouble, at: str) -> None:
    """What names no field is said above the form."""
    typed, wrong = request.POST.dict(), getattr(trouble, "fields", {}) or {"": str(trouble)}
    context |= {"at": at, "typed": typed, "wrong": wrong}
    if at == "weights":
        context["weights"] = [(name, typed.get(f"weight_{name}", units)) for name, units in context["weights"]]
    for row in context["rows"]:
        if at == f"person {row['person'].pk}":
            row |= {"at": at, "wrong": wrong, "most": typed.get("most", ""), "languages": typed.get("languages", "")}
            row["limits"] = [(name, typed.get(f"limit_{name}", "")) for name, _ in row["limits"]]
            row["skills"] = list(Skill.objects.filter(pk__in=_chosen(request)))


def _people() -> Any:
    here = User.objects.filter(is_active=True).exclude(role="viewer")
    return here.select_related("profile").prefetch_related("teams", "skills", "channel_limits")


def _units(weighs: dict[str, int]) -> dict[int | None, int]:
    """Units of open work in each person's hands."""
    found: dict[int | None, int] = {}
    rows = Ticket.objects.filter(status__in=OPEN).exclude(assignee=None).values_list("assignee_id", "inbox__channel")
    for user, channel in rows.order_by():
        found[user] = found.get(user, 0) + weighs.get(channel, 1)
    return found


def _row(person: User, at_work: bool, has: int, channels: list[str]) -> dict[str, Any]:
    profile = getattr(person, "profile", None) or Profile(user=person)
    limits = {limit.channel: limit.units for limit in person.channel_limits.all()}
    return {
        "person": person,
        "id": str(person.pk),
        "profile": profile,
        "at_work": at_work,
        "has": has,
        "full": has >= profile.most,
        "most": profile.most,
        "languages": ", ".join(profile.languages),
        "skills": list(person.skills.all()),
        "limits": [(channel, limits.get(channel, "")) for channel in channels],
    }


@require_POST
def change_person(request: DeskRequest, user: int) -> HttpResponse:
    person = _find(user)
    limits = {name: value for name, value in request.POST.dict().items() if name.startswith("limit_")}
    try:
        save_person(
            person,
            most=_number("most", request.POST.get("most", "")),
            languages=request.POST.get("languages", "").split(","),
            skills=Skill.objects.filter(pk__in=_chosen(request)),
            limits={
                name.removeprefix("limit_")[:20]: _number(name, value)
                for name, value in limits.items()
                if value.strip()
            },
            by=request.actor,
        )
    except Invalid as trouble:
        return staffing(request, trouble, f"person {person.pk}")
    say(request, f"{person} is planned.")
    return HttpResponseRedirect(BACK)


def _chosen(request: DeskRequest) -> list[int]:
    return [as_number(pk) for pk in request.POST.getlist("skills")]


@require_POST
def available(request: DeskRequest, user: int) -> HttpResponse:
    person, on = _find(user), request.POST.get("on") == "yes"
    set_available(person, on=on, by=request.actor)
    say(request, f"{person} is given new tickets{'' if on else ' no longer'}.")
    return HttpResponseRedirect(BACK)


@require_POST
def add_skill(request: DeskRequest) -> HttpResponse:
    try:
        skill = save_skill(request.POST.get("name", ""), by=request.actor)
    except Invalid as trouble:
        return staffing(request, trouble, "skill")
    say(request, f"There is a skill “{skill}” now: tick who has it.")
    return HttpResponseRedirect(BACK)


@require_POST
def weigh(request: DeskRequest) -> HttpResponse:
    """All or none."""
    given = {name: value for name, value in request.POST.dict().items() if name.startswith("weight_") and value.strip()}
    try:
        with transaction.atomic():
            for name, value in given.items():
                save_weight(name.removeprefix("weight_")[:20], _weight(name, value), by=request.actor)
    except Invalid as trouble:
        return staffing(request, trouble, "weights")
    say(request, "The weights are saved.")
    return HttpResponseRedirect(BACK)


def _weight(name: str, value: str) -> int:
    units = _number(name, value)
    if not 1 <= units <= MOST_UNITS:
        sentence = f"A ticket weighs from 1 to {MOST_UNITS} units: choose another number."
        raise Invalid(sentence, {name: sentence})
    return units


@require_POST
def absent(request: DeskRequest) -> HttpResponse:
    """Whole days, in the reader's time zone; the last one included."""
    try:
        person = _away(request.POST.get("user", ""))
        begins, last = _days(request.POST.get("begins", ""), request.POST.get("ends", ""))
        add_absence(person, begins, last + timedelta(days=1), request.POST.get("why", ""), by=request.actor)
    except Invalid as trouble:
        return staffing(request, trouble, "absence")
    say(request, f"{person} is away from {begins:%-d %b} to {last:%-d %b}: others get what comes in.")
    return HttpResponseRedirect(BACK)


@require_POST
def back_again(request: DeskRequest, absence: int) -> HttpResponse:
    found = Absence.objects.select_related("user").filter(pk=absence).first()
    if found is None:
        raise NotFound("There is no such absence: perhaps somebody ended it.")
    end_absence(found, by=request.actor)
    say(request, f"{found.user} is back.")
    return HttpResponseRedirect(BACK)


def _find(user: int) -> User:
    found = User.objects.filter(pk=user, is_active=True).first()
    if found is None:
        raise NotFound("There is no such person here.")
    return found


def _away(given: str) -> User:
    found = User.objects.filter(pk=as_number(given), is_active=True).first()
    if found is None:
        raise Invalid("Choose somebody.", {"user": "Choose somebody who is here."})
    return found


def _number(field: str, text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdecimal()) or len(text) > 6:
        sentence = f"“{one_line(text, 40)}” is no whole number: write for example 12."
        raise Invalid(sentence, {field: sentence})
    return int(text)


def _days(begins: str, ends: str) -> tuple[datetime, datetime]:
    """Both that can't be read are said at once."""
    first, last = _day(begins), _day(ends)
    if first is None or last is None:
        days = {"begins": (first, "Choose the first day."), "ends": (last, "Choose the last day.")}
        raise Invalid(
            "Choose the first and the last day of the absence.",
            {name: sentence for name, (day, sentence) in days.items() if day is None},
        )
    return first, last


def _day(text: str) -> datetime | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        return None
    return timezone.make_aware(datetime.combine(found, time.min))
