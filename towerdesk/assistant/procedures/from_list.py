"""A guideline that somebody already has, as a procedure for people: each of its steps is done by hand and ticked off.

It is where most procedures begin: as a checklist that guides, whose steps become reads, guards and writes one by one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MARK = re.compile(r"^\s*(?:[-*+•>#]+|\(?\d{1,2}[.)]|\[[ xX]?\])\s+")
"""What stands in front of a line in lists of all kinds."""
TITLE_LETTERS = 60


@dataclass(frozen=True, slots=True)
class ByHand:
    """`title` is the heading, `text` what is done; `fills` names what the person finds out."""

    title: str
    text: str
    points: Sequence[str] = ()
    fills: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Guideline:
    title: str
    steps: Sequence[ByHand]
    about: Sequence[str] = ()
    key: str = ""
    needs: dict[str, str] = field(default_factory=dict)  # name -> question


def read_list(text: str) -> list[ByHand]:
    """Lines as people keep them: one for each step, numbered or not; what is indented below belongs to it."""
    steps: list[tuple[str, list[str]]] = []
    for line in text.replace("\t", "    ").splitlines():
        said = _plain(line)
        if not said:
            continue
        if steps and line[:1] == " ":
            steps[-1][1].append(said)
        else:
            steps.append((said, []))
    return [ByHand(_title(said), said, points) for said, points in steps]


def procedure_of(guideline: Guideline) -> str:
    """The Markdown of it."""
    parts = [
        *(["---", f"key: {guideline.key}", "---", ""] if guideline.key else []),
        f"# {_plain(guideline.title)}",
        *(f"\n{_plain(line)}" for line in guideline.about),
    ]
    if guideline.needs:
        parts += ["", "## What we need", ""]
        parts += [
            f"- {name} (text, optional, from customer or agent): {question}"
            for name, question in guideline.needs.items()
        ]
    titles: set[str] = set()
    for step in guideline.steps:
        parts += ["", f"## {_free(_plain(step.title), titles)}", "", f"- Do: {_plain(step.text)}"]
        parts += [f"  - {_plain(point)}" for point in step.points if _plain(point)]
        parts += [f"  - Fill in: {', '.join(step.fills)}"] if step.fills else []
    return "\n".join([*parts, ""])


def _plain(line: str) -> str:
    """On one line, without the marks of a list."""
    said = " ".join(line.split())
    while said != (said := MARK.sub("", said)):
        pass
    return said


def _title(said: str) -> str:
    """Its first words, as far as they make a heading."""
    first = re.split(r"[:.;,(–—]\s", said, maxsplit=1)[0].rstrip(".:")
    if len(first) <= TITLE_LETTERS:
        return first
    return first[:TITLE_LETTERS].rsplit(" ", 1)[0] + "…"


def _free(title: str, taken: set[str]) -> str:
    """Two steps can't be called the same."""
    wanted, count = title, 1
    while wanted.lower() in taken or wanted.lower() == "what we need":
        count += 1
        wanted = f"{title} ({count})"
    taken.add(wanted.lower())
    return wanted
