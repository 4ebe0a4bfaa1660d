"""One inbox: what its provider needs, step by step, how it is doing, and whether everything that came is accounted for."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.channels.account import KEY, account_of, door_of, hook_of, plain_fields
from towerdesk.channels.connect import connect, public_enough
from towerdesk.channels.contract import Incoming
from towerdesk.channels.doors import Door, Field, Hooked
from towerdesk.channels.listing import Listing
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel, channels
from towerdesk.channels.set_up import change_inbox, open_inbox
from towerdesk.hours.models import Calendar
from towerdesk.intake.lag import lag
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import replay
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Message
from towerdesk.web.pages.inbox_trial import around
from towerdesk.web.pages.mail_ways import mail_around
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST_AGAIN = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the account as the form shows it: of a secret only whether it is there."""

    field: Field
    value: str
    is_set: bool


def new(request: DeskRequest) -> HttpResponse:
    request.actor.must("inbox.change")
    trouble = ""
    if request.method == "POST":
        try:
            return _open(request)
        except Trouble as error:
            trouble = str(error)
    context = {
        "tab": "inboxes",
        "kinds": _kinds(),
        "teams": Team.objects.all(),
        "trouble": trouble,
        "typed": request.POST,
    }
    return render(request, "web/settings/new_inbox.html", context, status=422 if trouble else 200)


def _open(request: DeskRequest) -> HttpResponse:
    kind, name = request.POST.get("channel", ""), one_line(request.POST.get("name", ""), 80)
    team = Team.objects.filter(slug=request.POST.get("team", "")).first()
    if kind not in dict(_kinds()) or not name or team is None:
        raise Invalid("An inbox needs a channel, a name and a team.")
    given = request.POST.get("address", "").strip().lower()
    address = given if kind == "email" else f"{kind}:{given}"
    if not given or " " in given or (kind == "email") != ("@" in given and ":" not in given):
        raise Invalid("Give a mail address for mail, else a short word of your own without spaces.")
    inbox = open_inbox(address, name=name, team=team, channel=kind, by=request.actor)
    say(request, f"There is an inbox {inbox} now.")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox.pk}")


def _kinds() -> list[tuple[str, str]]:
    """Mail, and whatever a provider calls. A chat on a site is made on a page of its own."""
    others = [name for name in channels() if name != "chat"]
    hooked = [(name, speaks.title) for name in others if isinstance(speaks := channel(name), Hooked)]
    return [("email", "E-mail"), *hooked]


def show(request: DeskRequest, inbox: int, **more: Any) -> HttpResponse:
    request.actor.must("inbox.change")
    found = find(inbox)
    door = door_of(found)
    is_called = door and not isinstance(channel(found.channel), Listing)
    context = {
        "tab": "inboxes",
        "asked": _asked(found, door) if door else [],
        "hook": hook_of(found) if is_called else "",
        "health": _health(found),
        "lag": lag(found),
        "not_public": public_enough() if is_called else "",
        "calendars": Calendar.objects.all(),
        **around(request, found),
        **_steps(found, door),
        **mail_around(found),
        **more,
    }
    return render(request, "web/settings/inbox.html", context)


def _asked(inbox: Inbox, door: Door) -> list[Asked]:
    shown, kept = plain_fields(inbox), inbox.settings.get(KEY) or {}
    return [Asked(field, shown.get(field.name, ""), bool(kept.get(field.name))) for field in door.fields]


def _steps(inbox: Inbox, door: Door | None) -> dict[str, Any]:
    """Secrets that can't be opened are a sentence, not a broken page."""
    if door is None:
        return {"steps": []}
    try:
        account = account_of(inbox)
        return {"steps": door.steps(account), "missing": channel(inbox.channel).ready(account)}
    except Trouble as error:
        return {"steps": [], "missing": str(error)}


def _health(inbox: Inbox) -> dict[str, Any]:
    """Arrived = on tickets + bounces + set aside + failed + being read; and replies that did not get away."""
    rows = Raw.objects.filter(inbox=inbox).order_by().values_list("state").annotate(number=Count("pk"))
    states = Counter(dict(rows))
    stuck = Message.objects.filter(ticket__inbox=inbox, delivery__in=("failed", "unsure", "bounced")).count()
    waiting = Message.objects.filter(ticket__inbox=inbox, delivery="queued").count()
    return {
        "arrived": states.total(),
        "on_tickets": states["ticket"] + states["message"],
        "bounces": states["bounce"],
        "set_aside": states["set_aside"],
        "failed": states["failed"],
        "being_read": states["stored"],
        "stuck": stuck,
        "waiting": waiting,
    }


@require_POST
def join(request: DeskRequest, inbox: int) -> HttpResponse:
    """Connect, or say what the provider said against it; what was typed is kept either way, apart from what is missing."""
    found = find(inbox)
    try:
        say(request, connect(found, request.POST.dict(), by=request.actor))
    except Trouble as error:
        return show(request, inbox, trouble=str(error))
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}")


@require_POST
def pause(request: DeskRequest, inbox: int) -> HttpResponse:
    found = find(inbox)
    change_inbox(found, paused=not found.paused, by=request.actor)
    say(request, f"{found} is paused: what comes is kept." if found.paused else f"{found} goes on.")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}")


@require_POST
def again(request: DeskRequest, inbox: int) -> HttpResponse:
    """Read whatever failed once more."""
    found = find(inbox)
    failed = list(Raw.objects.filter(inbox=found, state="failed").defer("content").order_by("pk")[:MOST_AGAIN])
    for raw in failed:
        replay(raw, by=request.actor)
    say(request, f"{len(failed)} being read once more." if failed else "Nothing had failed.")
    return HttpResponseRedirect(f"/settings/inboxes/{inbox}")


@require_POST
def preview(request: DeskRequest, inbox: int) -> HttpResponse:
    """How the last call would be read with what is typed just now; nothing is kept."""
    request.actor.must("inbox.change")
    found = find(inbox)
    raw = Raw.objects.filter(inbox=found).order_by("-pk").first()
    speaks = channel(found.channel)
    door = door_of(found)
    fields = [one.name for one in door.fields if not one.secret] if door else []
    typed = {name: request.POST.get(name, "").strip() for name in fields}
    read: Incoming | None = None
    if raw is not None:
        envelope = {**raw.envelope, "account": {name: value for name, value in typed.items() if value}}
        read = speaks.read(bytes(raw.content), envelope, [])
    context = {"raw": raw, "read": read, "content": bytes(raw.content[:4000]).decode(errors="replace") if raw else ""}
    return render(request, "web/settings/inbox_preview.html", context)


def find(inbox: int) -> Inbox:
    found = Inbox.objects.select_related("team").filter(pk=inbox).first()
    if found is None:
        raise NotFound("There is no such inbox.")
    return found
