"""Procedures: the list, one with its picture and versions, writing one with what is wrong said as one types."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.assistant.models import OPEN_STATES, Procedure, ProcedureRun, ProcedureVersion
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.from_list import Guideline, procedure_of, read_list
from towerdesk.assistant.procedures.lines import WORDS
from towerdesk.assistant.procedures.publish import publish, retire
from towerdesk.assistant.procedures.write import take_back, write
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound, Trouble
from towerdesk.lib.text import one_line
from towerdesk.web.procedure_looks import differences, look
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST = 60_000
LATELY = timedelta(days=30)
ENDS = {
    "done": ("done", "kept"),
    "refused": ("refused",),
    "handed_over": ("handed_over", "stopped"),
    "under_way": OPEN_STATES,
}
"""How a list sums up the states of runs."""
BEGIN = """---
intents: []
risk: information
---

# What this is about

Who it is for and what it is about, in a sentence or two.

## What we need

- order (text, from customer): The number of your order

## Find out

- Ask: order
- Do: Look the order up
- Say: Thank you, we have what we need.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the editor; `based_on` is the version that it began from."""

    text: str = BEGIN
    tests: str = ""
    based_on: int | None = None

    @classmethod
    def of(cls, version: ProcedureVersion | None) -> "Draft":
        return cls(version.text, version.tests, version.number) if version else cls()

    @classmethod
    def typed(cls, request: DeskRequest) -> "Draft":
        number = request.POST.get("based_on", "")
        text, tests = (request.POST.get(name, "") for name in ("text", "tests"))
        return cls(text, tests, int(number) if number.isdecimal() else None)


def procedures(request: DeskRequest) -> HttpResponse:
    found = Procedure.objects.visible_to(request.actor).select_related("current").order_by("title")
    order = {"published": 0, "draft": 1, "retired": 2}
    ran = _ran()
    rows = [(one, ran.get(one.pk)) for one in sorted(found, key=lambda one: order[one.status])]
    return render(request, "web/procedures/list.html", {"rows": rows})


def _ran() -> dict[int, dict[str, Any]]:
    """How often each began in the last thirty days, and how that ended."""
    lately = ProcedureRun.objects.filter(started_at__gte=now() - LATELY).order_by().values("version__procedure")
    ends: dict[str, Any] = {name: Count("pk", filter=Q(state__in=states)) for name, states in ENDS.items()}
    return {row["version__procedure"]: dict(row) for row in lately.annotate(began=Count("pk"), **ends)}


def procedure(request: DeskRequest, key: str) -> HttpResponse:
    found = _find(request, key)
    versions = list(found.versions.defer("text", "tests")[:12])
    shown = found.current or found.versions.first()
    context = {
        "procedure": found,
        "version": shown,
        "newest": versions[0] if versions else None,
        "unpublished": bool(versions) and found.current_id != versions[0].pk,
        "versions": versions,
        "ran": _ran().get(found.pk),
        "lately": ProcedureRun.objects.visible_to(request.actor).filter(version__procedure=found).order_by("-id")[:8],
        **(look(shown.text, shown.tests) if shown else {}),
    }
    return render(request, "web/procedures/procedure.html", context)


def edit(request: DeskRequest, key: str = "") -> HttpResponse:
    """Write a new one or the next version of one; nothing that runs changes before it is published."""
    request.actor.must("procedure.change")
    found = _find(request, key) if key else None
    newest = found.versions.first() if found else None
    if request.method != "POST":
        return _form(request, found, Draft.of(newest))
    draft = Draft.typed(request)
    try:
        saved = write(found, draft.text, draft.tests, based_on=draft.based_on, by=request.actor)
    except Trouble as trouble:
        return _form(request, found, draft, trouble)
    if "publish" not in request.POST:
        say(request, "Saved as a draft. What runs is what ran before.")
        return HttpResponseRedirect(f"/procedures/{saved.key}")
    try:
        publish(saved, desk_tools(), by=request.actor)
    except Trouble as trouble:
        kept = Invalid(f"It is kept as a draft, but not published. {_short(trouble)}")
        return _form(request, saved, Draft.of(saved.versions.first()), kept)
    say(request, f"“{saved}” is published.")
    return HttpResponseRedirect(f"/procedures/{saved.key}")


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    request.actor.must("procedure.change")
    return render(
        request,
        "web/procedures/preview.html",
        look(*(request.POST.get(name, "")[:MOST] for name in ("text", "tests"))),
    )


def from_list(request: DeskRequest) -> HttpResponse:
    """A checklist that somebody has, pasted: the beginning of a procedure for people."""
    request.actor.must("procedure.change")
    values = {name: request.POST.get(name, "")[:MOST] for name in ("title", "steps")}
    if request.method != "POST":
        return render(request, "web/procedures/from_list.html", {"values": values})
    try:
        title, steps = one_line(values["title"], 200), read_list(values["steps"])
        if not title or not steps:
            raise Invalid("Give it a title, and at least one line of what is to be done.")
        saved = write(None, procedure_of(Guideline(title, steps)), by=request.actor)
    except Trouble as trouble:
        context = {"values": values, "trouble": trouble}
        return render(request, "web/procedures/from_list.html", context, status=trouble.status)
    say(request, f"“{saved}” is a draft with {len(steps)} step{'' if len(steps) == 1 else 's'}.")
    return HttpResponseRedirect(f"/procedures/{saved.key}/edit")


@require_POST
def put_out(request: DeskRequest, key: str) -> HttpResponse:
    found = _find(request, key)
    try:
        publish(found, desk_tools(), by=request.actor)
    except Trouble as trouble:
        request.actor.must("procedure.change")
        return _form(
            request, found, Draft.of(found.versions.first()), Invalid(f"It is not published. {_short(trouble)}")
        )
    say(request, f"“{found}” is published.")
    return HttpResponseRedirect(f"/procedures/{found.key}")


@require_POST
def take_away(request: DeskRequest, key: str) -> HttpResponse:
    found = _find(request, key)
    retire(found, by=request.actor)
    say(request, f"“{found}” is retired: nothing begins with it any more.", undo=f"/procedures/{found.key}/publish")
    return HttpResponseRedirect(f"/procedures/{found.key}")


def version(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """An old version beside the newest, line by line; brought back by a POST."""
    found = _find(request, key)
    old = ProcedureVersion.objects.filter(procedure=found, number=number).first()
    newest = found.versions.first()
    if old is None or newest is None:
        raise NotFound("There is no such version.")
    if request.method == "POST":
        saved = take_back(found, number, by=request.actor)
        say(request, f"Version {number} is back, as a draft. Publish it to let it run.")
        return HttpResponseRedirect(f"/procedures/{saved.key}")
    lines = [*differences(old.text, newest.text, "text"), *differences(old.tests, newest.tests, "tests")]
    context = {"procedure": found, "old": old, "newest": newest, "lines": lines, **look(old.text, old.tests)}
    return render(request, "web/procedures/version.html", context)


def _short(trouble: Trouble) -> str:
    if isinstance(trouble, Faulty) and len(trouble.faults) > 1:
        return f"{trouble.faults[0]} And {len(trouble.faults) - 1} more."
    return str(trouble)


def _form(request: DeskRequest, found: Procedure | None, draft: Draft, trouble: Trouble | None = None) -> HttpResponse:
    context = {
        "procedure": found,
        "draft": draft,
        "trouble": trouble,
        "words": [(word.capitalize(), example) for word, example in WORDS.items()],
        **look(draft.text, draft.tests),
    }
    return render(request, "web/procedures/edit.html", context, status=trouble.status if trouble else 200)


def _find(request: DeskRequest, key: str) -> Procedure:
    found = Procedure.objects.visible_to(request.actor).select_related("current").filter(key=key).first()
    if found is None:
        raise NotFound("There is no such procedure, or none that you may read.")
    return found
