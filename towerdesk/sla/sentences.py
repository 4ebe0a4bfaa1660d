"""A policy in plain sentences, with an example: what is promised, when it would be due, what happens around that time."""

from datetime import datetime, timedelta

from django.utils import timezone

from towerdesk.hours import reckon
from towerdesk.lib.errors import Trouble
from towerdesk.sla.models import NAMES, Policy
from towerdesk.sla.policies import Promise, promise_of
from towerdesk.sla.spans import say_span
from towerdesk.sla.words import A

PRIORITIES = ("critical", "high", "normal", "low")
STILL = {"pending": "the customer", "hold": "others"}


def policy_sentences(policy: Policy, at: datetime) -> list[str]:
    """One for each target, one about pauses, one for each step. Of a policy read with its parts."""
    promise = promise_of(policy)
    said = [_target(promise, kind, its, at) for kind in NAMES if (its := promise.targets.get(kind))]
    still = " or on ".join(STILL[status] for status in promise.pauses if status in STILL)
    said.append(
        f"The clocks stand still while a ticket waits on {still}." if still else "The clocks never stand still."
    )
    return said + [_step(kind, minutes, actions) for kind, minutes, actions in promise.steps]


def _target(promise: Promise, kind: str, its: dict[str, int], at: datetime) -> str:
    spans = [f"{say_span(its[one])} ({one})" for one in PRIORITIES if one in its]
    name = A[kind][0].upper() + A[kind][1:]
    first = next(one for one in PRIORITIES if one in its)
    hours = f" of {promise.calendar}" if promise.calendar else ", day and night"
    return f"{name} within {', '.join(spans)}{hours}. {_example(promise, first, its[first], at)}"


def _example(promise: Promise, priority: str, minutes: int, at: datetime) -> str:
    try:
        due = reckon.add(promise.hours, at, timedelta(minutes=minutes))
    except Trouble as trouble:
        return str(trouble)
    return f"A {priority} one that begins now is due {timezone.localtime(due):%a %d %b %H:%M}."


def _step(kind: str, minutes: int, actions: list[dict[str, object]]) -> str:
    when = f"{say_span(abs(minutes))} {'before' if minutes < 0 else 'after'}" if minutes else "When"
    what = A[kind] if kind else "any promise"
    does = ", ".join(_does(action) for action in actions)
    return f"{when} {what} is due: {does or 'a warning on the ticket'}."


def _does(action: dict[str, object]) -> str:
    match action.get("do"):
        case "change":
            parts = (f"{name.replace('_', ' ')} to {value}" for name, value in action.items() if name != "do")
            return f"set the {', '.join(parts)}"
        case "assign":
            return f"give it to {action.get('team') or action.get('user')}"
        case "note":
            return f"leave a note “{action.get('text')}”"
        case "tag":
            return f"tag it {', '.join(str(word) for word in _list(action.get('add')))}"
        case "watch":
            return f"let {action.get('user')} watch"
    return str(action.get("do"))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
