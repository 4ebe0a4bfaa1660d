"""How a procedure's text looks: what is wrong with it, its picture, its tests, and how it differs from another one."""

import re
from difflib import unified_diff
from typing import Any

from django.utils.safestring import mark_safe

from towerdesk.assistant.procedures.compile import compile_procedure, read_procedure
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.trials import try_all
from towerdesk.knowledge.chunk import FRONT_MATTER
from towerdesk.knowledge.show import html_of
from towerdesk.lib.errors import Invalid
from towerdesk.web.graphs import Graph, draw
from towerdesk.web.guide import guide

TITLE = re.compile(r"^# .*$", re.MULTILINE)
"""It stands above all of it already."""


def differences(was: str, now: str, what: str) -> list[tuple[str, str]]:
    """Sign and line, with three lines around each change; nothing when they are the same."""
    found = list(unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=3))[2:]
    lines = [("@", "") if line.startswith("@@") else (line[:1].strip(), line[1:]) for line in found]
    return [("", f"The {what}:"), *lines] if lines else []


def look(text: str, tests: str) -> dict[str, Any]:
    """What is wrong with a text, its picture, how it reads, and what its tests say."""
    body = mark_safe(html_of(TITLE.sub("", FRONT_MATTER.sub("", text, count=1), count=1)))  # noqa: S308 - made safe by html_of
    try:
        made = compile_procedure(text, desk_tools())
    except Faulty as faulty:
        return {"faults": faulty.faults, "graph": _as_far_as_it_goes(text, faulty), "made": None, "body": body}
    shown = {"faults": (), "graph": draw(made), "made": made, "body": body, "parts": guide(made)}
    try:
        return shown | {"verdicts": try_all(made, tests)}
    except Invalid as unread:
        return shown | {"unread": unread}


def _as_far_as_it_goes(text: str, faulty: Faulty) -> Graph | None:
    """A text whose lines can be read has a picture, with its faults marked."""
    try:
        return draw(read_procedure(text), wrong={fault.line for fault in faulty.faults})
    except Faulty:
        return None
