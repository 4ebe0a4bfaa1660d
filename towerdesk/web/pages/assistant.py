"""The assistant's own page of the settings: stop it for the whole desk, let it go on, and what its model may cost."""

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from config import env
from towerdesk.accounts.halt import halted
from towerdesk.accounts.models import Halt
from towerdesk.assistant.budget import CAPS, budget, set_budget, spent
from towerdesk.assistant.stop import start, stop
from towerdesk.assistant.study import ask_to_study, learnt
from towerdesk.lib.errors import Conflict, Invalid, Trouble
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

WORDS = {
    "day_cost": "A day, in USD",
    "month_cost": "A month, in USD",
    "day_calls": "Questions a day",
    "month_calls": "Questions a month",
    "ticket_calls": "Questions on one ticket",
}


def assistant(request: DeskRequest, trouble: Trouble | None = None) -> HttpResponse:
    caps, had = budget(), spent()
    context = {
        "tab": "assistant",
        "model": env.text("TOWERDESK_LLM"),
        "halt": halted(),
        "learnt": learnt(),
        "before": Halt.objects.exclude(lifted_at=None).order_by("-id")[:5],
        "spent": had,
        "caps": [
            (name, words, getattr(caps, name), getattr(had, name, None), name.endswith("cost"))
            for name, words in WORDS.items()
        ],
        "trouble": trouble,
    }
    return render(request, "web/settings/assistant.html", context, status=trouble.status if trouble else 200)


@require_POST
def stop_it(request: DeskRequest) -> HttpResponse:
    stop(request.POST.get("why", ""), by=request.actor)
    say(request, "The assistant is stopped. What it had queued is taken back, and people have those tickets.")
    return HttpResponseRedirect("/settings/assistant")


@require_POST
def start_it(request: DeskRequest) -> HttpResponse:
    start(request.POST.get("why", ""), by=request.actor)
    say(request, "The assistant goes on with what comes in from now on.")
    return HttpResponseRedirect("/settings/assistant")


@require_POST
def learn_it(request: DeskRequest) -> HttpResponse:
    """Whoever asks has seen how many licences end by it; more of them since, and it is asked again."""
    ends = learnt().ends
    try:
        if ends and request.POST.get("ends") != str(ends):
            raise Invalid(f"{ends} licence{'s' * (ends != 1)} would end: tick that you know, and try again.")
        ask_to_study(by=request.actor)
    except (Conflict, Invalid) as trouble:
        return assistant(request, trouble)
    say(request, "It learns anew: some seconds to minutes. What decides now does so until then.")
    return HttpResponseRedirect("/settings/assistant#learnt")


@require_POST
def cap_it(request: DeskRequest) -> HttpResponse:
    try:
        set_budget({name: _cap(name, request.POST.get(name, "")) for name in CAPS}, by=request.actor)
    except Invalid as trouble:
        return assistant(request, trouble)
    say(request, "The budget is changed.")
    return HttpResponseRedirect("/settings/assistant")


def _cap(name: str, given: str) -> Decimal | int | None:
    """Empty is none."""
    if not given.strip():
        return None
    try:
        number = Decimal(given.strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    most = 10**7 if name.endswith("cost") else 10**9
    if not 0 <= number < most or (not name.endswith("cost") and number != int(number)):
        raise Invalid(f"{WORDS[name]}: give a number from 0 on, or leave it empty for no cap.", {name: "Not a cap."})
    return number.quantize(Decimal("0.01")) if name.endswith("cost") else int(number)
