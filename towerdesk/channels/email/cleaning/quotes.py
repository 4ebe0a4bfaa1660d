"""Labelling the quoted lines of a mail. One pass, each line looked at a bounded number of times."""

import re
from collections.abc import Sequence

from .headers import header_at
from .lines import Line, label_all, next_content

LONG_ENOUGH_TO_WRAP = 55  # characters of a quoted line that a mail program may have broken in two
LEAST_ANSWER = re.compile(r"[^\W_]|[\U0001f300-\U0001faff☀-➿]")


def mark_quotes(lines: Sequence[Line]) -> None:
    """Label quoted lines; text written under or between quotes stays a reply."""
    at, answered = 0, False
    while at < len(lines):
        if lines[at].quoted and not lines[at].fenced:
            at = mark_run(lines, at)
            continue
        header = header_at(lines, at)
        if header is None:
            answered = answered or answers(lines[at])
            at += 1
            continue
        behind = next_content(lines, header.end)
        if quote_begins(lines, behind) and not lines[at].cut:
            label_all(lines[header.start : behind], "quote")
            at = mark_run(lines, behind)
        elif answered:
            label_all(lines[header.start :], "quote")
            return
        else:
            at = header.end


def answers(line: Line) -> bool:
    return line.picture or (not line.rule and bool(LEAST_ANSWER.search(line.words)))


def quote_begins(lines: Sequence[Line], at: int) -> bool:
    return at < len(lines) and (lines[at].quoted or lines[at].block)


def mark_run(lines: Sequence[Line], at: int) -> int:
    """Label from the first quoted line to the last of its run; return the line after it."""
    in_block = lines[at].block and not lines[at].quoted
    while at < len(lines):
        if not (belongs(lines[at], in_block) or broken_off(lines, at)):
            return at
        lines[at].label = "quote"
        behind = next_content(lines, at + 1)
        if behind < len(lines) and belongs(lines[behind], in_block):
            label_all(lines[at + 1 : behind], "quote")
            at = behind
        else:
            at += 1
    return at


def belongs(line: Line, in_block: bool) -> bool:
    return line.quoted or (in_block and line.block)


def broken_off(lines: Sequence[Line], at: int) -> bool:
    """The tail of a long quoted line that a mail program wrapped without a new ">"."""
    before, line = lines[at - 1], lines[at]
    if line.blank or not before.quoted or not line.words[0].islower():
        return False
    follows_quote = at + 1 < len(lines) and (lines[at + 1].quoted or lines[at + 1].blank)
    return follows_quote and len(before.words) >= LONG_ENOUGH_TO_WRAP and before.words[-1] not in ".?!:"
