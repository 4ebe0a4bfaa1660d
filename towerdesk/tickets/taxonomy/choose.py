"""May this value be chosen? Its key as a ticket keeps it, or one sentence."""

import difflib

from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.models.value import OPEN
from towerdesk.tickets.taxonomy.known import Known, taxonomy

WORDS = {
    "type": "type",
    "area": "product area",
    "resolution": "resolution",
    "handoff": "reason",
    "tag": "tag",
    "impact": "impact",
    "urgency": "urgency",
    "priority": "priority",
}


def choose(kind: str, word: str, *, had: str = "", called: str = "") -> str:
    """What a ticket has already stays; a merged value stands for the one it was merged into; a retired one is refused.

    `called` says what the list is called to people. Raises `Invalid`.
    """
    word = one_line(storable(word), 60)
    if not word or word == had:
        return word
    one = taxonomy().find(kind, taxonomy().standing(kind, word)) or _by_name(kind, word)
    called = called or WORDS.get(kind, kind)
    if one is None and kind in OPEN and taxonomy().is_free(kind):
        return word
    if one is None:
        raise Invalid(f"There is no {called} “{word}”. {_instead(kind, word)}", {kind: "Choose one of the list."})
    if one.retired and one.key != had:
        raise Invalid(f"The {called} “{one.name}” is retired: choose another one.", {kind: "Choose one of the list."})
    return one.key


def can_choose(kind: str, word: str) -> str:
    """The key, or nothing where `choose` would refuse: for what presets a value without a person looking."""
    try:
        return choose(kind, word)
    except Invalid:
        return ""


def _by_name(kind: str, word: str) -> Known | None:
    """People say names; programs say keys."""
    lower = word.lower()
    found = [one for one in taxonomy().all(kind) if lower in (one.key.lower(), one.name.lower())]
    return taxonomy().find(kind, taxonomy().standing(kind, found[0].key)) if found else None


def _instead(kind: str, word: str) -> str:
    keys = [key for key, _ in taxonomy().choosable(kind)]
    near = difflib.get_close_matches(word.lower(), keys, 1, 0.55)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"There are: {', '.join(keys[:20])}." if keys else "The list is empty: add it in the settings first."
