"""What people write in Teams as plain text, and our replies as the HTML that Teams shows."""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from towerdesk.lib.html import from_text, to_text

LONGEST = 6000  # UTF-16 code units of one message; Teams takes some 28 kB, and HTML says more than the text

_MENTION = re.compile(
    r"<at\b[^>]{0,200}>([^<]{0,200})</at>|<span\b[^>]{0,300}skype\.com/Mention[^>]{0,300}>([^<]{0,200})</span>",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"<(img|emoji)\b([^>]{0,4000})>", re.IGNORECASE)
_ALT = re.compile(r'\balt="([^"]{1,40})"', re.IGNORECASE)
_SRC = re.compile(r'\bsrc="([^"]{1,2000})"', re.IGNORECASE)
_FILE = re.compile(r"</?(?:attachment|emoji)\b[^>]{0,200}>", re.IGNORECASE)


def from_html(html: str, ours: Collection[str]) -> str:
    """Mentions as `@name`, without ours; emoji as such. Pictures and files come by themselves and are left out."""
    html = _MENTION.sub(lambda found: _mention(found[1] or found[2] or "", ours), html)
    html = _FILE.sub("", _IMAGE.sub(_sign, html))
    return to_text(html).replace("\u00a0", " ").strip()


def from_plain(text: str, ours: Collection[str]) -> str:
    """`text` of an activity: no HTML, apart from how it marks mentions and spaces."""
    return unescape(_MENTION.sub(lambda found: _mention(found[1] or "", ours), text)).replace("\u00a0", " ").strip()


def pictures_in(html: str) -> list[str]:
    """The addresses of pictures that are pasted between the words."""
    found = (_SRC.search(attributes) for tag, attributes in _IMAGE.findall(html) if tag.lower() == "img")
    return [unescape(one[1]) for one in found if one]


def to_html(text: str) -> str:
    """A reply, read as Markdown whose line breaks count. What looks like a tag in it is text, so it can call nobody."""
    return str(_MARKDOWN.render(text)).strip()


def _mention(name: str, ours: Collection[str]) -> str:
    told = unescape(name).strip()
    return "" if told in ours else f"@{escape(told)}"


def _sign(found: re.Match[str]) -> str:
    is_sign = found[1].lower() == "emoji" or "skype.com/Emoji" in found[2]
    alt = _ALT.search(found[2]) if is_sign else None
    return alt[1] if alt else ""


def _text(_: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Mapping[str, Any]) -> str:
    """Web addresses that stand by themselves become links, which Teams does not make of HTML."""
    content = tokens[at].content
    in_link = sum(token.nesting for token in tokens[:at] if token.type.startswith("link_"))
    if in_link or not content.strip():
        return escape(content)
    return from_text(content).removeprefix("<p>").removesuffix("</p>")


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
_MARKDOWN.disable(["code", "entity", "html_inline", "image"])
_MARKDOWN.add_render_rule("text", _text)
