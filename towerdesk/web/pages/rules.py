"""Rules: the list in its order, one rule with its versions, a test on the past; saving, switching, moving, deleting."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from towerdesk.accounts.models import User
from towerdesk.automation.check import a_condition, troubles
from towerdesk.automation.models import MOMENTS, Rule, RuleVersion
from towerdesk.automation.past.backtest import backtest
from towerdesk.automation.rules.asking import ANY_RULE
from towerdesk.automation.rules.order import move
from towerdesk.automation.rules.save import Draft, restore, save_rule
from towerdesk.automation.rules.switch import delete, switch
from towerdesk.automation.words import in_words
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.web import thens
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

DAYS = (7, 30, 90, 365)
MOST_TICKETS = 2000
"""Tickets that the page looks at; the command looks at all."""
SHOWN = 100
MOST_COUNTED = 1000


def rules(request: DeskRequest) -> HttpResponse:
    found = list(Rule.objects.select_related("owner"))
    fired = _fired()
    rows = [(rule, _when(rule.when), in_words(rule.actions), fired.get(rule.pk, 0)) for rule in found]
    return render(request, "web/rules/list.html", {"rows": rows, "tab": "rules"})


def _when(moment: str) -> str:
    return dict(MOMENTS).get(moment, moment)


def _fired() -> dict[int | None, int]:
    """How often each did something in the last thirty days."""
    lately = Event.objects.filter(kind="rule.fired", at__gte=now() - timedelta(days=30))
    return dict(lately.order_by().values_list("actor_id").annotate(Count("id")))


def rule(request: DeskRequest, number: int = 0) -> HttpResponse:
    """One rule's form, with its versions; a new one without a number."""
    found = find(number) if number else None
    if request.method != "POST":
        return _form(request, found, _values(found))
    request.actor.must("rule.change")
    values = {name: request.POST.get(name, "").strip() for name in ("name", "when", "condition", "owner", "based_on")}
    then = thens.typed(request.POST)
    try:
        draft = Draft(
            values["name"], values["when"], values["condition"], thens.from_form(then), owner(values["owner"])
        )
        based_on = int(values["based_on"]) if found and values["based_on"].isdecimal() else None
        saved = save_rule(found, draft, by=request.actor, based_on=based_on)
    except Trouble as trouble:
        return _form(request, found, {**values, "then": then}, trouble)
    say(
        request,
        f"“{saved}” is saved as version {saved.version}."
        + ("" if saved.active else " It is off: test it, then switch it on."),
    )
    return HttpResponseRedirect(f"/settings/rules/{saved.pk}")


def find(number: int) -> Rule:
    found = Rule.objects.select_related("owner").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such rule: perhaps somebody deleted it.")
    return found


def owner(given: str) -> User | None:
    return User.objects.filter(pk=int(given), is_active=True).first() if given.isdecimal() else None


def _values(found: Rule | None) -> dict[str, Any]:
    if found is None:
        return {"when": "message.received", "then": {}}
    return {
        "name": found.name,
        "when": found.when,
        "condition": found.condition,
        "owner": str(found.owner_id or ""),
        "based_on": str(found.version),
        "then": thens.to_form(found.actions),
    }


def _form(
    request: DeskRequest, found: Rule | None, values: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    if found is None:
        request.actor.must("rule.change")
        values.setdefault("owner", str(request.user.pk))
    context = {
        "rule": found,
        "values": values,
        "then": values["then"],
        "trouble": trouble,
        "wrong": troubles(found.condition, found.actions, by=request.actor) if found and not trouble else [],
        "moments": MOMENTS,
        "owners": owners(),
        "versions": list(found.versions.all()[:30]) if found else [],
        "lately": list(_lately(found)) if found else [],
        "tab": "rules",
        **thens.choices(),
    }
    return render(request, "web/rules/edit.html", context, status=trouble.status if trouble else 200)


def owners() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in User.objects.filter(is_active=True).values_list("pk", "name")]


