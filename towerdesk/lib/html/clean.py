"""HTML that strangers wrote, made safe to show."""

import re

import nh3

from towerdesk.lib.html.limits import MAX_INPUT, VOID

_TAGS = set(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby "
    "s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr".split()
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
# Stands before the address of a picture that must not be loaded. A mail that writes it itself gets the same treatment.
_REMOTE = "remote:"
_MAX_OPEN = 200  # elements open at once; the parser under nh3 needs time that grows with their square
_COUNTED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_SELF_CLOSING = VOID | {
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
    """`html` to be shown inside a page of ours: an allow-list of tags; no scripts, styles, forms or remote loads.

    Pictures from elsewhere keep their address in `data-src` (see `remote_pictures`); enclosed ones keep `src="cid:…"`,
    for the caller to map. Links go to http, https, mailto and tel only and get rel="noopener noreferrer nofollow".
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
    if not any(levels.drops(closing, name.lower()) for closing, name in _COUNTED.findall(html)):
        return html
    levels = _Levels()
    return _COUNTED.sub(lambda tag: "<!" if levels.drops(tag[1], tag[2].lower()) else tag[0], html)


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
