"""The values of custom fields: each as its kind demands, or one sentence that names the field."""

import difflib
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from towerdesk.accounts.models import User
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, split_url, storable
from towerdesk.people.models import Identity
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.known import Asked, taxonomy

LONGEST = 1000
MOST = 30
EMPTY: tuple[Any, ...] = (None, "", [])
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def checked(given: Mapping[str, Any], had: Mapping[str, Any]) -> dict[str, Any]:
    """What the ticket has afterwards: `had` with what was given; None or nothing takes a value away. Raises `Invalid`."""
    after = dict(had)
    for key, value in given.items():
        asked = _asked(key)
        if value == had.get(key):
            continue
        if value in EMPTY:
            after.pop(key, None)
            continue
        if asked.retired:
            raise _wrong(asked, "is retired and takes no new values: leave it out")
        after[key] = READ[asked.kind](asked, value, had.get(key))
    return after


def _asked(key: str) -> Asked:
    asked = taxonomy().fields.get(key)
    if asked is None:
        near = difflib.get_close_matches(key, taxonomy().fields, 1)
        hint = f"Did you mean “{near[0]}”?" if near else "Add it in the settings first."
        raise Invalid(f"There is no field “{key}”. {hint}", {"fields": "Use the key of a field."})
    return asked


def _text(asked: Asked, value: Any, had: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(asked, "is a text")
    if len(value) > LONGEST:
        raise _wrong(asked, f"is too long: use at most {LONGEST} characters")
    return storable(value).strip()


def _number(asked: Asked, value: Any, had: Any) -> float | int:
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise _wrong(asked, "is a number: write for example 12 or 2.5") from None
    if isinstance(value, bool) or not math.isfinite(number) or abs(number) >= 10**15:
        raise _wrong(asked, "is a number: write for example 12 or 2.5")
    return int(number) if number == int(number) else number


def _choice(asked: Asked, value: Any, had: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(asked, "is one of its list")
    return choose(asked.choices, value, had=had or "", called=f"choice of “{asked.name}”")


def _multi(asked: Asked, value: Any, had: Any) -> list[str]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or len(words) > MOST:
        raise _wrong(asked, f"is a list of at most {MOST} of its choices")
    kept = set(had or [])
    return sorted({word if word in kept else _choice(asked, word, "") for word in words})


def _date(asked: Asked, value: Any, had: Any) -> str:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(asked, "is a date: write for example 2026-11-30") from None
    return found.isoformat()[:10]


def _check(asked: Asked, value: Any, had: Any) -> bool:
    said = str(value).lower()
    if said not in YES + NO:
        raise _wrong(asked, "is yes or no")
    return said in YES


def _person(asked: Asked, value: Any, had: Any) -> str:
    address = str(value).strip().lower()
    known = Identity.objects.filter(kind="email", value=address).exists() or User.objects.filter(email=address).exists()
    if not known:
        raise _wrong(asked, f"names a person by mail address, and nobody known has “{one_line(address, 60)}”")
    return address


def _link(asked: Asked, value: Any, had: Any) -> str:
    text = _text(asked, value, had)
    parts = split_url(text) if not any(letter.isspace() for letter in text) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise _wrong(asked, "is a link: it begins with https:// or http://")
    return text


READ: dict[str, Callable[[Asked, Any, Any], Any]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "multi": _multi,
    "date": _date,
    "check": _check,
    "person": _person,
    "link": _link,
}


def _wrong(asked: Asked, why: str) -> Invalid:
    sentence = f"“{asked.name}” {why}."
    return Invalid(sentence, {f"fields.{asked.key}": sentence})
