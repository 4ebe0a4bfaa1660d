"""The parts of a notice: what it says, its machine-readable fields, and the mail (or its headers) that it returns."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.mime import Node, read_tree
from towerdesk.channels.email.transfer import undo

MOST_BYTES = 400_000  # of a notice that are read; the mail it returns may be larger
MOST_PARTS = 60
MOST_TEXT = 60_000  # characters of one part, and of all that are read of one sort

REPORTS = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
ORIGINALS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/partial",
    "text/rfc822",
)
OTHER_REPORTS = (
    "message/feedback-report",
    "message/disposition-notification",
    "message/global-disposition-notification",
)

RETURNED = re.compile(
    r"^[ \t>]*(?:return-path|received|x-mailer|message-id|mime-version|dkim-signature|delivered-to|x-original-to|"
    r"x-originating-ip|from \S+@\S+\s+\w{3} )\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
INTRODUCED = re.compile(
    r"^[-=_*# \t>|]{0,80}(?:this is a copy of (?:the|your) message[^\n]{0,60}|below this line is a copy"
    r"|original message (?:follows|headers)"
    r"|(?:the )?(?:original|unsent|returned|undelivered) (?:message|mail|text|headers?)"
    r"(?: (?:follows|header|as follows|is included).*)?"
    r"|start of returned message|message header|message text follows:?|original mail as follows|------ this is"
    r"|included is a copy|a copy of the original message|bounced e-?mail|header of the message"
    r"|(?:the )?(?:headers?|body) of the (?:original )?(?:message|mail)[^.\n]{0,40}"
    r"|\(body supressed\))[-=_*#:. \t|]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)
FIELDS = re.compile(r"^(?:Reporting-MTA|Final-Recipient|Original-Recipient)\s*:", re.IGNORECASE | re.MULTILINE)
UNSEEN = (("<style", "</style>"), ("<script", "</script>"), ("<!--", "-->"))
BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z!][^<>@]{0,2000}>", re.IGNORECASE)


@dataclass(slots=True)
class Sections:
    notice: str = ""  # what is said to people
    report: str = ""  # the fields of RFC 3464
    original: str = ""  # headers (and maybe text) of the mail that came back
    marked_up: str = ""  # the HTML, read only when nothing is said in plain text
    types: set[str] = field(default_factory=set)


def read_sections(raw: bytes) -> Sections:
    raw = raw[:MOST_BYTES]
    root, _ = read_tree(raw, len(raw) - len(raw.lstrip()), len(raw))
    found = Sections(types={root.type, f"report={root.params.get('report-type', '').lower()}"})
    for leaf in islice(leaves(root), MOST_PARTS):
        found.types.add(leaf.type)
        add_leaf(found, leaf, text_of(raw, leaf), is_root=leaf is root)
    if not found.report and (fields := FIELDS.search(found.original)):
        found.report = found.original[fields.start() :]  # a report that was passed on as plain text
    found.notice = found.notice if found.notice.strip() else strip_tags(found.marked_up)
    return found


def add_leaf(found: Sections, leaf: Node, text: str, *, is_root: bool) -> None:
    if leaf.type in REPORTS:
        found.report = f"{found.report}\n\n{text}"[:MOST_TEXT]
    elif leaf.type in ORIGINALS or (found.report and leaf.type.startswith("message/")):
        found.original = f"{found.original}\n{text}"[:MOST_TEXT]
    elif leaf.type == "text/html":
        found.marked_up = f"{found.marked_up}\n{text}"[:MOST_TEXT]
    elif leaf.type.startswith("text/") or is_root or not leaf.type:
        add_text(found, text)


def leaves(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        this = waiting.pop()
        if this.children:
            waiting.extend(reversed(this.children))
        else:
            yield this


def text_of(raw: bytes, leaf: Node) -> str:
    data, _ = undo(raw[leaf.start : leaf.end], leaf.text("content-transfer-encoding"))
    return decode(data, leaf.params.get("charset", ""))[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n")


def strip_tags(text: str) -> str:
    for opening, closing in UNSEEN:
        text = drop_between(text, opening, closing)
    return html.unescape(TAG.sub(" ", BREAKS.sub("\n", text)))


def drop_between(text: str, opening: str, closing: str) -> str:
    """Without regular expressions, whose search for a closing tag that never comes takes quadratic time."""
    lower, kept, at = text.lower(), [], 0
    if len(lower) != len(text):
        return text
    while (begin := lower.find(opening, at)) >= 0 and (end := lower.find(closing, begin)) >= 0:
        kept.append(text[at:begin])
        at = end + len(closing)
    return " ".join([*kept, text[at:]])


def add_text(found: Sections, text: str) -> None:
    """Part one text where the returned mail begins in it, and where fields of RFC 3464 stand in it as plain text."""
    at = original_start(text)
    notice, original = text[:at], text[at:]
    fields = FIELDS.search(notice)
    if fields:
        found.report = f"{found.report}\n\n{notice[fields.start() :]}"[:MOST_TEXT]
        notice = notice[: fields.start()]
    found.notice = f"{found.notice}\n{notice}"[:MOST_TEXT]
    found.original = f"{found.original}\n{original}"[:MOST_TEXT]


def original_start(text: str) -> int:
    introduced = INTRODUCED.search(text)
    returned = RETURNED.search(text, introduced.start() if introduced else 0)
    starts = [found.start() for found in (introduced, RETURNED.search(text)) if found]
    starts += [returned.start()] if returned else []
    return min(starts, default=len(text))
