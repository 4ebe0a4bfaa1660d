"""Results of tools as a second kind of source: a sentence rests on one when its facts and names stand in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from towerdesk.assistant.propose.facts import Fact, facts_in
from towerdesk.assistant.propose.names import names_in, words_in
from towerdesk.assistant.propose.rests import stems
from towerdesk.assistant.propose.turns import turns_of

MOST_NEW = 0.34
LONGEST, MOST_WORDS = 60, 6
"""Characters and words of a value that is more than a name or a state."""
LABELS = frozenset("your you the order account subscription item we our is was are were it this that".split())


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What one call of a tool said: `content` is its JSON, `call` where it is kept, `title` what the tool is called."""

    call: int | str
    tool: str
    content: Any
    title: str = ""


def why_not_told(sentence: str, result: ToolResult) -> str:
    """Empty when the result carries the sentence."""
    values = list(_leaves(result.content))
    there = [fact for _, value in values for fact in facts_in(_said(value))]
    facts = facts_in(sentence)
    strings = words_in(" ".join(_said(value) for _, value in values))
    for fact in facts:
        if not _stands(fact, there, values):
            return f"The result of {result.tool} does not say “{fact.said}”"
    missing = names_in(sentence) - strings - words_in(result.title)
    if missing:
        return f"The result of {result.tool} does not name “{sorted(missing)[0]}”"
    return _turned(sentence, values, result) or _new(sentence, values, result, has_facts=bool(facts))


def _leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of what states something: numbers, dates, names, words for a state.

    Free text in a result was written by anybody, a customer among them: nothing is said because it stands there.
    """
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _leaves(value, f"{path} {name}".strip())
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value, path)
    elif not (isinstance(content, str) and _is_free_text(content)):
        yield path, content


def _is_free_text(value: str) -> bool:
    return (
        len(value) > LONGEST
        or len(value.split()) > MOST_WORDS
        or bool(re.search(r"[\n<>{}]|[.!?;]\s|https?:|www\.", value))
    )


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else "" if value is None else str(value)


def _stands(fact: Fact, there: list[Fact], values: list[tuple[str, Any]]) -> bool:
    if any(fact.fits(other) for other in there):
        return True
    if fact.kind == "date":
        return any(_same_day(fact.value, _said(value)) for _, value in values)
    if fact.kind in ("amount", "quantity", "percent"):
        unit_is_named = any(fact.unit.rstrip("%") in f"{path} {_said(value)}".lower() for path, value in values)
        return unit_is_named and any(fact.value == other.value and not other.unit for other in there)
    return False


def _same_day(said: str, value: str) -> bool:
    day = value[:10]
    return said == day or (
        said.startswith("--") and re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) is not None and day[4:] == said[1:]
    )


def _turned(sentence: str, values: list[tuple[str, Any]], result: ToolResult) -> str:
    """A denial must stand in the result: as `false`, as nothing, as zero, or in its words; and the other way round."""
    told = " ".join(f"{path} {_said(value)}" for path, value in values).replace("_", " ")
    said, mine = turns_of(sentence), stems(sentence)
    denied = bool(turns_of(told)["not"]) or any(
        stems(path.replace("_", " ")) & mine for path, value in values if value in (False, None, 0, "") or value == []
    )
    if said["not"] and not denied:
        return f"The result of {result.tool} does not deny it"
    for path, value in values:
        if value is False and stems(path.replace("_", " ")) & mine and not said["not"]:
            return f"The result of {result.tool} says no"
    for turn in ("only", "except", "must", "at most", "at least"):
        if said[turn] and not turns_of(told)[turn]:
            return f"The result of {result.tool} does not say “{turn}”"
    return ""


def _new(sentence: str, values: list[tuple[str, Any]], result: ToolResult, *, has_facts: bool) -> str:
    known = stems(" ".join(f"{path} {_said(value)}" for path, value in values).replace("_", " "))
    known |= stems(f"{result.tool} {result.title}".replace(".", " ").replace("_", " "))
    mine = {word for word in stems(sentence) - LABELS if word.isalpha()}
    if not mine & known and not has_facts:
        return f"The result of {result.tool} does not speak of it"
    if len(mine - known) / max(1, len(mine)) > MOST_NEW:
        return f"It says more than the result of {result.tool}"
    return ""
