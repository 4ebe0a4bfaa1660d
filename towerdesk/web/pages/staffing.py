"""Staffing: who can do what and how much, who is away, what a ticket of each channel weighs."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import User
from towerdesk.automation.models import Absence, Profile, Skill
from towerdesk.automation.routing.load import OPEN, weights
from towerdesk.automation.routing.save import (
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
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.tickets.models import Ticket
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

BACK = "/settings/staffing"


def staffing(request: DeskRequest) -> HttpResponse:
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
    return render(request, "web/staffing/page.html", context)


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
        "profile": profile,
        "at_work": at_work,
        "has": has,
        "full": has >= profile.most,
        "languages": ", ".join(profile.languages),
        "skills": list(person.skills.all()),
        "limits": [(channel, limits.get(channel, "")) for channel in channels],
    }


@require_POST
def change_person(request: DeskRequest, user: int) -> HttpResponse:
    person = _find(user)
    limits = {
        name.removeprefix("limit_"): value for name, value in request.POST.dict().items() if name.startswith("limit_")
    }
    save_person(
        person,
        most=_number(request.POST.get("most", "")),
        languages=request.POST.get("languages", "").split(","),
        skills=Skill.objects.filter(pk__in=[pk for pk in request.POST.getlist("skills") if pk.isdecimal()]),
        limits={channel[:20]: _number(value) for channel, value in limits.items() if value.strip()},
        by=request.actor,
    )
    say(request, f"{person} is planned.")
    return HttpResponseRedirect(BACK)


@require_POST
def available(request: DeskRequest, user: int) -> HttpResponse:
    person, on = _find(user), request.POST.get("on") == "yes"
    set_available(person, on=on, by=request.actor)
    say(request, f"{person} is given new tickets{'' if on else ' no longer'}.")
    return HttpResponseRedirect(BACK)


@require_POST
def add_skill(request: DeskRequest) -> HttpResponse:
    skill = save_skill(request.POST.get("name", ""), by=request.actor)
    say(request, f"There is a skill “{skill}” now: tick who has it.")
    return HttpResponseRedirect(BACK)


@require_POST
def weigh(request: DeskRequest) -> HttpResponse:
    for name, value in request.POST.dict().items():
        if name.startswith("weight_") and value.strip():
            save_weight(name.removeprefix("weight_")[:20], _number(value), by=request.actor)
    say(request, "The weights are saved.")
    return HttpResponseRedirect(BACK)


@require_POST
def absent(request: DeskRequest) -> HttpResponse:
    """Whole days, in the reader's time zone; the last one included."""
    given = request.POST.get("user", "")
    person = _find(int(given) if given.isdecimal() else 0)
    begins, ends = _day(request.POST.get("begins", "")), _day(request.POST.get("ends", "")) + timedelta(days=1)
    add_absence(person, begins, ends, request.POST.get("why", ""), by=request.actor)
    say(
        request,
        f"{person} is away from {begins:%-d %b} to {ends - timedelta(days=1):%-d %b}: others get what comes in.",
    )
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


def _number(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 6:
        raise Invalid(f"“{text}” is no whole number: write for example 12.")
    return int(text)


def _day(text: str) -> datetime:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid("Choose the first and the last day of the absence.")
    return timezone.make_aware(datetime.combine(found, time.min))
