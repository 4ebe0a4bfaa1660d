"""What is said to a customer: plain text with {expressions} in it, in one or several languages."""

import re
from collections.abc import Mapping
from typing import Any

from towerdesk.assistant.procedures.expressions import evaluate, names, parse, spoken
from towerdesk.assistant.procedures.faults import Wrong
from towerdesk.assistant.procedures.model import Text

HOLE = re.compile(r"\{([^{}]*)\}")


def check_text(text: Text) -> None:
    """Raises `Wrong` when a hole holds no expression."""
    for said in text.values():
        if not said.strip():
            raise Wrong("Nothing is said here.")
        if re.sub(HOLE, "", said).strip("{}") != re.sub(HOLE, "", said):
            raise Wrong("A { has no } to close it.")
        for hole in HOLE.findall(said):
            parse(hole)


def names_of(text: Text) -> set[str]:
    return {name for said in text.values() for hole in HOLE.findall(said) for name in names(hole)}


def say(text: Text, known: Mapping[str, Any], language: str) -> str:
    """In `language` when it was written in it, else in the procedure's own. Raises `CannotTell`."""
    said = text.get(language) or next(iter(text.values()))
    return HOLE.sub(lambda hole: spoken(evaluate(hole.group(1), known)), said)
