"""What every page of the desk knows: where one can go, the theme, whether keys are on, what has just been done."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from towerdesk.accounts.halt import halted
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.problems.banners import banners_at
from towerdesk.web.toasts import toasts


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    path: str
    icon: str
    needs: str = "ticket.read"


PLACES = (
    Place("Tower", "/", "list"),
    Place("Tickets", "/tickets", "rows"),
    Place("Problems", "/problems", "doubt"),
    Place("People", "/people", "person", "person.read"),
    Place("Articles", "/articles", "book", "article.read"),
    Place("Procedures", "/procedures", "form"),
    Place("Licences", "/licences", "ladder"),
    Place("Reports", "/reports", "chart", "report.read"),
    Place("Intake", "/intake", "inbox", "raw.read"),
    Place("Settings", "/settings", "gear"),
)
THEMES = ("light", "dark")


def desk(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    theme = request.COOKIES.get("theme")
    return {
        "actor": actor,
        "places": [place for place in PLACES if actor and actor.can(place.needs)],
        "here": _place_of(request.path),
        "theme": theme if theme in THEMES else "",
        "keys_off": request.COOKIES.get("keys") == "off",
        "halt": halted() if actor and getattr(request.user, "stops", False) else None,
        "toasts": toasts(request),
        "notices": SimpleLazyObject(lambda: banners_at("desk") if actor else []),
        "drawn": int(now().timestamp()),
    }


def _place_of(path: str) -> str:
    if path.startswith("/notifications"):
        return "/notifications"
    if path.startswith("/grade"):
        return "/licences"
    found = [place.path for place in PLACES if place.path != "/" and path.startswith(place.path)]
    return found[0] if found else "/" if path == "/" else ""