def _lately(found: Rule) -> Any:
    kinds = ("rule.fired", "rule.failed")
    its_own = Event.objects.filter(kind__in=kinds, actor_kind="rule", actor_id=found.pk)
    return its_own.order_by("-id")[:8]


@require_safe
def check(request: DeskRequest) -> HttpResponse:
    """While one types a condition: what it is understood as, and how many tickets fit it now."""
    context: dict[str, Any] = {"asked": request.GET.get("condition", "").strip()}
    try:
        condition = a_condition(context["asked"])
        fitting = condition.apply(Ticket.objects.visible_to(request.actor).waiting(), ANY_RULE)
        context |= {"condition": str(condition), "count": len(fitting.order_by().values_list("pk")[: MOST_COUNTED + 1])}
    except Trouble as trouble:
        context["trouble"] = trouble
    return render(request, "web/rules/check.html", {**context, "most": MOST_COUNTED})


@require_safe
def test(request: DeskRequest, number: int) -> HttpResponse:
    found = find(number)
    days = int(request.GET["days"]) if request.GET.get("days", "") in map(str, DAYS) else 90
    context: dict[str, Any] = {"rule": found, "days": days, "periods": DAYS, "tab": "rules", "most": MOST_TICKETS}
    try:
        trial = backtest(found, days=days, by=request.actor, most=MOST_TICKETS)
        context |= {"trial": trial, "changed": trial.changed[:SHOWN], "more": len(trial.changed) - SHOWN}
    except Trouble as trouble:
        context["trouble"] = trouble
    return render(
        request, "web/rules/test.html", {**context, "then": in_words(found.actions), "when": _when(found.when)}
    )


def version(request: DeskRequest, number: int, version: int) -> HttpResponse:
    """An old version beside the newest; brought back by a POST."""
    found = find(number)
    old = RuleVersion.objects.filter(rule=found, number=version).first()
    if old is None:
        raise NotFound("There is no such version.")
    if request.method == "POST":
        restored = restore(found, version, by=request.actor)
        say(request, f"Version {version} is back, as version {restored.version}.")
        return HttpResponseRedirect(f"/settings/rules/{found.pk}")
    lines = [
        ("Name", old.name, found.name),
        ("When", _when(old.when), _when(found.when)),
        ("If", old.condition or "every ticket", found.condition or "every ticket"),
        ("Then", in_words(old.actions), in_words(found.actions)),
        ("Owner", old.owner_name, str(found.owner or "")),
    ]
    return render(request, "web/rules/version.html", {"rule": found, "old": old, "lines": lines, "tab": "rules"})


@require_POST
def switch_it(request: DeskRequest, number: int) -> HttpResponse:
    found, on = find(number), request.POST.get("on") == "yes"
    try:
        switch(found, on=on, by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _values(found), trouble)
    say(request, f"“{found}” is {'on' if on else 'off'}.")
    return HttpResponseRedirect(f"/settings/rules/{number}")


@require_POST
def move_it(request: DeskRequest, number: int) -> HttpResponse:
    """`place` from 1; or `step` -1 or 1."""
    found, step, place = find(number), request.POST.get("step", ""), request.POST.get("place", "")
    if step in ("-1", "1"):
        order = list(Rule.objects.order_by("position", "id").values_list("pk", flat=True))
        move(found, order.index(found.pk) + 1 + int(step), by=request.actor)
    elif place.isdecimal():
        move(found, int(place[:6]), by=request.actor)
    return HttpResponseRedirect(f"/settings/rules#rule-{number}")


@require_POST
def delete_it(request: DeskRequest, number: int) -> HttpResponse:
    found = find(number)
    try:
        delete(found, request.POST.get("typed", ""), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _values(found), trouble)
    say(request, f"“{found}” is deleted. What it did stays in the log.")
    return HttpResponseRedirect("/settings/rules")
