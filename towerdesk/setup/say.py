"""A diff as lines that a person reads."""

from typing import Any

from towerdesk.setup.compare import Diff, Difference

SIGNS = {"new": "+", "changed": "~", "order": "~", "delete": "-", "retire": "-"}
WORDS = {"new": "is new", "delete": "is deleted", "retire": "is in use, so it is retired"}
LONGEST = 60


def lines(diff: Diff, *, kept: bool = True) -> list[str]:
    """One line for each difference, one more for each attribute that changes."""
    told = [line for one in diff.differences for line in _lines(one)]
    if kept:
        told += [f"  {one.section} {one.key} stays: {one.why or 'only --prune takes away'}" for one in diff.kept]
    return [*told, lacking(diff)] if diff.lacking else told


def lacking(diff: Diff) -> str:
    """One sentence of the secrets that are missing."""
    named = "; ".join(f"{key} needs {', '.join(f'“{name}”' for name in names)}" for key, names in diff.lacking.items())
    return f"! Secrets are missing, and no file brings them: {named}. Give them under Settings → Connections."


def _lines(one: Difference) -> list[str]:
    sign = SIGNS[one.what]
    if one.what == "order":
        return [f"{sign} {one.section}: the order is {', '.join(one.changes['order'][1])}"]
    if one.what == "changed":
        return [f"{sign} {one.section} {one.key}: {name} {_change(*pair)}" for name, pair in one.changes.items()]
    return [f"{sign} {one.section} {one.key} {WORDS[one.what]}"]


def _change(was: Any, now: Any) -> str:
    if isinstance(was, list) and isinstance(now, list):
        gone, came = [one for one in was if one not in now], [one for one in now if one not in was]
        told = [f"without {_value(one)}" for one in gone] + [f"with {_value(one)}" for one in came]
        return ", ".join(told) or "in another order"
    return f"{_value(was)} → {_value(now)}"


def _value(value: Any) -> str:
    text = " ".join(str(value).split()) if not isinstance(value, bool) else ("yes" if value else "no")
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"“{short}”" if isinstance(value, str) else short or "nothing"
