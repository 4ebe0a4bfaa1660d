"""One tool of a connection: may it be used, how much, who approves it; and a try of it that changes nothing."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, Value
from towerdesk.connectors.given import WORD_OF
from towerdesk.connectors.models import APPROVALS, APPROVERS, ToolSetting
from towerdesk.connectors.registry import Wired
from towerdesk.connectors.set_up import set_tool
from towerdesk.connectors.use import preview_use, use
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.web.arguments import BEFORE, contents, typed
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

AMOUNTS = {
    "most_amount": "At most for one call",
    "most_amount_a_day": "At most within a day",
    "most_amount_a_day_each": "At most for one person within a day",
    "approve_above": "By itself only up to this amount; above it a person approves",
}
COUNTS = {"most_a_day": "Calls within a day", "most_a_day_each": "Calls for one person within a day"}


def tool(request: DeskRequest, slug: str, name: str) -> HttpResponse:
    request.actor.must("connection.change")
    wired = registry.tool(f"{slug}.{name}")
    if request.method != "POST":
        return _page(request, wired)
    try:
        if request.POST.get("does") == "try":
            return _page(request, wired, tried=_try(request, wired))
        set_tool(wired.name, **_settings(request), by=request.actor)
    except Trouble as trouble:
        return _page(request, wired, trouble=trouble)
    say(request, f"{wired.spec.title} is {'on' if request.POST.get('enabled') else 'off'}.")
    return HttpResponseRedirect(f"/settings/connections/{slug}")


def _page(
    request: DeskRequest, wired: Wired, tried: dict[str, Any] | None = None, trouble: Trouble | None = None
) -> HttpResponse:
    shown = _shown(wired.setting) | (request.POST.dict() if trouble and "approval" in request.POST else {})
    context = {
        "wired": wired,
        "spec": wired.spec,
        "shown": shown,
        "amounts": [(name, words, shown[name]) for name, words in AMOUNTS.items()] if wired.spec.amount else [],
        "counts": [(name, words, shown[name]) for name, words in COUNTS.items()],
        "approvals": APPROVALS,
        "approvers": APPROVERS,
        "arguments": [(one, _says(one), request.POST.get(f"{BEFORE}{one.name}", "")) for one in wired.spec.arguments],
        "tried": tried,
        "trouble": trouble,
        "tab": "connections",
    }
    return render(request, "web/connections/tool.html", context, status=trouble.status if trouble else 200)


def _says(argument: Argument) -> str:
    words = [words for source, words in WORD_OF.items() if source in argument.sources]
    return "anybody" if len(words) == len(WORD_OF) else " or ".join(words)


def _try(request: DeskRequest, wired: Wired) -> dict[str, Any]:
    """What changes something is only foreseen; what reads is read."""
    values = contents(wired.spec, typed(wired.spec, request.POST))
    given = {name: Value(content, "agent") for name, content in values.items()}
    if wired.spec.effect != "read":
        return {"preview": preview_use(wired, given, by=request.actor)}
    call = use(wired, given, key=f"try:{uuid4().hex}", by=request.actor)
    if call.state != "done":
        raise Invalid(call.note)
    return {"sentence": call.sentence, "content": json.dumps(call.content, indent=2, ensure_ascii=False)}


def _shown(setting: ToolSetting) -> dict[str, Any]:
    names = ("enabled", "approval", "approver", "approve_within_hours", *AMOUNTS, *COUNTS)
    return {name: "" if (value := getattr(setting, name)) is None else value for name in names}


def _settings(request: DeskRequest) -> dict[str, Any]:
    given = request.POST
    if given.get("approval") not in dict(APPROVALS) or given.get("approver") not in dict(APPROVERS):
        raise Invalid("Choose who approves.")
    return {
        "enabled": bool(given.get("enabled")),
        "approval": given["approval"],
        "approver": given["approver"],
        "approve_within_hours": _count(given.get("approve_within_hours", ""), "Hours") or 72,
        **{name: _amount(given[name], words) for name, words in AMOUNTS.items() if name in given},
        **{name: _count(given.get(name, ""), words) for name, words in COUNTS.items()},
    }


def _amount(text: str, words: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < 10**10:
        raise Invalid(f"{words}: write an amount such as 50.00, or nothing.")
    return amount.quantize(Decimal("0.01"))


def _count(text: str, words: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or int(text) > 32_000:
        raise Invalid(f"{words}: write a whole number, or nothing.")
    return int(text)
