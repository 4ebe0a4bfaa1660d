"""The visible reply of a mail: what its writer says now, apart from quotes and signatures.

Nothing is lost: `Visible` keeps the quoted rest and the signature, and the whole mail is stored beside it. When no
answer would be left (a mail that only forwards, or only quotes) the whole text is shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from towerdesk.channels.email.cleaning.headers import REPLY_LINE
from towerdesk.channels.email.cleaning.lines import Line, label_all, read_lines
from towerdesk.channels.email.cleaning.markup import clean_markup
from towerdesk.channels.email.cleaning.quotes import answers, mark_quotes
from towerdesk.channels.email.cleaning.signatures import mark_signatures
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.subjects import is_forward

__all__ = ["REPLY_LINE", "Visible", "visible", "visible_html", "visible_text"]

LETTERS = re.compile(r"[^\W_]+")


@dataclass(slots=True, frozen=True)
class Visible:
    text: str  # the reply, never empty when the mail has any text
    quoted: str  # quotes and forwarded text that were set apart
    signature: str
    html: str  # the reply's HTML, still unsafe; empty when the mail has none


def visible(mail: Mail) -> Visible:
    """Split a mail. A forwarded mail (by its subject) is shown whole: there the quote is the message."""
    if is_forward(mail.subject):
        return Visible(mail.text.strip(), "", "", mail.html)
    name = mail.sender.name
    plain = split(read_lines(mail.text), name)
    if not mail.html:
        return plain
    html, lines = clean_markup(mail.html, lambda found: label(found, name))
    rich = gather(lines)
    return Visible(
        shorter(plain.text, rich),
        plain.quoted or rest(lines, "quote"),
        plain.signature or rest(lines, "signature"),
        html,
    )


def visible_text(text: str) -> str:
    return split(read_lines(text)).text


def visible_html(html: str) -> str:
    """The reply's part of an HTML body. Still as unsafe as the mail was: pass it through `lib.html.safe`."""
    return clean_markup(html, lambda lines: label(lines, ""))[0]


def split(lines: list[Line], sender: str = "") -> Visible:
    label(lines, sender)
    return Visible(gather(lines), rest(lines, "quote"), rest(lines, "signature"), "")


def label(lines: list[Line], sender: str) -> None:
    """Quotes first, then signatures in what is left; when no answer is left, all of it is the answer."""
    mark_quotes(lines)
    mark_signatures(lines, sender)
    if not any(line.label == "reply" and answers(line) for line in lines):
        label_all(lines, "reply")


def gather(lines: Sequence[Line]) -> str:
    """The reply's lines as text, with one blank line where a quote stood between them."""
    out: list[str] = []
    gap = False
    for line in lines:
        if line.label != "reply":
            gap = True
        elif not (gap and line.blank):
            out += ["", line.raw.rstrip()] if gap and out and out[-1] else [line.raw.rstrip()]
            gap = False
    return "\n".join(out).strip()


def rest(lines: Sequence[Line], label: str) -> str:
    return "\n".join(line.raw for line in lines if line.label == label).strip()


def shorter(plain: str, rich: str) -> str:
    """Of the two bodies' replies the plain one, unless the HTML one found more of the same text to set apart."""
    bare_plain, bare_rich = "".join(LETTERS.findall(plain)), "".join(LETTERS.findall(rich))
    if bare_rich and (not bare_plain or (len(bare_rich) < len(bare_plain) and bare_rich in bare_plain)):
        return rich
    return plain
