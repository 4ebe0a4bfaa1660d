"""Change single lines of a procedure's page, and leave every other one as it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.procedures.checks import RISKS
from towerdesk.assistant.procedures.document import Item, read_document

FOR_EXAMPLE = {
    "en": "for example",
    "de": "zum Beispiel",
    "fr": "par exemple",
    "es": "por ejemplo",
    "nl": "bijvoorbeeld",
}


@dataclass(slots=True)
class Change:
    """A page as it would be. `rows`: [{text, tickets, times}], where it comes from; `notes`: what it leaves to a person."""

    text: str
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    tests: str = ""
    title: str = ""


def row(text: str, tickets: Sequence[int]) -> dict[str, Any]:
    return {"text": text, "tickets": sorted(set(tickets)), "times": len(set(tickets))}


def with_words(text: str, slot: str, option: str, words: Sequence[str]) -> str:
    """More words for one thing that can be chosen. The page is the same when the option can't be found."""
    need = _need(text, slot)
    found = (
        next((one for one in need.below if one.text.partition(":")[0].strip(' `"') == option), None) if need else None
    )
    if found is None:
        return text
    lines = text.split("\n")
    before, colon, after = lines[found.line - 1].partition(":")
    lines[found.line - 1] = f"{before}: {', '.join(words)}{',' if after.strip() else ''}{after if colon else ''}"
    return "\n".join(lines)


def with_example(text: str, slot: str, example: str) -> str:
    """An example at the end of the question, in each language that it is written in."""
    need = _need(text, slot)
    if need is None:
        return text
    lines = text.split("\n")
    for item in [need, *need.below]:
        language = found.group(1) if (found := re.match(r"([a-z]{2}): ", item.text)) else ""
        if item is need or language:
            at = _last_line(lines, item.line - 1)
            lines[at] = f"{lines[at].rstrip()} ({FOR_EXAMPLE.get(language, FOR_EXAMPLE['en'])} {example})"
    return "\n".join(lines)


def with_choices(text: str, slot: str, choices: Sequence[str]) -> str:
    """What can be chosen, named in the question; only in the page's own language."""
    need = _need(text, slot)
    if need is None:
        return text
    lines = text.split("\n")
    at = _last_line(lines, need.line - 1)
    lines[at] = f"{lines[at].rstrip()} ({', '.join(choices)})"
    return "\n".join(lines)


def with_lines(text: str, line: int, block: Sequence[str], needs: Sequence[str] = ()) -> str:
    """A block right before a line (counted from 1), as deep as that one; and more under “What we need”."""
    lines = text.split("\n")
    deep = re.match(r"\s*", lines[line - 1])
    lines[line - 1 : line - 1] = [f"{deep.group() if deep else ''}{one}" for one in block]
    return _with_needs("\n".join(lines), needs)


def with_intent(text: str, intent: str) -> str:
    """One more intent in the head of the page."""
    known = [str(one) for one in read_document(text).front.get("intents", [])]
    said = f"intents: [{', '.join([*known, intent])}]"
    head, fence, body = text.partition("\n---")
    if not head.startswith("---"):
        return f"---\n{said}\n---\n\n{text}"
    if re.search(r"^intents:", head, re.M):
        head = re.sub(r"^intents:.*(?:\n[ \t-].*)*", said, head, count=1, flags=re.M)
    else:
        head = f"{head}\n{said}"
    return head + fence + body


def with_risk(text: str, risk: str) -> str:
    """The head of the page says at least this."""
    known = str(read_document(text).front.get("risk", RISKS[0]))
    if RISKS.index(risk) <= RISKS.index(known):
        return text
    head, fence, body = text.partition("\n---")
    if not head.startswith("---"):
        return f"---\nrisk: {risk}\n---\n\n{text}"
    said = re.sub(r"^risk:.*$", f"risk: {risk}", head, count=1, flags=re.M)
    return (said if said != head else f"{head}\nrisk: {risk}") + fence + body


def _with_needs(text: str, needs: Sequence[str]) -> str:
    if not needs:
        return text
    lines = text.split("\n")
    section = next((one for one in read_document(text).sections if one.title.lower() == "what we need"), None)
    if section is None:
        first = next(one.line for one in read_document(text).sections[1:])
        lines[first - 1 : first - 1] = ["## What we need", "", *needs, ""]
    else:
        last = max((_deepest(item) for item in section.items), default=section.line + 1)
        at = _last_line(lines, last - 1) + 1
        lines[at:at] = list(needs)
    return "\n".join(lines)


def _need(text: str, slot: str) -> Item | None:
    needs = [one for one in read_document(text).sections if one.title.lower() == "what we need"]
    return next((item for one in needs for item in one.items if re.match(rf"`?{slot}`?\s*\(", item.text)), None)


def _deepest(item: Item) -> int:
    return max([item.line, *(_deepest(one) for one in item.below)])


def _last_line(lines: Sequence[str], at: int) -> int:
    """A line of a list may go on on the next ones."""
    while at + 1 < len(lines) and lines[at + 1].strip() and not re.match(r"\s*(?:[-*+]|\d+[.)]|#)\s?", lines[at + 1]):
        at += 1
    return at
