"""Do something in another system from a ticket: choose a tool, fill in, see what would happen, say yes."""

import hashlib
import json
import re
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.assistant.by_hand.known import Field, Lore, lore_of
from towerdesk.assistant.by_hand.use import Foreseen, preview_by_hand, tool_for, tools_for, use_by_hand
from towerdesk.assistant.procedures.expressions import spoken
from towerdesk.connectors.claim import Changed
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.lib.errors import Conflict, Invalid, Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.web.arguments import as_typed, contents, typed
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

NONCE = re.compile(r"[0-9a-f]{32}")
LOOKED_UP = 5


def choose(request: DeskRequest, number: int) -> HttpResponse:
    """Which tool: by system, and what was looked up already."""
    ticket = find(number, request.actor)
    request.actor.must("tool.use")
    looked = (
        Call.objects.of(ticket.pk).filter(effect="read", state="done", run_id=None).exclude(key__startswith="read-")
    )
    systems: dict[Any, dict[str, list[Wired]]] = {}
    for one in tools_for(request.actor):
        reads_or_writes = systems.setdefault(one.connection, {"Look up": [], "Change": []})
        reads_or_writes["Look up" if one.spec.effect == "read" else "Change"].append(one)
    groups = [(system, kind, tools) for system, kinds in systems.items() for kind, tools in kinds.items() if tools]
    shown: dict[str, Any] = {"groups": groups, "looked_up": looked.order_by("-id")[:LOOKED_UP]}
    return aside(request, ticket, "tools", "Do something in another system", **shown)


def use_it(request: DeskRequest, number: int, name: str) -> HttpResponse:
    """See what it would do, then let it be done; what only reads is read at once."""
    ticket = find(number, request.actor)
    wired = tool_for(name, request.actor)
    if request.method != "POST":
        return _page(request, ticket, wired, call=_shown(request, ticket, wired))
    texts = typed(wired.spec, request.POST)
    try:
        if request.POST.get("does") == "do" or wired.spec.effect == "read":
            return _do(request, ticket, wired, texts)
        return _page(request, ticket, wired, texts, foreseen=_see(request, ticket, wired, texts))
    except Changed as trouble:
        return _as_it_is_now(request, ticket, wired, texts, trouble)
    except Trouble as trouble:
        return _page(request, ticket, wired, texts, trouble=trouble)


def _as_it_is_now(
    request: DeskRequest, ticket: Ticket, wired: Wired, texts: dict[str, str], changed: Changed
) -> HttpResponse:
    try:
        return _page(request, ticket, wired, texts, foreseen=_see(request, ticket, wired, texts), trouble=changed)
    except Trouble as trouble:
        return _page(request, ticket, wired, texts, trouble=trouble)


def _see(request: DeskRequest, ticket: Ticket, wired: Wired, texts: dict[str, str]) -> Foreseen:
    return preview_by_hand(ticket, wired, contents(wired.spec, texts), by=request.actor, mine=_mine(request))


def _do(request: DeskRequest, ticket: Ticket, wired: Wired, texts: dict[str, str]) -> HttpResponse:
    values, key = contents(wired.spec, texts), _key(request, ticket, texts)
    seen = request.POST.get("seen", "")
    if not NONCE.fullmatch(request.POST.get("nonce", "")) or (wired.spec.effect != "read" and not seen):
        raise Invalid("Look at what would happen first, then say yes.")
    call = use_by_hand(ticket, wired, values, key=key, by=request.actor, mine=_mine(request), seen=seen)
    if call.state in ("failed", "declined"):
        raise Conflict(call.note)
    if call.effect == "read":
        return HttpResponseRedirect(f"/tickets/{ticket.pk}/use/{wired.name}?call={call.pk}")
    say(request, _becomes(call))
    return HttpResponseRedirect(f"/tickets/{ticket.pk}#tools")


def _becomes(call: Call) -> str:
    if call.state == "planned":
        return f"It waits for a yes: {call.note}."
    if call.state == "unknown":
        return "Nobody knows whether it happened. Look in the other system, then say which."
    if call.state == "claimed":
        return "It is under way. Its answer did not come; the desk finds out and writes it here."
    return call.sentence


