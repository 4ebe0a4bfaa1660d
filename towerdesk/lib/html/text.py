"""HTML turned into text that people can read."""

import re
from collections.abc import Iterator
from html import unescape

from towerdesk.lib.html.limits import MAX_INPUT, VOID

MAX_QUOTE = 8  # levels of quoting that are shown

_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'>]{1,4000}))""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{1,300})"|'([^']{1,300})')""", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_LINES = set(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section summary table tbody "
    "tfoot thead tr ul".split()
)
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}
_DROPPED = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "applet",
    "select",
    "textarea",
    "iframe",
}
_TOO_MANY_LINES = re.compile(r"\n(?:[ >]*\n){2,}")


def to_text(html: str) -> str:
    """Readable text: blocks on lines of their own, links as `words <address>`, quotes with `> `; no hidden text."""
    html = html[:MAX_INPUT]
    text = _Writer(html, skip_hidden=True).text()
    return text or _Writer(html, skip_hidden=False).text()


class _Writer:
    """Writes text while it reads tag after tag. No tree is made, so that nesting costs nothing."""

    def __init__(self, html: str, *, skip_hidden: bool) -> None:
        self.html = html
        self.skip_hidden = skip_hidden
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quote = self.pre = 0
        self.link = ""
        self.link_start = 0
        self.skipping, self.skip_depth = "", 0

    def text(self) -> str:
        for kind, content in _tokens(self.html):
            if kind == "text":
                self._words(content)
            else:
                self._tag(kind, content)
        self._break()
        return _TOO_MANY_LINES.sub("\n\n", "\n".join(self.lines)).strip("\n ")

    def _words(self, content: str) -> None:
        if self.skipping:
            return
        words = unescape(content) if "&" in content else content
        if self.pre:
            first, *more = words.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for line in more:
                self._break()
                self.line.append(line)
            return
        words = _BLANKS.sub(" ", words)
        if words == " " and not self.line:
            return
        self.line.append(words)

    def _tag(self, kind: str, content: str) -> None:
        opening = kind == "open"
        name = _tag_name(content)
        if self.skipping:
            self._skip_on(name, opening)
            return
        if opening and name not in VOID and self._is_hidden(name, content):
            if not content.endswith("/"):
                self.skipping, self.skip_depth = name, 1
            return
        if name == "a":
            self._link(content, opening)
        elif name in _LINES:
            self._block(name, opening)
        elif opening:
            self._piece(name, content)

    def _skip_on(self, name: str, opening: bool) -> None:
        if name == self.skipping:
            self.skip_depth += 1 if opening and name not in _DROPPED else -1 if not opening else 0
            if self.skip_depth <= 0:
                self.skipping = ""

    def _is_hidden(self, name: str, content: str) -> bool:
        if name in _DROPPED:
            return True
        return self.skip_hidden and "style" in content and bool(_UNSEEN.search(content))

    def _piece(self, name: str, content: str) -> None:
        if name == "br":
            self._break(keep_blank=True)
        elif name in ("td", "th") and self.line:
            self.line.append("\t")
        elif name == "img" and (alt := _attribute(_ALT, content)):
            self.line.append(f"[{alt}]")

    def _block(self, name: str, opening: bool) -> None:
        self._break()
        if name in _PARAGRAPHS and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quote, MAX_QUOTE))
        step = 1 if opening else -1
        if name == "blockquote":
            self.quote = max(0, self.quote + step)
        elif name == "pre":
            self.pre = max(0, self.pre + step)
        elif name == "li" and opening:
            self.line.append("- ")
        elif name == "hr":
            self.lines.append("> " * min(self.quote, MAX_QUOTE) + "---")

    def _link(self, content: str, opening: bool) -> None:
        if opening:
            self.link, self.link_start = _attribute(_HREF, content), len(self.line)
            return
        words = "".join(self.line[self.link_start :]).strip()
        address = self.link.strip()
        self.link = ""
        if address[:7].lower() == "mailto:":
            address = address[7:].partition("?")[0]
        elif address[:4].lower() not in ("http", "tel:"):
            return
        if address and _bare(address) not in _bare(words):
            self.line.append(f" <{address}>" if words else f"<{address}>")

    def _break(self, *, keep_blank: bool = False) -> None:
        """End the line that is being written."""
        line = "".join(self.line)
        line = line.rstrip() if self.pre else line.strip()
        if line or keep_blank or (self.pre and self.line):
            self.lines.append("> " * min(self.quote, MAX_QUOTE) + line)
        self.line = []
        self.link_start = 0


def _bare(address: str) -> str:
    return address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def _attribute(pattern: re.Pattern[str], content: str) -> str:
    found = pattern.search(content[:8_000])
    return unescape(next(filter(None, found.groups()), "")).strip() if found else ""


def _tag_name(content: str) -> str:
    found = _TAG_NAME.match(content)
    return found.group(1).lower() if found else ""


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    """("text", words), ("open", "a href=…") or ("close", "/a"), in order, each letter looked at a few times."""
    at = 0
    while True:
        begin = html.find("<", at)
        if begin < 0:
            break
        if begin > at:
            yield "text", html[at:begin]
        following = html[begin + 1 : begin + 2]
        if following in ("!", "?"):
            at = _after_comment(html, begin)
        elif following == "/" or following.isalpha():
            end = _tag_end(html, begin)
            yield ("close" if following == "/" else "open"), html[begin + 1 : end]
            at = end + 1
        else:
            yield "text", "<"
            at = begin + 1
    if at < len(html):
        yield "text", html[at:]


def _after_comment(html: str, begin: int) -> int:
    mark = "-->" if html.startswith("<!--", begin) else ">"
    end = html.find(mark, begin + 2)
    return len(html) if end < 0 else end + len(mark)


def _tag_end(html: str, begin: int) -> int:
    """Where the tag's `>` is; one inside a quoted value does not count when the quote closes soon."""
    end = html.find(">", begin)
    if end < 0:
        return len(html)
    if html.count('"', begin, end) % 2:
        quote = html.find('"', end, end + 4_000)
        later = html.find(">", quote) if quote >= 0 else -1
        return later if later >= 0 else end
    return end
