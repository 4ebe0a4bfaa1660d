"""An article's Markdown as safe HTML, and its beginning as plain words."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(
    ["table", "strikethrough"]
)
_TAGS = set("a b blockquote br code em h2 h3 h4 hr i li ol p pre s strong table tbody td th thead tr ul".split())
_MARKS = re.compile(r"[*_`#>\[\]|]|\(https?://[^)]*\)")


@lru_cache(256)
def html_of(markdown: str) -> str:
    """Headings begin at the second level (the page's title is the first); no raw HTML, pictures or scripts."""
    lowered = re.sub(
        r"<(/?)h(\d)>", lambda tag: f"<{tag[1]}h{min(4, max(2, int(tag[2])))}>", _MARKDOWN.render(markdown)
    )
    return nh3.clean(
        lowered,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def gist(markdown: str, most: int = 140) -> str:
    """The first sentence or so of the text, on one line."""
    body = next((line for line in markdown.splitlines() if line.strip() and not line.startswith("#")), "")
    words = " ".join(_MARKS.sub("", body).split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def minutes(markdown: str) -> int:
    """How long one reads, at 200 words a minute."""
    return max(1, round(len(markdown.split()) / 200))