def _page(
    request: DeskRequest,
    ticket: Ticket,
    wired: Wired,
    texts: dict[str, str] | None = None,
    *,
    foreseen: Foreseen | None = None,
    trouble: Trouble | None = None,
    call: Call | None = None,
) -> HttpResponse:
    lore = lore_of(ticket, by=request.actor)
    fields = lore.fields(wired)
    context = {
        "ticket": ticket,
        "wired": wired,
        "spec": wired.spec,
        "fields": [_line(one, texts, trouble) for one in fields],
        "by_customer": any(one.taken and one.value.source == "customer" for it in fields for one in it.known),
        "mine": _mine(request),
        "preview": foreseen.preview if foreseen else None,
        "mark": foreseen.mark if foreseen else "",
        "before": Call.objects.of(ticket.pk).standing().filter(tool=wired.name).last() if foreseen else None,
        "nonce": _nonce(request, _key(request, ticket, texts or {})),
        "trouble": trouble,
        "found": call,
        "pairs": _pairs(wired, call) if call else [],
        "next": _next(wired, lore) if call else [],
        "acts_for": lore,
    }
    return render(request, "web/ticket/tool_use.html", context, status=trouble.status if trouble else 200)


def _line(one: Field, texts: dict[str, str] | None, trouble: Trouble | None) -> dict[str, Any]:
    """A field with what stands in it and who said so; what else is known can be chosen."""
    name, argument = one.argument.name, one.argument
    filled = as_typed(argument, one.best.value.content) if one.best else ""
    text = filled if texts is None else texts.get(name, "")
    said = {as_typed(argument, known.value.content): known for known in one.known}
    standing = said.pop(text, None) if text else None
    return {
        "argument": argument,
        "text": text,
        "who": standing.who if standing and standing.taken else "",
        "hint": standing if standing and not standing.taken else None,
        "others": list(said.items()),
        "told_by": one.told_by if not text else (),
        "wrong": trouble.fields.get(name, "") if isinstance(trouble, Invalid) else "",
    }


def _pairs(wired: Wired, call: Call) -> list[tuple[str, list[str]]]:
    """What a reading tool found, in the order and by the names of its contract; of a list a line for each."""
    content = call.content if isinstance(call.content, dict) else {"": call.content}
    titles = {one.name: one.title.partition(":")[0] or one.name for one in wired.spec.gives}
    names = [*(name for name in titles if name in content), *(name for name in content if name not in titles)]
    return [(titles.get(name, name), _lines(content[name])) for name in names if content[name] not in (None, "", [])]


def _lines(value: Any) -> list[str]:
    return [spoken(one) for one in value] if isinstance(value, list) else [spoken(value)]


def _next(wired: Wired, lore: Lore) -> list[Wired]:
    """What else this system does with what is known by now."""
    return [one for one in lore.around(wired) if one.spec.name != wired.spec.name and lore.names_all(one)]


def _shown(request: DeskRequest, ticket: Ticket, wired: Wired) -> Call | None:
    """The result of what was read on this ticket."""
    asked = request.GET.get("call", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return Call.objects.of(ticket.pk).filter(pk=int(asked), tool=wired.name, effect="read", state="done").first()


def _mine(request: DeskRequest) -> bool:
    return bool(request.POST.get("mine"))


def _key(request: DeskRequest, ticket: Ticket, texts: dict[str, str]) -> str:
    """One for each thing that is to be done once: the same form with the same values, however often it is sent."""
    said = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]
    return f"hand:{ticket.pk}:{request.user.pk}:{request.POST.get('nonce', '')[:32]}:{said}"


def _nonce(request: DeskRequest, key: str) -> str:
    """It stays while nothing came of it; what the other system has refused may be asked for anew."""
    sent = request.POST.get("nonce", "")
    if not NONCE.fullmatch(sent) or Call.objects.filter(key=key, again=False).exists():
        return uuid4().hex
    return sent
