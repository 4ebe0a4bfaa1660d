"""Connections: the systems that tools are in, what may be done there, and the journal of what was."""

import re
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.connectors.contract import TEXT, Connector, Listing
from towerdesk.connectors.models import Call, Connection
from towerdesk.connectors.openapi import as_description
from towerdesk.connectors.registry import CONNECTORS, connector, tools_of
from towerdesk.connectors.set_up import connect, relist, remove, switch, try_out
from towerdesk.connectors.settle import settle
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

JOURNAL = 25
LARGEST = 2 * 2**20  # bytes of an OpenAPI document
SECRET = re.compile(r"\{secret\.([a-z][a-z0-9_]*)\}")


def connections(request: DeskRequest) -> HttpResponse:
    request.actor.must("connection.change")
    counts = {
        "calls_made": Count("calls"),
        "waiting": Count("calls", filter=Q(calls__state__in=("planned", "unknown"))),
    }
    rows = [(one, connector(one.kind).title, _tools(one)) for one in Connection.objects.annotate(**counts)]
    return render(request, "web/connections/list.html", {"rows": rows, "tab": "connections"})


def new(request: DeskRequest) -> HttpResponse:
    """A form to fill in; what OpenAPI brought stands in it already."""
    request.actor.must("connection.change")
    kind = request.POST.get("kind") or request.GET.get("kind") or "http"
    if request.method != "POST":
        return _form(request, None, {"kind": kind, TEXT: _kind(kind).example})
    values = request.POST.dict() | {"kind": kind}
    try:
        if request.POST.get("does") == "import":
            return _form(request, None, _imported(request, values))
        made = connect(None, **_values(request, kind), kind=kind, by=request.actor)
    except Trouble as trouble:
        return _form(request, None, values, trouble)
    say(request, f"There is a connection {made} now. Look at its tools, and switch on what may be used.")
    return HttpResponseRedirect(f"/settings/connections/{made.slug}")


def connection(request: DeskRequest, slug: str) -> HttpResponse:
    request.actor.must("connection.change")
    found = find(slug)
    if request.method != "POST":
        return _form(request, found, _kept(found))
    try:
        connect(found, **_values(request, found.kind), by=request.actor)
    except Trouble as trouble:
        return _form(request, find(slug), request.POST.dict() | {"kind": found.kind}, trouble)
    say(request, f"{found} is saved.")
    return HttpResponseRedirect(f"/settings/connections/{slug}")


@require_POST
def does(request: DeskRequest, slug: str) -> HttpResponse:
    """Try it, list its tools anew, switch it, take it away."""
    found, what = find(slug), request.POST.get("does", "")
    try:
        if what == "try":
            say(request, try_out(found, by=request.actor))
        elif what == "list":
            new_ones = relist(found, by=request.actor)
            say(request, f"New or changed, and off until you look at them: {', '.join(new_ones) or 'none'}.")
        elif what in ("on", "off"):
            switch(found, what == "on", by=request.actor)
            say(request, f"{found} is switched {what}.")
        elif what in ("happened", "did_not"):
            say(request, settle(_unknown(request, found), what == "happened", by=request.actor).note)
        elif what == "remove":
            remove(found, by=request.actor)
            say(request, f"{found} is gone.")
            return HttpResponseRedirect("/settings/connections")
        else:
            raise Invalid("Say what is to be done with it.")
    except Trouble as trouble:
        return _form(request, find(slug), _kept(found), trouble)
    return HttpResponseRedirect(f"/settings/connections/{slug}")


def _unknown(request: DeskRequest, found: Connection) -> Call:
    """One that is on no ticket, where nobody else would be asked."""
    number = request.POST.get("call", "")
    call = (
        found.calls.filter(pk=int(number), ticket_id=None).first() if number.isdecimal() and len(number) < 19 else None
    )
    if call is None:
        raise NotFound("There is no such call.")
    return call


def find(slug: str) -> Connection:
    found = Connection.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no connection {slug}.")
    return found


def _form(
    request: DeskRequest, found: Connection | None, values: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    kind = _kind(str(values["kind"]))
    context = {
        "connection": found,
        "values": values,
        "kind": kind,
        "kinds": [(name, connector(name).title) for name in CONNECTORS],
        "lists": isinstance(kind, Listing),
        "secrets": _secrets(found, str(values.get(TEXT, ""))),
        "tools": _tools(found) if found else [],
        "journal": _journal(found) if found else [],
        "trouble": trouble,
        "tab": "connections",
    }
    return render(request, "web/connections/one.html", context, status=trouble.status if trouble else 200)


def _kind(name: str) -> Connector:
    return connector(name)


def _kept(found: Connection) -> dict[str, Any]:
    return {"name": found.name, "kind": found.kind, TEXT: found.settings.get(TEXT, ""), "hosts": "\n".join(found.hosts)}


def _values(request: DeskRequest, kind: str) -> dict[str, Any]:
    given = request.POST
    typed = zip(given.getlist("secret_name"), given.getlist("secret"), strict=False)
    return {
        "name": given.get("name", "").strip()[:80],
        "settings": {TEXT: given.get(TEXT, "").replace("\r\n", "\n")},
        "secrets": {name.strip(): value for name, value in typed if name.strip() and value},
        "hosts": given.get("hosts", "").split(),
    }


def _secrets(found: Connection | None, text: str) -> list[tuple[str, bool]]:
    """Those that there are and those that the description speaks of, and whether each is set. Never a value."""
    kept = set(found.secrets) if found else set()
    return [(name, name in kept) for name in sorted(kept | set(SECRET.findall(text)))]


def _tools(found: Connection) -> list[Any]:
    """None where the description makes no sense: the page says so where it can be mended."""
    try:
        return tools_of(found)
    except Trouble:
        return []


def _journal(found: Connection) -> list[Call]:
    return list(found.calls.order_by("-id")[:JOURNAL])


def _imported(request: DeskRequest, values: dict[str, Any]) -> dict[str, Any]:
    file = request.FILES.get("file")
    if file and (file.size or 0) > LARGEST:
        raise Invalid(f"The document is larger than {LARGEST // 2**20} MB.")
    text = file.read().decode("utf-8", "replace") if file else str(values.get("document", ""))
    brought = as_description(text)
    return values | {TEXT: brought.text, "name": values.get("name") or brought.title, "hosts": brought.host}
