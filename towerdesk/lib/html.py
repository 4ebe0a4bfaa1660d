"""HTML that strangers wrote: made safe to show, or turned into text; and text turned into HTML."""

import re
from collections.abc import Iterator
from html import escape, unescape

import nh3

MAX_INPUT = 1_000_000  # characters read; a newsletter has some 100,000
MAX_QUOTE = 8  # levels of quoting that are shown in text

_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'>]{1,4000}))""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{1,300})"|'([^']{1,300})')""", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_LINES = set(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr html legend li main menu nav ol option p pre section summary table tbody tfoot thead tr ul".split()
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
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TOO_MANY_LINES = re.compile(r"\n(?:[ >]*\n){2,}")


def to_text(html: str) -> str:
    """Readable text: blocks on lines of their own, links as `words <address>`, quotes with `> `; hidden text left out."""
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
        if opening and name not in _VOID and self._is_hidden(name, content):
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
    """("text", words), ("open", "a href=…") or ("close", "/a"), in order. Each character is looked at a fixed number of times."""
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


_LINK = re.compile(
    r"https?://[^\s<>\"']{1,2000}|www\.[^\s<>\"'/]{1,200}\.[a-z]{2,24}(?:/[^\s<>\"']{0,2000})?"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
_REL = 'rel="noopener noreferrer nofollow"'


def from_text(text: str) -> str:
    """Plain text as safe HTML: escaped, blank lines part paragraphs, web and mail addresses become links."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", text[:MAX_INPUT].replace("\r\n", "\n").strip("\n"))
    return "\n".join(f"<p>{_linked(one)}</p>" for one in paragraphs if one.strip())


def _linked(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        shown = _without_end(found.group())
        pieces += [escape(text[at : found.start()]), f'<a href="{escape(_target(shown))}" {_REL}>{escape(shown)}</a>']
        at = found.start() + len(shown)
    pieces.append(escape(text[at:]))
    return "".join(pieces).replace("\n", "<br>\n")


def _without_end(link: str) -> str:
    """A full stop or bracket after an address belongs to the sentence, unless the bracket was opened in the address."""
    shown = link.rstrip(".,;:!?*_'\"")
    while shown.endswith(")") and shown.count("(") < shown.count(")"):
        shown = shown[:-1].rstrip(".,;:!?")
    return shown


def _target(shown: str) -> str:
    if shown.lower().startswith("http"):
        return shown
    return f"https://{shown}" if shown.lower().startswith("www.") and "@" not in shown else f"mailto:{shown}"


_TAGS = set(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section "
    "small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "width", "height"},
    "th": {"colspan", "rowspan", "width", "height", "scope"},
    "table": {"width", "border", "cellpadding", "cellspacing"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "ol": {"start", "type"},
    "blockquote": {"cite"},
    "font": {"color"},
    "time": {"datetime"},
    "bdo": {"dir"},
    "details": {"open"},
}
_CONTENT_DROPPED = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "applet",
    "iframe",
    "select",
}
_REMOTE = "remote:"  # stands before the address of a picture that must not be loaded; no mail can write it, the scheme is not allowed
_MAX_OPEN = 200  # elements open at once; the parser under nh3 needs time that grows with their square
_COUNTED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_SELF_CLOSING = _VOID | {
    "p",
    "li",
    "td",
    "th",
    "tr",
    "dt",
    "dd",
    "option",
    "tbody",
    "thead",
    "tfoot",
    "html",
    "head",
    "body",
}


def safe(html: str) -> str:
    """`html` to be shown inside a page of ours: an allow-list of tags, no scripts, styles, forms, frames or remote loads.

    Pictures from elsewhere keep their address in `data-src` (see `remote_pictures`); enclosed ones keep `src="cid:…"`, for
    the caller to map. Links go to http, https, mailto and tel only and get rel="noopener noreferrer nofollow".
    """
    cleaned = nh3.clean(
        _flattened(html[:MAX_INPUT]),
        tags=_TAGS,
        clean_content_tags=_CONTENT_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid", "remote"},
        url_relative="deny",
    )
    return cleaned.replace(f' src="{_REMOTE}', ' data-src="')


def remote_pictures(safe_html: str) -> int:
    """How many pictures `safe` kept from being loaded."""
    return safe_html.count(' data-src="')


def _filter(tag: str, name: str, value: str) -> str | None:
    scheme = value.strip().partition(":")[0].lower() if ":" in value[:40] else ""
    if name == "src":
        return value if scheme == "cid" else f"{_REMOTE}{value.strip()}" if scheme in ("http", "https") else None
    if name in ("href", "cite"):
        return value if scheme in ("http", "https", "mailto", "tel") else None
    return value


def _flattened(html: str) -> str:
    """`html` without the tags that open deeper than `_MAX_OPEN`, which no mail of a person does."""
    levels = _Levels()
    for closing, name in _COUNTED.findall(html):
        if levels.drops(closing, name.lower()):
            again = _Levels()
            return _COUNTED.sub(lambda tag: "<!" if again.drops(tag[1], tag[2].lower()) else tag[0], html)
    return html


class _Levels:
    """Counts the elements that are open, by name, since hostile text closes what it never opened."""

    def __init__(self) -> None:
        self.open: dict[str, int] = {}
        self.depth = 0
        self.dropped: dict[str, int] = {}

    def drops(self, closing: str, name: str) -> bool:
        """Whether this tag opens too deep, or ends one that did."""
        if name in _SELF_CLOSING:
            return False
        if closing:
            return self._closes(name)
        if self.depth >= _MAX_OPEN:
            self.dropped[name] = self.dropped.get(name, 0) + 1
            return True
        self.open[name] = self.open.get(name, 0) + 1
        self.depth += 1
        return False

    def _closes(self, name: str) -> bool:
        if self.dropped.get(name):
            self.dropped[name] -= 1
            return True
        if self.open.get(name):
            self.open[name] -= 1
            self.depth -= 1
        return False
