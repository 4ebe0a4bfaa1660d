"""Plain text turned into HTML."""

import re
from html import escape

from towerdesk.lib.html.limits import MAX_INPUT

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
