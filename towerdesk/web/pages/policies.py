"""Policies: what is promised to whom, by which calendar, and what happens before and after it is due."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.automation.escalate import checked
from towerdesk.hours.models import Calendar
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.sla.models import KINDS, NAMES, PAUSES, Policy
from towerdesk.sla.save import PRIORITY, Plan, delete_policy, move_policy, save_policy
from towerdesk.sla.sentences import policy_sentences
from towerdesk.sla.spans import read_span, say_span
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

SPARE = 2  # empty rows for further steps
WHEN = [("before", "before it is due"), ("at", "when it is due"), ("after", "after it was due")]
ACTS = [
    ("", "only say so"),
    ("priority", "set the priority to"),
    ("team", "give it to the team"),
    ("user", "give it to the person"),
    ("note", "leave the note"),
    ("tag", "put on the tag"),
    ("watch", "let this person watch"),
    ("tell", "tell (whom: words)"),
    ("page", "page at once (whom: words)"),
]


def policies(request: DeskRequest) -> HttpResponse:
    request.actor.must("sla.change")
    found = [(one, policy_sentences(one, now())) for one in _read()]
    return render(request, "web/settings/policies/list.html", {"policies": found, "tab": "policies"})


def policy(request: DeskRequest, number: int | None = None) -> HttpResponse:
    """Look at one and change it; without a number make one."""
    request.actor.must("sla.change")
    found = find(number) if number else None
    if request.method != "POST":
        return _form(request, found, _as_typed(found))
    try:
        saved = save_policy(found, _plan(request), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _typed(request), trouble)
    say(request, f"“{saved}” is saved. The clocks of waiting tickets are reckoned from the start.")
    return HttpResponseRedirect("/settings/policies")


@require_POST
def delete(request: DeskRequest, number: int) -> HttpResponse:
    found = find(number)
    try:
        delete_policy(found, by=request.actor)
    except Trouble as trouble:
        return _form(request, find(number), _as_typed(found), trouble)
    say(request, f"“{found}” is gone.")
    return HttpResponseRedirect("/settings/policies")


@require_POST
def move(request: DeskRequest, number: int) -> HttpResponse:
    move_policy(find(number), up=request.POST.get("to") == "up", by=request.actor)
    return HttpResponseRedirect("/settings/policies")


def find(number: int) -> Policy:
    found = _read().filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such policy.")
    return found


def _read() -> "QuerySet[Policy]":
    return Policy.objects.select_related("calendar").prefetch_related("targets", "steps")


def _form(
    request: DeskRequest, found: Policy | None, typed: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    context = {
        "policy": found,
        "typed": typed,
        "calendars": [("", "day and night"), *((str(one.pk), one.name) for one in Calendar.objects.all())],
        "priorities": PRIORITY,
        "kinds": [("", "any promise"), *KINDS],
        "when": WHEN,
        "acts": ACTS,
        "teams": Team.objects.all(),
        "sentences": policy_sentences(found, now()) if found else [],
        "trouble": trouble,
        "tab": "policies",
    }
    return render(request, "web/settings/policies/edit.html", context, status=trouble.status if trouble else 200)


def _as_typed(found: Policy | None) -> dict[str, Any]:
    """What the form shows of a policy: texts as a person would write them."""
    its = {target.kind: target for target in found.targets.all()} if found else {}
    steps = [_step_row(step) for step in found.steps.all()] if found else []
    return {
        "name": found.name if found else "",
        "condition": found.condition if found else "",
        "calendar": str(found.calendar_id or "") if found else "",
        "pauses": found.pauses if found else PAUSES,
        "active": found.active if found else True,
        "targets": [
            (kind, name, [(one, say_span(getattr(its.get(kind), one, None))) for one in PRIORITY])
            for kind, name in KINDS
        ],
        "steps": steps + [_EMPTY] * SPARE,
    }


_EMPTY = {"kind": "", "when": "before", "span": "", "act": "", "value": ""}


def _step_row(step: Any) -> dict[str, str]:
    when = "before" if step.minutes < 0 else "after" if step.minutes else "at"
    act, value = _said(step.actions[0]) if step.actions else ("", "")
    return {"kind": step.kind, "when": when, "span": say_span(abs(step.minutes)) or "0", "act": act, "value": value}


def _said(action: dict[str, Any]) -> tuple[str, str]:
    match action:
        case {"do": "change", "priority": value}:
            return "priority", value
        case {"do": "assign", "team": value} | {"do": "assign", "user": value}:
            return ("team" if "team" in action else "user"), value
        case {"do": "note", "text": value}:
            return "note", value
        case {"do": "tag", "add": [value, *_]}:
            return "tag", value
        case {"do": "watch", "user": value}:
            return "watch", value
        case {"do": "tell", "text": text, **rest}:
            return "page" if rest.get("urgent") else "tell", f"{rest.get('user') or rest.get('team')}: {text}"
    return "", ""


def _typed(request: DeskRequest) -> dict[str, Any]:
    given = request.POST
    rows = zip(*(given.getlist(f"step_{name}") for name in _EMPTY), strict=False)
    return {
        "name": given.get("name", ""),
        "condition": given.get("condition", ""),
        "calendar": given.get("calendar", ""),
        "pauses": given.getlist("pauses"),
        "active": "active" in given,
        "targets": [(kind, name, [(one, given.get(f"{kind}_{one}", "")) for one in PRIORITY]) for kind, name in KINDS],
        "steps": [dict(zip(_EMPTY, row, strict=True)) for row in rows],
    }


def _plan(request: DeskRequest) -> Plan:
    typed = _typed(request)
    targets = {
        kind: {one: read_span(text, f"{name}, {one}") for one, text in its if text.strip()}
        for kind, name, its in typed["targets"]
    }
    steps = checked(_step(row) for row in typed["steps"] if row["span"].strip() or row["when"] == "at" or row["act"])
    calendar = Calendar.objects.filter(pk=int(typed["calendar"])).first() if typed["calendar"].isdecimal() else None
    plain = {name: typed[name] for name in ("name", "condition", "pauses", "active")}
    return Plan(**plain, calendar=calendar, targets=targets, steps=steps)


def _step(row: dict[str, str]) -> tuple[str, int, list[dict[str, Any]]]:
    if row["kind"] and row["kind"] not in NAMES:
        raise Invalid("A step belongs to a first answer, a next answer or a solution.")
    minutes = 0 if row["when"] == "at" else read_span(row["span"], "A step's time")
    return row["kind"], -minutes if row["when"] == "before" else minutes, _actions(row["act"], row["value"].strip())


def _actions(act: str, value: str) -> list[dict[str, Any]]:
    if act and not value:
        raise Invalid(f"A step is to {dict(ACTS).get(act, act)} … nothing: say what, or choose “only say so”.")
    if act in ("tell", "page"):
        return [_tell(value, urgent=act == "page")]
    said: dict[str, dict[str, Any]] = {
        "priority": {"do": "change", "priority": value.lower()},
        "team": {"do": "assign", "team": value},
        "user": {"do": "assign", "user": value},
        "note": {"do": "note", "text": value},
        "tag": {"do": "tag", "add": [value]},
        "watch": {"do": "watch", "user": value},
    }
    return [said[act]] if act in said else []


def _tell(value: str, *, urgent: bool) -> dict[str, Any]:
    whom, colon, words = (part.strip() for part in value.partition(":"))
    if not whom or not colon or not words:
        raise Invalid("A step tells somebody something: write a team's slug or an address, a colon and the words.")
    return {"do": "tell", "user" if "@" in whom else "team": whom, "text": words} | ({"urgent": True} if urgent else {})
