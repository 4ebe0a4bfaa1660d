"""Intents: what people want, whose it is, and what it presets. How far the assistant goes is set under Licences."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.accounts.models import Team
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.slugs import slug_of
from towerdesk.tickets.intents import change_intent, make_intent, remove_intent, why_it_stays
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import RISKS
from towerdesk.tickets.models.ticket import PRIORITIES
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.merge import part_intent
from towerdesk.tickets.taxonomy.usage import Usage, usage, usage_of
from towerdesk.web.pages.lists import TOLD
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def intents(request: DeskRequest) -> HttpResponse:
    request.actor.must("intent.change")
    used = usage("intent")
    every = Intent.objects.select_related("team", "merged_into").order_by("-active", "name")
    rows = [(one, used.get(one.slug, Usage())) for one in every]
    return render(request, "web/settings/intents.html", {"tab": "intents", "rows": rows})


def intent(request: DeskRequest, slug: str = "", *, trouble: Trouble | None = None) -> HttpResponse:
    """One intent, or without a slug a new one."""
    request.actor.must("intent.change")
    found = Intent.objects.select_related("team", "merged_into").filter(slug=slug).first() if slug else Intent()
    if found is None:
        raise NotFound(f"There is no intent “{slug}”.")
    if request.method == "POST" and trouble is None:
        return _edit(request, found)
    known = taxonomy()
    context: dict[str, Any] = {
        "tab": "intents",
        "intent": found,
        "kind": "intent",
        "value": {"key": slug, "merged_into": {"key": found.merged_into.slug if found.merged_into else ""}},
        "examples": "\n".join(found.examples),
        "teams": Team.objects.all(),
        "risks": RISKS,
        "priorities": PRIORITIES,
        "types": known.choosable("type"),
        "areas": known.choosable("area"),
        "others": [one for one in known.all("intent") if one.key != slug and not one.retired] if slug else [],
        "used": usage_of("intent", slug) if slug else Usage(),
        "stays": why_it_stays(found) if slug else "",
        "typed": request.POST if trouble else {},
        "trouble": trouble,
    }
    return render(request, "web/settings/intent.html", context, status=trouble.status if trouble else 200)


def _edit(request: DeskRequest, found: Intent) -> HttpResponse:
    does = request.POST.get("does", "save")
    try:
        if does == "save":
            found = _save(request, found)
            say(request, f"“{found}” is saved.")
        else:
            _do(request, found, does)
            say(request, TOLD[does].format(found))
    except Trouble as trouble:
        return intent(request, found.slug, trouble=trouble)
    return HttpResponseRedirect("/settings/intents" if does == "remove" else f"/settings/intents/{found.slug}")


def _do(request: DeskRequest, found: Intent, does: str) -> None:
    if does not in TOLD or not found.pk:
        raise Invalid("Choose what is to be done with it.")
    if does == "retire":
        change_intent(found, active=False, by=request.actor)
    elif does == "revive":
        part_intent(found, by=request.actor)
    elif does == "remove":
        remove_intent(found, by=request.actor)


def _save(request: DeskRequest, found: Intent) -> Intent:
    given = request.POST
    team = Team.objects.filter(slug=given.get("team", "")).first()
    if team is None:
        raise Invalid("An intent belongs to a team: choose one.", {"team": "Choose a team."})
    values: dict[str, Any] = {name: given.get(name, "").strip() for name in ("name", "description", "risk", "priority")}
    values["examples"] = [line.strip() for line in given.get("examples", "").splitlines() if line.strip()]
    values["type"] = choose("type", given.get("type", ""), had=found.type) or "question"
    values["product_area"] = choose("area", given.get("product_area", ""), had=found.product_area)
    if values["priority"] not in dict(PRIORITIES):
        raise Invalid("Choose one of the priorities.", {"priority": "Choose one of the list."})
    if found.pk:
        change_intent(found, team=team, by=request.actor, **values)
        return found
    slug = slug_of(values["name"], "intent")[:60]
    if not slug:
        raise Invalid("An intent needs a name with letters or digits.", {"name": "Write a name."})
    return make_intent(slug, team=team, by=request.actor, **values)
