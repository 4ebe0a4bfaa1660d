"""A chat's page: the line to copy, how it looks and behaves, and the real thing beside it to try."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.accounts.models import Team
from towerdesk.channels.account import account_of, hook_of
from towerdesk.channels.chat.channel import script_line
from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.open_chat import open_chat
from towerdesk.chats.ways import Ways, set_ways, ways_of
from towerdesk.hours.models import Calendar
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

COLOURS = ("#1f4f8f", "#0f6b5c", "#7a2e8e", "#b3402a", "#20242c", "#e8b53a")
THEMES = (("auto", "As the visitor's device"), ("light", "Light"), ("dark", "Dark"))
SIDES = (("end", "Right (left in right-to-left languages)"), ("start", "Left"))
ASKS = (("nothing", "Nothing"), ("maybe", "Name and mail, if they like"), ("must", "Name and mail, always"))


def new(request: DeskRequest) -> HttpResponse:
    request.actor.must("inbox.change")
    trouble: Trouble | None = None
    if request.method == "POST":
        try:
            team = Team.objects.filter(pk=_number(request, "team") or 0).first()
            if team is None:
                raise Invalid("Choose the team that answers.", {"team": "Choose one."})
            inbox = open_chat(request.POST.get("name", ""), team, by=request.actor)
            return HttpResponseRedirect(f"/settings/chats/{inbox.pk}")
        except Trouble as refused:
            trouble = refused
    context = {"teams": Team.objects.all(), "trouble": trouble, "typed": request.POST, "tab": "inboxes"}
    return render(request, "web/settings/chat/new.html", context, status=trouble.status if trouble else 200)


def chat(request: DeskRequest, inbox: int) -> HttpResponse:
    request.actor.must("inbox.change")
    found, trouble = find(inbox), None
    if request.method == "POST":
        try:
            set_ways(found, _typed(request), by=request.actor)
            say(request, f"{found} is saved. Pages that are open show it when they are loaded again.")
            return HttpResponseRedirect(f"/settings/chats/{found.pk}")
        except Trouble as refused:
            trouble = refused
    return _show(request, found, trouble)


@require_safe
def trial(request: DeskRequest, inbox: int) -> HttpResponse:
    """A page with nothing but the real chat on it: what is written here becomes a ticket."""
    request.actor.must("inbox.change")
    found = find(inbox)
    return render(request, "web/settings/chat/trial.html", {"inbox": found, "tab": "inboxes"})


def find(inbox: int) -> Inbox:
    found = Inbox.objects.filter(pk=inbox, channel="chat").first()
    if found is None:
        raise NotFound("There is no such chat.")
    return found


def _show(request: DeskRequest, inbox: Inbox, trouble: Trouble | None) -> HttpResponse:
    ways = ways_of(inbox)
    shown: dict[str, Any] = {**ways.model_dump(), "origins": "\n".join(ways.origins)}
    context = {
        "inbox": inbox,
        "line": script_line(hook_of(inbox)),
        "secret": account_of(inbox).get("secret"),
        "ways": shown | (request.POST.dict() if trouble else {}),
        "wrong": trouble.fields if isinstance(trouble, Invalid) else {},
        "trouble": trouble,
        "calendars": Calendar.objects.all(),
        "mails": Inbox.objects.filter(channel="email"),
        "present": Visitor.objects.filter(inbox=inbox).present().count(),
        "colours": COLOURS,
        "themes": THEMES,
        "sides": SIDES,
        "asks": ASKS,
        "tab": "inboxes",
    }
    return render(request, "web/settings/chat/page.html", context, status=trouble.status if trouble else 200)


def _typed(request: DeskRequest) -> dict[str, Any]:
    given = {name: request.POST[name].strip() for name in Ways.model_fields if name in request.POST}
    numbers = {name: _number(request, name) for name in ("calendar", "mail_inbox")}
    return {**given, **numbers, "files": "files" in request.POST, "origins": request.POST.get("origins", "").split()}


def _number(request: DeskRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None
