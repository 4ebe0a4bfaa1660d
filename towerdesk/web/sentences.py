"""Events as sentences: a name and a verb, never "Status: in progress"."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from towerdesk.events.kinds import KINDS
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.tickets.models import approval
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.say_field import field_name, say_field
from towerdesk.web.words import when_words

ELSEWHERE = {"ticket.opened", "assistant.handed_over", "message.noted", "ticket.watched", "ticket.rated"}
"""Kinds with a sentence that the page tells in another form, or that are nobody else's business."""
CONFIRMED: dict[str, str] = {
    "confirmed": "{who} says it is solved",
    "assumed": "Taken as solved: nobody wrote again",
    "disputed": "{who} says it is not solved",
}
OUTCOMES = dict(approval.OUTCOMES)
OWN: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "ticket.assigned": lambda who, data: (
        f"{who} took this" if data["now"] == who else f"{who} gave this to {data['now']}"
    ),
    "ticket.handed_off": lambda who, data: _passed_on(f"{who} handed this", data),
    "ticket.escalated": lambda who, data: _passed_on(f"{who} escalated this", data),
    "ticket.changed": lambda who, data: _changed(who, data["changes"]),
    "ticket.tagged": lambda who, data: _tagged(who, data),
    "ticket.confirmed": lambda who, data: CONFIRMED.get(data["known_by"], "").format(who=who),
    "ticket.rated": lambda who, data: _rated(who, data),
    "ticket.resolved": lambda who, data: f"{who} resolved this" + (f": {data['note']}" if data["note"] else ""),
    "ticket.closed": lambda who, data: f"{who} closed this" + (f": {data['why']}" if data["why"] else ""),
    "ticket.reopened": lambda who, data: f"Opened again: {data['why']}" if data["why"] else f"{who} opened this again",
    "ticket.snoozed": lambda who, data: _snoozed(who, data),
    "ticket.woken": lambda who, data: data["why"] or f"{who} brought this back from its snooze",
    "approval.answered": lambda who, data: (
        f"{who} said {data['answer']}" + (f": {data['note']}" if data["note"] else "")
    ),
    "approval.ended": lambda who, data: f"{OUTCOMES.get(data['outcome'], data['outcome'])}: {data['question']}",
    "message.withdrawn": lambda who, data: f"A reply was held back: {data['why']}",
}
TOLD = frozenset(kind for kind, shape in KINDS.items() if shape.sentence) - ELSEWHERE | {"ticket.rated"}
RATINGS = {1: "no", 2: "partly", 3: "yes"}
NAMES = {"product_area": "product", "due_at": "due time", "score_proven": ""}
LISTS = {"type": "type", "product_area": "area", "impact": "impact", "urgency": "urgency", "intent": "intent"}
HIDDEN = {"score", "score_proven", "handler", "mood", "language"}


def sentence(event: Event) -> str:
    """One sentence, or nothing when there is nothing that a reader would want to know."""
    own = OWN.get(event.kind)
    if own:
        return own(event.actor_name, event.data)
    return KINDS[event.kind].sentence.format(actor=event.actor_name, **event.data)


def _changed(who: str, changes: dict[str, list[Any]]) -> str:
    told = [_change(name, was, now) for name, (was, now) in changes.items() if name not in HIDDEN]
    return f"{who} {', '.join(told)}" if told else ""


def _change(name: str, was: Any, now: Any) -> str:
    if name == "next step":
        return f"set the next step: {now}"
    if name == "subject":
        return f"changed the subject, which was “{was}”"
    if name.startswith("field."):
        return _field(name.removeprefix("field."), now)
    label = NAMES.get(name, name)
    return f"set {label} to {_named(name, now)}" if now else f"took the {label} away"


def _field(key: str, now: Any) -> str:
    """A number of nought and a plain no are values, too."""
    name = field_name(key)
    return f"set {name} to {say_field(key, now)}" if now not in (None, "", []) else f"took {name} away"


def _named(name: str, value: Any) -> str:
    """Values of governed lists by their names, also those that are retired by now."""
    kind = LISTS.get(name)
    return taxonomy().name(kind, str(value)) if kind else _value(value)


def _value(value: Any) -> str:
    text = str(value).replace("-", " ")
    return {"pending": "waiting on the customer", "hold": "waiting on others"}.get(text, text)


def _passed_on(did: str, data: dict[str, Any]) -> str:
    return f"{did} to {data['now']} ({taxonomy().name('handoff', data['reason'])}): {data['note']}"


def _tagged(who: str, data: dict[str, Any]) -> str:
    said = [f"added {', '.join(data['added'])}"] if data["added"] else []
    said += [f"took off {', '.join(data['removed'])}"] if data["removed"] else []
    return f"{who} {' and '.join(said)}"


def _snoozed(who: str, data: dict[str, Any]) -> str:
    until = datetime.fromisoformat(data["until"])
    return f"{who} snoozed this until {when_words(until, now())}" + (f": {data['why']}" if data["why"] else "")


def _rated(who: str, data: dict[str, Any]) -> str:
    comment = f" “{data['comment']}”" if data["comment"] else ""
    return f"{who} on “did this solve it?”: {RATINGS.get(data['rating'], '?')}.{comment}"
