"""How I am told of things: a grid of kinds and ways, quiet hours, the digest, a webhook; and where teams are told."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_time
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.notifications.kinds import KINDS, WAYS
from towerdesk.notifications.models import LOST, Post, Preference
from towerdesk.notifications.notify import preference_of
from towerdesk.notifications.prefer import Wish, hook_team, prefer
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

HERE = "/me/notifications"
LATELY = 5


def told(request: DeskRequest) -> HttpResponse:
    kept = preference_of(request.user)
    if request.method != "POST":
        return _form(request, kept)
    try:
        prefer(request.user, _wish(request, kept), by=request.actor)
    except Trouble as trouble:
        return _form(request, kept, trouble)
    say(request, "From now on you are told this way.")
    return HttpResponseRedirect(HERE)


@require_POST
def hook(request: DeskRequest, team: int) -> HttpResponse:
    found = Team.objects.filter(pk=team).first()
    if found is None:
        raise NotFound("There is no such team.")
    url = "" if "remove" in request.POST else request.POST.get("hook", "")
    try:
        hook_team(found, url, by=request.actor)
    except Invalid as trouble:
        return _form(request, preference_of(request.user), trouble)
    say(request, f"{found} is told there from now on." if url else f"{found} has no webhook any more.")
    return HttpResponseRedirect(HERE)


def _wish(request: DeskRequest, kept: Preference) -> Wish:
    """An empty field for the webhook leaves the one that is kept: it is never shown again."""
    post = request.POST
    hook = "" if "remove_hook" in post else post.get("hook", "").strip() or None
    had = bool(hook or (kept.hook and hook is None))
    return Wish(
        ways={kind: _ways(post, kind, had) for kind in KINDS},
        zone=post.get("zone", ""),
        quiet=(_time(post, "quiet_from"), _time(post, "quiet_until")),
        digest_at=_time(post, "digest_at") or time(8),
        hook=hook,
    )


def _ways(post: Any, kind: str, has_hook: bool) -> list[str]:
    return [way for way in WAYS if f"{kind}.{way}" in post and (way != "hook" or has_hook)]


def _time(post: Any, name: str) -> time | None:
    said = post.get(name, "").strip()
    try:
        found = parse_time(said) if said else None
    except ValueError:
        found = None
    if said and found is None:
        raise Invalid(f"“{said[:20]}” is no time of day: write it as 22:00.", {name: "Write it as 22:00."})
    return found


def _form(request: DeskRequest, kept: Preference, trouble: Trouble | None = None) -> HttpResponse:
    may = request.actor.can("user.create")
    typed = request.POST if trouble and "digest_at" in request.POST else None
    rows = [
        (one, [(f"{kind}.{way}", words, _chosen(kept, kind, way, typed)) for way, words in WAYS.items()])
        for kind, one in KINDS.items()
    ]
    context = {
        "tab": "me",
        "ways": WAYS.values(),
        "rows": rows,
        "kept": kept,
        "values": typed or _values(kept),
        "zones": sorted(available_timezones()),
        "desk_zone": settings.TIME_ZONE,
        "trouble": trouble,
        "lost": _lost(user=kept.user),
        "teams": Team.objects.select_related("hook") if may else [],
        "team_lost": _lost(team__isnull=False) if may else [],
    }
    return render(request, "web/settings/told.html", context, status=trouble.status if trouble else 200)


def _lost(**whose: Any) -> Any:
    return Post.objects.filter(state__in=LOST, **whose).select_related("team").order_by("-ended_at")[:LATELY]


def _chosen(kept: Preference, kind: str, way: str, typed: Any) -> bool:
    return f"{kind}.{way}" in typed if typed else way in kept.ways_of(kind)


def _values(kept: Preference) -> dict[str, str]:
    times = {name: getattr(kept, name) for name in ("quiet_from", "quiet_until", "digest_at")}
    return {"zone": kept.zone, **{name: f"{at:%H:%M}" if at else "" for name, at in times.items()}}
