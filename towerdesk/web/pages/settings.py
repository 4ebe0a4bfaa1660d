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
from towerdesk.channels.account import KEY
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.keep import KEY as LEAVE
from towerdesk.channels.set_up import LIMITS, change_inbox
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Trouble
from towerdesk.lib.text import as_number, one_line
from towerdesk.web.pages.inboxes import show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SECRET = ("password", "secret", "token", "key")
"""What a setting's name holds when its value is never shown."""


def inboxes(request: DeskRequest) -> HttpResponse:
    found = [(inbox, _shown(inbox.settings)) for inbox in Inbox.objects.select_related("team")]
    return render(request, "web/settings/inboxes.html", {"inboxes": found, "tab": "inboxes"})


def one_inbox(request: DeskRequest, inbox: int) -> HttpResponse:
    return change_one_inbox(request, inbox) if request.method == "POST" else show(request, inbox)


def change_one_inbox(request: DeskRequest, inbox: int) -> HttpResponse:
    found = Inbox.objects.filter(pk=inbox).first()
    if found is None:
        raise NotFound("There is no such inbox.")
    given = {name: request.POST.get(name, "") for name in LIMITS}
    if not all(value.isdecimal() for value in given.values()):
        raise Invalid("Give a whole number of seconds and of days.")
    change_inbox(found, by=request.actor, **{name: int(value) for name, value in given.items()})
    say(request, f"{found} is changed.")
    return HttpResponseRedirect("/settings")


def _shown(settings: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Names and values; secrets only say that they are there."""
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        if name in (KEY, LEAVE):
            continue  # on the inbox's own page
        if isinstance(value, dict):
            rows += _shown(value, f"{before}{name} ")
        elif any(word in name.lower() for word in SECRET):
            rows.append((f"{before}{name}", "set" if value else "not set"))
        else:
            rows.append((f"{before}{name}", str(value)))
    return rows


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
