"""Custom fields: what tickets can say beyond what every ticket says."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import Conflict, Invalid, NotFound, Trouble
from towerdesk.lib.slugs import slug_of
from towerdesk.tickets.models import CustomField
from towerdesk.tickets.models.form import FIELD_KINDS
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_things
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.shape_fields import save_field
from towerdesk.tickets.taxonomy.usage import Usage, usage, usage_of
from towerdesk.web.pages.lists import TOLD, moved
from towerdesk.web.request import DeskRequest, chosen
from towerdesk.web.toasts import say

DEMANDS = [
    ("open", "taken up"),
    ("pending", "waiting on the customer"),
    ("hold", "waiting on others"),
    ("resolved", "resolved"),
]
DEMANDED = dict(DEMANDS)


def fields(request: DeskRequest, *, trouble: Trouble | None = None) -> HttpResponse:
    request.actor.must("taxonomy.change")
    used = usage("field")
    rows = [(one, used.get(one.key, Usage()), [DEMANDED[each] for each in one.required_for]) for one in _in_order()]
    context: dict[str, Any] = {"tab": "fields", "rows": rows, "kinds": FIELD_KINDS, "trouble": trouble}
    context["typed"] = request.POST if trouble else {}
    return render(request, "web/settings/fields.html", context, status=trouble.status if trouble else 200)


@require_POST
def add(request: DeskRequest) -> HttpResponse:
    given = request.POST
    name, key = given.get("name", ""), given.get("key", "").strip()
    key = key or slug_of(name, "field").replace("-", "_")[:40]
    try:
        if not key:
            raise Invalid("The field has no name: give it the one that stands above it on the form.")
        if CustomField.objects.filter(key=key).exists():
            raise Conflict(f"There is a field “{key}” already: give this one another key.")
        made = save_field(key, name=name, kind=given.get("kind", "text"), help=given.get("help", ""), by=request.actor)
    except Trouble as trouble:
        return fields(request, trouble=trouble)
    say(request, f"There is a field “{made}” now.")
    return HttpResponseRedirect(f"/settings/fields/{made.key}")


@require_POST
def order(request: DeskRequest) -> HttpResponse:
    keys = moved([one.key for one in _in_order()], request.POST.get("key", ""), request.POST.get("to", ""))
    arrange_things(CustomField, keys, by=request.actor)
    return HttpResponseRedirect("/settings/fields")


def field(request: DeskRequest, key: str, *, trouble: Trouble | None = None) -> HttpResponse:
    request.actor.must("taxonomy.change")
    found = CustomField.objects.filter(key=key).first()
    if found is None:
        raise NotFound(f"There is no field “{key}”.")
    if request.method == "POST" and trouble is None:
        return _edit(request, found)
    context: dict[str, Any] = {
        "tab": "fields",
        "field": found,
        "demands": DEMANDS,
        "choices": taxonomy().all(f"field.{key}"),
        "used": usage_of("field", key),
        "stays": why_it_stays(found),
        "trouble": trouble,
    }
    return render(request, "web/settings/field.html", context, status=trouble.status if trouble else 200)


def _edit(request: DeskRequest, found: CustomField) -> HttpResponse:
    given, does = request.POST, request.POST.get("does", "save")
    try:
        if does == "save":
            demanded = given.getlist("required_for")
            values = {"name": given.get("name", ""), "help": given.get("help", ""), "required_for": demanded}
            save_field(found.key, kind=found.kind, by=request.actor, **values)  # type: ignore[arg-type]
            say(request, f"“{found}” is saved.")
        else:
            chosen({"retire": retire, "revive": revive, "remove": remove}, does)(found, by=request.actor)
            say(request, TOLD[does].format(found))
    except Trouble as trouble:
        return field(request, found.key, trouble=trouble)
    return HttpResponseRedirect("/settings/fields" if does == "remove" else f"/settings/fields/{found.key}")


def _in_order() -> list[CustomField]:
    """What is retired comes last."""
    return sorted(CustomField.objects.all(), key=lambda one: one.retired_at is not None)
