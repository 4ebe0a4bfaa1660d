"""Forms: what is asked for one type of request, and in which order."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.lib.errors import Conflict, NotFound, Trouble
from towerdesk.tickets.models import Form, Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_things
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.shape_fields import BUILT_IN, save_form
from towerdesk.tickets.taxonomy.usage import Usage, usage, usage_of
from towerdesk.web.pages.lists import TOLD, moved
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def forms(request: DeskRequest) -> HttpResponse:
    request.actor.must("taxonomy.change")
    used = usage("form")
    rows = [(one, used.get(one.key, Usage())) for one in _in_order()]
    return render(request, "web/settings/forms.html", {"tab": "forms", "rows": rows})


@require_POST
def order(request: DeskRequest) -> HttpResponse:
    keys = moved([one.key for one in _in_order()], request.POST.get("key", ""), request.POST.get("to", ""))
    arrange_things(Form, keys, by=request.actor)
    return HttpResponseRedirect("/settings/forms")


def form(request: DeskRequest, key: str = "", *, trouble: Trouble | None = None) -> HttpResponse:
    """One form, or with no key a new one."""
    request.actor.must("taxonomy.change")
    found = Form.objects.filter(key=key).first() if key else Form()
    if found is None:
        raise NotFound(f"There is no form “{key}”.")
    if request.method == "POST" and trouble is None:
        return _edit(request, found)
    known = taxonomy()
    context: dict[str, Any] = {
        "tab": "forms",
        "form": found,
        "lines": _lines(request, found),
        "types": _with(known.choosable("type"), found.type, "type"),
        "areas": _with(known.choosable("area"), found.area, "area"),
        "intents": Intent.objects.filter(active=True),
        "teams": Team.objects.all(),
        "used": usage_of("form", key) if key else Usage(),
        "stays": why_it_stays(found) if key else "",
        "typed": request.POST if trouble else {},
        "trouble": trouble,
    }
    return render(request, "web/settings/form.html", context, status=trouble.status if trouble else 200)


def _lines(request: DeskRequest, form: Form) -> list[dict[str, Any]]:
    """Everything that could be asked; what is asked comes first, in its order."""
    asked = _asks(request) if request.method == "POST" else form.asks
    place = {one["ask"]: number for number, one in enumerate(asked, start=1)}
    said = {one["ask"]: one for one in asked}
    names = BUILT_IN | {one.key: one.name for one in taxonomy().fields.values() if not one.retired or one.key in said}
    lines = [
        {"key": key, "name": name, "place": place.get(key, ""), "required": False, "help": "", **said.get(key, {})}
        for key, name in names.items()
    ]
    return sorted(lines, key=lambda line: (line["place"] == "", line["place"] or 0))


def _asks(request: DeskRequest) -> list[dict[str, Any]]:
    """A line with a number is asked; the numbers are the order."""
    given = request.POST
    asks = []
    for key in given.getlist("ask"):
        place = given.get(f"{key}.place", "").strip()
        if place.isdecimal() and int(place):
            required, told = f"{key}.required" in given, given.get(f"{key}.help", "")
            asks.append((int(place), {"ask": key, "required": required, "help": told}))
    return [one for _, one in sorted(asks, key=lambda pair: pair[0])]


def _edit(request: DeskRequest, found: Form) -> HttpResponse:
    does = request.POST.get("does", "save")
    try:
        if does == "save":
            saved = _save(request, found)
            say(request, f"“{saved}” is saved.")
        else:
            saved = found
            {"retire": retire, "revive": revive, "remove": remove}[does](found, by=request.actor)
            say(request, TOLD[does].format(found))
    except Trouble as trouble:
        return form(request, found.key, trouble=trouble)
    return HttpResponseRedirect("/settings/forms" if does == "remove" else f"/settings/forms/{saved.key}")


def _save(request: DeskRequest, found: Form) -> Form:
    given = request.POST
    key = found.key or slugify(given.get("name", ""))[:40]
    if not found.key and Form.objects.filter(key=key).exists():
        raise Conflict(f"There is a form “{key}” already: give this one another name.")
    intent = Intent.objects.filter(slug=given.get("intent", "")).first()
    team = Team.objects.filter(slug=given.get("team", "")).first()
    values = {name: given.get(name, "") for name in ("name", "help", "type", "area")}
    return save_form(key, intent=intent, team=team, asks=_asks(request), by=request.actor, **values)


def _with(options: list[tuple[str, str]], chosen: str, kind: str) -> list[tuple[str, str]]:
    """What is set stays choosable, even if it is retired."""
    return options if not chosen or chosen in dict(options) else [*options, (chosen, taxonomy().name(kind, chosen))]


def _in_order() -> list[Form]:
    return sorted(Form.objects.select_related("team"), key=lambda one: one.retired_at is not None)
