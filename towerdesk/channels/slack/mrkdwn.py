"""Slack's own markup, mrkdwn: our replies into it, what people there write out of it."""

import html
import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 12_000  # characters of one message; Slack cuts at 40,000, and people stop reading long before

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["code", "entity", "html_inline"])
_REFERENCE = re.compile(r"<([^<>\n]{1,3000})>")
_USER = re.compile(r"@([UW][A-Z0-9]{5,20})\b")
_AROUND = {"strong": "*", "em": "_", "s": "~"}


def to_mrkdwn(text: str) -> str:
    """A reply, read as Markdown whose line breaks count. Nothing in it can call a channel or a person by accident."""
    writer = _Writer()
    for token in _MARKDOWN.parse(text):
        writer.take(token)
    return "\n\n".join(writer.blocks)


def escape(text: str) -> str:
    """The three characters that mean something to Slack's servers: what is written with them pings nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_text(mrkdwn: str) -> str:
    """As plain text: links with their addresses, people as `@U0123` (see `with_names`), emphasis as it was typed."""
    return html.unescape(_REFERENCE.sub(_reference, mrkdwn))


def users_in(text: str) -> list[str]:
    return list(dict.fromkeys(_USER.findall(text)))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """`names` by user; whoever is not in it stays a number."""
    return _USER.sub(lambda found: f"@{names.get(found[1]) or found[1]}", text)


def cut(text: str, most: int = LONGEST) -> list[str]:
    """Into pieces of at most `most` characters, where a line or a word ends."""
    pieces = []
    while len(text) > most:
        end = max(text.rfind("\n", most // 2, most), text.rfind(" ", most // 2, most)) + 1 or most
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _reference(found: re.Match[str]) -> str:
    what, _, label = found[1].partition("|")
    if what.startswith("@"):
        return what
    if what.startswith("#"):
        return f"#{label or what[1:]}"
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    address = what.removeprefix("mailto:").removeprefix("tel:")
    return address if label in ("", address, what) else f"{label} ({address})"


class _Writer:
    """Writes the tokens of a text down, block by block; a list is one block, with its items on lines of their own."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.lines: list[str] = []
        self.depth, self.quoted, self.heading, self.mark = 0, 0, False, ""
        self.counters: list[int] = []  # of the lists around: the next number, or -1 for bullets

    def take(self, token: Token) -> None:
        self.depth += token.nesting
        if token.type.endswith("_list_open"):
            self.counters.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else -1)
        elif token.type.endswith("_list_close"):
            self.counters.pop()
        elif token.type == "list_item_open":
            self._item()
        elif token.type.startswith("blockquote"):
            self.quoted += token.nesting
        elif token.type.startswith("heading"):
            self.heading = token.nesting == 1
        elif token.type in ("inline", "fence", "hr"):
            self._write(f"*{_inline(token)}*" if self.heading else _leaf(token))
        if self.depth == 0 and self.lines:
            self.blocks.append("\n".join(self.lines))
            self.lines, self.mark = [], ""

    def _item(self) -> None:
        number = self.counters[-1]
        self.mark = "• " if number < 0 else f"{number}. "
        self.counters[-1] += number >= 0

    def _write(self, said: str) -> None:
        """`>` at the start of a line is Slack's mark of a quote, and the one that need not be escaped."""
        before = ("> " if self.quoted else "") + "    " * (len(self.counters) - 1)
        first, *more = said.split("\n")
        self.lines.append(f"{before}{self.mark}{first}")
        self.mark = " " * len(self.mark)
        self.lines += [f"{before}{self.mark}{line}" for line in more]


def _leaf(token: Token) -> str:
    if token.type == "fence":
        return f"```\n{escape(token.content)}```"
    return "────────" if token.type == "hr" else _inline(token)


def _inline(token: Token) -> str:
    return "".join(_piece(child) for child in token.children or []).strip()


def _piece(token: Token) -> str:
    kind = token.type.rpartition("_")[0]
    if kind in _AROUND:
        return _AROUND[kind]
    if token.type == "link_open":
        return f"<{_address(str(token.attrs.get('href', '')))}|"
    if token.type == "link_close":
        return ">"
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "code_inline":
        return f"`{escape(token.content)}`"
    if token.type == "image":
        return f"<{_address(str(token.attrs.get('src', '')))}|{escape(token.content or 'picture')}>"
    return escape(token.content)


def _address(address: str) -> str:
    """Of a link, without what would end it early."""
    return escape(address).replace("|", "%7C")
