"""Forms: what is asked for one type of request, and in which order."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.channels.models import Inbox
from towerdesk.intake.try_form import try_form
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Trouble
from towerdesk.lib.slugs import slug_of
from towerdesk.tickets.models import Form, Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.conditions import SAYS
from towerdesk.tickets.taxonomy.edit import arrange_things
from towerdesk.tickets.taxonomy.form_page import LANGUAGES, page_of
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.shape_fields import save_form
from towerdesk.tickets.taxonomy.usage import Usage, usage, usage_of
from towerdesk.web.form_edit import lines, page_in, values_of, ways
from towerdesk.web.pages.form_preview import drawn
from towerdesk.web.pages.lists import TOLD, moved
from towerdesk.web.request import DeskRequest, chosen
from towerdesk.web.toasts import say

TAKEN = ("new", "order", "preview")
"""Words that are pages beside those of the forms."""


def forms(request: DeskRequest) -> HttpResponse:
    request.actor.must("taxonomy.change")
    used = usage("form")
    rows = [(one, used.get(one.key, Usage()), page_of(one)) for one in _in_order()]
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
    given = request.POST if trouble else None
    context: dict[str, Any] = {
        "tab": "forms",
        "form": found,
        "lines": lines(found, given),
        "says": SAYS,
        "ways": ways(),
        "types": _with(known.choosable("type"), found.type, "type"),
        "areas": _with(known.choosable("area"), found.area, "area"),
        "intents": Intent.objects.filter(active=True),
        "teams": Team.objects.all(),
        "used": usage_of("form", key) if key else Usage(),
        "stays": why_it_stays(found) if key else "",
        "typed": given or {},
        "trouble": trouble,
        **_page(found, given),
    }
    return render(request, "web/settings/form.html", context, status=trouble.status if trouble else 200)


def _page(form: Form, given: QueryDict | None) -> dict[str, Any]:
    """Of the page that customers see: as it is, or as it was typed when that was refused."""
    page: dict[str, Any] = asdict(page_of(form))
    page["sites"] = "\n".join(page["sites"])
    address = f"{settings.PUBLIC_URL}/help/ask/{form.key}"
    script = f'<script src="{settings.PUBLIC_URL}/help/ask/embed.js" data-form="{form.key}" async></script>'
    return {
        "page": page_in(given) if given is not None else page,
        "kept": page_of(form),
        "languages": LANGUAGES.items(),
        "inboxes": Inbox.objects.filter(channel="email"),
        "address": address,
        "script": script,
        "preview": drawn(form),
    }


def _edit(request: DeskRequest, found: Form) -> HttpResponse:
    does = request.POST.get("does", "save")
    try:
        if does == "test":
            return _test(request, found)
        if does == "save":
            saved = _save(request, found)
            say(request, f"“{saved}” is saved.")
        else:
            saved = found
            chosen({"retire": retire, "revive": revive, "remove": remove}, does)(found, by=request.actor)
            say(request, TOLD[does].format(found))
    except Trouble as trouble:
        return form(request, found.key, trouble=trouble)
    return HttpResponseRedirect("/settings/forms" if does == "remove" else f"/settings/forms/{saved.key}")


def _save(request: DeskRequest, found: Form) -> Form:
    values = values_of(request.POST)
    key = found.key or slug_of(values["name"], "form")[:40]
    if not key:
        raise Invalid("The form has no name: give it one that says what it is for.")
    if not found.key and (key in TAKEN or Form.objects.filter(key=key).exists()):
        raise Conflict(f"There is a form “{key}” already: give this one another name.")
    return save_form(key, by=request.actor, **values)


def _test(request: DeskRequest, found: Form) -> HttpResponse:
    """As it is saved, the whole way: kept, taken in, confirmed to whoever asked for it."""
    handed = try_form(found, email=request.user.email, by=request.actor)
    if handed.ticket is None:
        say(request, f"The test was kept, but is on no ticket: {handed.raw.reason or 'look at Intake'}")
        return HttpResponseRedirect("/intake")
    say(request, f"The test is ticket {handed.ticket}. Its confirmation goes to {request.user.email}.")
    return HttpResponseRedirect(f"/tickets/{handed.ticket}")


def _with(options: list[tuple[str, str]], chosen: str, kind: str) -> list[tuple[str, str]]:
    """What is set stays choosable, even if it is retired."""
    return options if not chosen or chosen in dict(options) else [*options, (chosen, taxonomy().name(kind, chosen))]


def _in_order() -> list[Form]:
    return sorted(Form.objects.select_related("team"), key=lambda one: one.retired_at is not None)
