"""A procedure's Markdown as a tree: front matter, headings, and under each the prose and the list of lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from towerdesk.assistant.procedures.faults import Fault, Faulty

FENCE = "---"


@dataclass(slots=True)
class Item:
    """A line of a list, `- like this`, with the lines below it; continued lines are joined."""

    line: int
    text: str
    below: "list[Item]" = field(default_factory=list)


@dataclass(slots=True)
class Section:
    title: str
    line: int
    level: int
    notes: str = ""  # Markdown
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """`sections[0]` is what stands before the first `##` heading; its title is that of the `#` heading."""

    front: dict[str, Any]
    sections: list[Section]


def read_document(text: str) -> Document:
    """Raises `Faulty` when the front matter is no YAML mapping."""
    front, body, offset = _front(text.replace("\r\n", "\n"))
    tokens = _markdown().parse(body)
    sections = [Section("", 1, 1)]
    lines = body.split("\n")
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        if token.type == "heading_open" and token.level == 0:
            _head(sections, token, following.content, offset)
        elif (token.type == "paragraph_open" and token.level == 0) or (token.type == "fence" and token.level == 0):
            _note(sections[-1], token, lines)
    for section, items in _lists(tokens, sections, offset):
        section.items.extend(items)
    return Document(front, sections)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _front(text: str) -> tuple[dict[str, Any], str, int]:
    """What stands between the two `---`, the text after it, and how many lines were taken off."""
    lines = text.split("\n")
    if lines[0].strip() != FENCE:
        return {}, text, 0
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        raise Faulty([Fault(1, "The head of the page is not closed: put a line with --- below it.")])
    try:
        front = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Faulty(
            [Fault(2 + (mark.line if mark else 0), "The head of the page is not “name: value” lines.")]
        ) from None
    if not isinstance(front, dict):
        raise Faulty([Fault(2, "The head of the page is not “name: value” lines.")])
    return front, "\n".join(lines[end + 1 :]), end + 1


def _head(sections: list[Section], token: Token, title: str, offset: int) -> None:
    line, level = _line(token, offset), int(token.tag[1])
    if level == 1 and len(sections) == 1:
        sections[0].title, sections[0].line = title.strip(), line
    else:
        sections.append(Section(title.strip(), line, level))


def _note(section: Section, token: Token, lines: list[str]) -> None:
    begin, end = token.map or (0, 0)
    section.notes = f"{section.notes}\n\n{'\n'.join(lines[begin:end])}".strip()


def _lists(tokens: Sequence[Token], sections: list[Section], offset: int) -> list[tuple[Section, list[Item]]]:
    """Each list at the top of the page with the section that it stands in."""
    found: list[tuple[Section, list[Item]]] = []
    root, stack = Item(0, ""), list[Item]()
    for token in tokens:
        if token.type == "list_item_open":
            item = Item(_line(token, offset), "")
            (stack[-1] if stack else root).below.append(item)
            stack.append(item)
        elif token.type == "list_item_close":
            stack.pop()
        elif token.type == "inline" and stack:
            said = " ".join(part.strip() for part in token.content.split("\n"))
            stack[-1].text = f"{stack[-1].text} {said}".strip()
        elif token.type in ("bullet_list_close", "ordered_list_close") and not stack:
            found.append((_section_of(root.below[0].line, sections), root.below))
            root = Item(0, "")
    return found


def _section_of(line: int, sections: list[Section]) -> Section:
    return next((one for one in reversed(sections) if one.line <= line), sections[0])


def _line(token: Token, offset: int) -> int:
    return (token.map[0] if token.map else 0) + offset + 1
