"""Roll-out: three phases with their success signals, what blocks the next, and which intents to automate first."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.advice.rollout.phases import Phase, rollout
from towerdesk.advice.rollout.signal import Signal
from towerdesk.web.request import DeskRequest
from towerdesk.web.words import count_words


@dataclass(frozen=True, slots=True)
class Shown:
    signal: Signal
    value: str
    goal: str
    cases: str
    state: str  # reached, missed, or unknown: nothing was measured yet


@require_safe
def plan(request: DeskRequest) -> HttpResponse:
    found = rollout(by=request.actor)
    phases = [(phase, [_shown(signal) for signal in phase.signals], _state(phase, found.now)) for phase in found.phases]
    first = [one for one in found.candidates if not one.is_exception]
    last = [one for one in found.candidates if one.is_exception]
    context = {"tab": "rollout", "phases": phases, "now": found.now, "first": first, "last": last}
    return render(request, "web/rollout/page.html", context)


def _state(phase: Phase, now: int) -> str:
    if phase.is_done:
        return "reached"
    return "where you are" if phase.number == now else "later"


def _shown(signal: Signal) -> Shown:
    state = "unknown" if signal.value is None else "reached" if signal.is_reached else "missed"
    goal = (
        f"at most {_value(signal, signal.goal)}" if signal.less_is_better else f"at least {_value(signal, signal.goal)}"
    )
    value = "–" if signal.value is None else _value(signal, signal.value)
    return Shown(signal, value, goal, count_words(signal.n, *signal.of), state)


def _value(signal: Signal, value: float) -> str:
    """A share is cut, not rounded up: what is not reached never looks as if it were."""
    if signal.unit == "times":
        return f"{value:.2f} times"
    return f"{int(value * 1000 + 1e-9) / 10:g} %"
