"""Settings, in their first form: inboxes, people and teams, API keys."""

import secrets
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.change_user import change_user
from towerdesk.accounts.create_team import create_team
from towerdesk.accounts.keys import create_key, revoke_key
from towerdesk.accounts.models import ApiKey, Team, User
from towerdesk.accounts.roles import ROLES
from towerdesk.accounts.users import create_user, set_password
from towerdesk.channels.models import Inbox
from towerdesk.channels.set_up import LIMITS, change_inbox
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number, one_line
from towerdesk.web.inbox_words import shown
from towerdesk.web.pages.inboxes import show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

LIMIT_WORDS = {
    "undo_seconds": "A reply can be stopped for, in seconds",
    "reopen_days": "An answer reopens a closed ticket for, in days",
}


def inboxes(request: DeskRequest, trouble: Trouble | None = None, at: int = 0) -> HttpResponse:
    """With what was typed for the inbox `at`, and the sentence at its field, when that could not be taken."""
    found = [
        (inbox, shown(inbox.settings), _limits(request, inbox, trouble if inbox.pk == at else None))
        for inbox in Inbox.objects.select_related("team")
    ]
    context = {"inboxes": found, "tab": "inboxes"}
    return render(request, "web/settings/inboxes.html", context, status=trouble.status if trouble else 200)


def _limits(request: DeskRequest, inbox: Inbox, trouble: Trouble | None) -> list[dict[str, Any]]:
    wrong = trouble.fields if isinstance(trouble, Invalid) else {}
    return [
        {
            "name": name,
            "label": LIMIT_WORDS[name],
            "value": request.POST.get(name, "") if trouble else getattr(inbox, name),
            "least": least,
            "most": most,
            "wrong": wrong.get(name, ""),
        }
        for name, (least, most) in LIMITS.items()
    ]


def one_inbox(request: DeskRequest, inbox: int) -> HttpResponse:
    return change_one_inbox(request, inbox) if request.method == "POST" else show(request, inbox)


def change_one_inbox(request: DeskRequest, inbox: int) -> HttpResponse:
    request.actor.must("inbox.change")
    found = Inbox.objects.filter(pk=inbox).first()
    if found is None:
        raise NotFound("There is no such inbox.")
    try:
        given = {name: _whole(name, request.POST.get(name, "")) for name in LIMITS}
        change_inbox(found, by=request.actor, **given)
    except Invalid as trouble:
        return inboxes(request, trouble, found.pk)
    say(request, f"{found} is changed.")
    return HttpResponseRedirect("/settings")


def _whole(name: str, given: str) -> int:
    least, most = LIMITS[name]
    if not (given.strip().isascii() and given.strip().isdecimal()) or len(given) > 9:
        raise Invalid("Give a whole number.", {name: f"Give a whole number from {least} to {most}."})
    return int(given)


def people(request: DeskRequest, trouble: Trouble | None = None, **shown: Any) -> HttpResponse:
    """With what was typed, when it could not be taken."""
    context = {
        "people": User.objects.prefetch_related("teams").order_by("-is_active", "name"),
        "teams": Team.objects.all(),
        "roles": [(role, role) for role in ROLES],
        "tab": "people",
        "trouble": trouble,
        "typed": request.POST if trouble else {},
        "typed_teams": _numbers(request, "teams") if trouble else [],
        **shown,
    }
    return render(request, "web/settings/people.html", context, status=trouble.status if trouble else 200)


@require_POST
def add_person(request: DeskRequest) -> HttpResponse:
    """The first password is shown once, to be handed over; the person changes it under My account."""
    name, email = one_line(request.POST.get("name", ""), 120), request.POST.get("email", "").strip()
    password = secrets.token_urlsafe(10)
    try:
        user = create_user(email, password, name=name, role=request.POST.get("role", "agent"), by=request.actor)
    except (Conflict, Invalid) as trouble:
        return people(request, trouble, adds="person")
    teams = Team.objects.filter(pk__in=_numbers(request, "teams"))
    change_user(user, teams=teams, by=request.actor)
    return people(request, made=user, password=password)


@require_POST
def change_person(request: DeskRequest, user: int) -> HttpResponse:
    found = User.objects.filter(pk=user).first()
    if found is None:
        raise NotFound("There is no such person.")
    if "password" in request.POST:
        password = secrets.token_urlsafe(10)
        set_password(found, password, by=request.actor)
        return people(request, made=found, password=password)
    if "active" in request.POST:
        change_user(found, active=request.POST["active"] == "yes", by=request.actor)
    else:
        teams = Team.objects.filter(pk__in=_numbers(request, "teams"))
        change_user(found, role=request.POST.get("role"), teams=teams, by=request.actor)
    say(request, f"{found} is changed.")
    return HttpResponseRedirect("/settings/people")


@require_POST
def add_team(request: DeskRequest) -> HttpResponse:
    try:
        team = create_team(request.POST.get("name", ""), restricted="restricted" in request.POST, by=request.actor)
    except (Conflict, Invalid) as trouble:
        return people(request, trouble, adds="team")
    say(request, f"There is a team {team} now.")
    return HttpResponseRedirect("/settings/people")


def keys(request: DeskRequest, trouble: Trouble | None = None, **shown: Any) -> HttpResponse:
    """With what was typed, when it could not be taken."""
    request.actor.must("key.create")
    context = {
        "api_keys": ApiKey.objects.order_by("revoked_at", "-id"),
        "roles": [(role, role) for role in ROLES],
        "tab": "keys",
        "trouble": trouble,
        "typed": request.POST if trouble else {},
        **shown,
    }
    return render(request, "web/settings/keys.html", context, status=trouble.status if trouble else 200)


@require_POST
def add_key(request: DeskRequest) -> HttpResponse:
    name = one_line(request.POST.get("name", ""), 80)
    try:
        if not name:
            raise Invalid("Say in a word or two what this key is for.")
        made, secret = create_key(name, request.POST.get("role", "agent"), by=request.actor)
    except Invalid as trouble:
        return keys(request, trouble)
    return keys(request, made=made, secret=secret)


@require_POST
def end_key(request: DeskRequest, key: int) -> HttpResponse:
    found = ApiKey.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such key.")
    revoke_key(found, by=request.actor)
    say(request, f"{found.name} is revoked: whoever uses it is refused from now on.")
    return HttpResponseRedirect("/settings/keys")


def _numbers(request: DeskRequest, name: str) -> list[int]:
    return [as_number(value) for value in request.POST.getlist(name)]
