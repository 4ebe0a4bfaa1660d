"""Markdown to the words a reader sees, on one line a block; links become their text."""

import html
import re

RULES = [
    (re.compile(r"^\s*(```|~~~).*$", re.M), ""),  # fences, not what stands in them
    (re.compile(r"<!--.*?-->", re.S), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), ""),
    (re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)", re.M), ""),
    (re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", re.M), ""),
    (re.compile(r"^[ \t|:-]*-{3}[ \t|:-]*$", re.M), ""),  # the line below a table's head, and rules
    (re.compile(r"[ \t]*\|[ \t]*"), " "),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1", re.S), r"\2"),
    (re.compile(r"(?<![\w*\\])\*(?=\S)(.{1,500}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])_(?=\S)(.{1,500}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])"), r"\1"),
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r" ?\n\s*"), "\n"),
]


def plain(markdown: str) -> str:
    """Never fails; what is not Markdown stays as it is."""
    for pattern, by in RULES:
        markdown = pattern.sub(by, markdown)
    return html.unescape(markdown).strip()
