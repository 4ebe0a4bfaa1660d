"""A line under “What we need” as a slot: `- order (text like BW-\\d{5}, from customer): The number of your order`."""

import re
from typing import Any, get_args

from towerdesk.assistant.procedures.document import Item
from towerdesk.assistant.procedures.faults import Wrong
from towerdesk.assistant.procedures.lines import LANGUAGE, code, split_at_commas
from towerdesk.assistant.procedures.model import Kind, Option, Slot, Source, Text

LINE = re.compile(r"^`?([A-Za-z]\w*)`?\s*\((.+?)\)\s*:\s*(.+)$", re.S)
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
SOURCES: tuple[Source, ...] = get_args(Source.__value__)
SPOKEN = {"yes or no": "yes_no", "order number": "text", "e-mail": "email", "number of": "number"}
AMONG = re.compile(r"^(one|some) of (.+?) by ([\w ,]+)$", re.I | re.S)


def read_need(item: Item, language: str) -> Slot:
    """Raises `Wrong`."""
    found = LINE.match(item.text)
    if found is None:
        raise Wrong("Write what is needed like “order (text, from customer): The number of your order”.")
    name, within, question = found.groups()
    first, *others = split_at_commas(within)
    values: dict[str, Any] = {"name": name, "line": item.line, **_kind(first)}
    for part in others:
        values |= _trait(part)
    said, options = _below(item)
    values |= {"question": {language: question} | said, "options": options}
    slot = Slot(**values)
    _must_fit(slot)
    return slot


def _kind(text: str) -> dict[str, Any]:
    if among := AMONG.match(text):
        fields = tuple(part.strip() for part in re.split(r",|\bor\b", among.group(3)) if part.strip())
        many = among.group(1).lower() == "some"
        sources = ("customer", "tool", "agent")
        return {"kind": "record", "many": many, "among": code(among.group(2)), "by": fields, "sources": sources}
    text, _, pattern = text.partition(" like ")
    many = text.lower().startswith("list of ")
    word = text.lower().removeprefix("list of ").strip()
    word = SPOKEN.get(word, word)
    if word not in KINDS:
        raise Wrong(f"“{text}” is no kind of value: there are {', '.join(KINDS)}, one of … by …, and list of ….")
    return {"kind": word, "many": many} | (_pattern(pattern) if pattern else {})


def _trait(text: str) -> dict[str, Any]:
    lower = text.lower()
    if lower == "optional":
        return {"optional": True}
    if lower == "or the only one":
        return {"or_only": True}
    if lower.startswith("like "):
        return _pattern(text[5:])
    if lower.startswith("from "):
        return {"sources": _sources(text[5:])}
    if lower.startswith(("at least ", "at most ")):
        bound = "least" if lower.startswith("at least") else "most"
        return {bound: _number(text.split(" ", 2)[2])}
    if lower.startswith("default "):
        return {"default": text[8:].strip(' "')}
    raise Wrong(
        f"“{text}” says nothing about a value: there are optional, like …, from …, at least …, at most …, default …."
    )


def _pattern(text: str) -> dict[str, Any]:
    bare = text.strip().strip("`")
    try:
        re.compile(bare)
    except re.error:
        raise Wrong(f"“{bare}” is no pattern (a regular expression).") from None
    return {"pattern": bare}


def _sources(text: str) -> tuple[str, ...]:
    sources = tuple(part.strip().lower() for part in re.split(r"\bor\b|\band\b", text) if part.strip())
    for source in sources:
        if source not in SOURCES:
            raise Wrong(f"“{source}” is nobody to have a value from: there are {', '.join(SOURCES)}.")
    return sources


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Wrong(f"“{text}” is no number.") from None


def _below(item: Item) -> tuple[Text, tuple[Option, ...]]:
    """Lines below are the question in other languages (`de: …`) and, of a choice, what can be chosen."""
    said: Text = {}
    options = []
    for line in item.below:
        if found := LANGUAGE.match(line.text):
            said[found.group(1)] = found.group(2)
            continue
        value, _, words = line.text.partition(":")
        others = tuple(word.strip() for word in words.split(",") if word.strip())
        options.append(Option(value=value.strip(' `"'), said=others))
    return said, tuple(options)


def _must_fit(slot: Slot) -> None:
    if slot.kind == "choice" and not slot.options:
        raise Wrong(f"“{slot.name}” is a choice of nothing: list below it what can be chosen.")
    if slot.kind != "choice" and slot.options:
        raise Wrong(f"“{slot.name}” is no choice, so nothing can be listed below it but other languages.")
    if slot.or_only and not slot.among:
        raise Wrong(f"“{slot.name}” is not one of a list, so there is no only one.")
