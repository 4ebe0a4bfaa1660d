"""Labelling signatures: "-- ", "Sent from my phone", sign-offs with a card under them, disclaimers.

A sign-off alone ("Thanks, / Alex") is part of what a person says and stays; only a card (a title, a company, a phone
number, an address under the name) makes a signature of it. When in doubt a line stays.
"""

import re
from collections.abc import Sequence

from . import words
from .lines import Line, next_content, runs

MOST_SIGNED = 20  # lines with content in a signature behind "--"
MOST_CARD = 12  # lines with content in a card
LONGEST_CARD_LINE = 80
LONGEST_SENT_FROM = 90

DELIMITER = re.compile(r"^(?:--|__)$")
CONTACT = re.compile(
    r"[^\s<>@]+@[^\s<>@]+\.\w|https?://|\bwww\.\w"
    r"|(?:\+|\(|\b0)\d[\d\s().\-/]{6,}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b"  # telephone numbers, not dates
    r"|\b(?:skype|linkedin|twitter|fax|tel|phone|mobile)\b",
    re.IGNORECASE,
)
FORM_FIELD = re.compile(r"^[\w ]{2,30}:\s?")
FOOTER = re.compile(
    r"mailing list|mailman|unsubscribe|you received this message because|@googlegroups\.com", re.IGNORECASE
)
LINK = re.compile(r"<[^<>]{0,500}>|\(https?://[^()]{0,500}\)|\[https?://[^\[\]]{0,500}\]|https?://\S{1,500}")
SENTENCE = re.compile(r"\w[^.!?]{25,}[.?]\s*$|^(?:[-*•]|\d{1,2}[.)])\s")
WORD = re.compile(r"[\w.\-']+")
MOBILE = re.compile(
    r"^(?:via|per|von|from|par|desde|da|vom|by) (?:mobile|my mobile|handy|mobil|phone|iphone)\W*$", re.IGNORECASE
)

REGARDS, THANKS = words.table(words.REGARDS), words.table(words.THANKS)
SENT_FROM, SENT_FROM_END = words.longest_first(words.SENT_FROM), words.longest_first(words.SENT_FROM_END)
DEVICES, MY = words.table(words.DEVICES), words.table(words.MY)
DISCLAIMER, CONFIDENTIAL = words.longest_first(words.DISCLAIMER), words.longest_first(words.CONFIDENTIAL)


def mark_signatures(lines: Sequence[Line], sender: str = "") -> None:
    """Label the signature at the end of each stretch of reply. `sender` is the writer's display name, if known."""
    written = False
    for start, end in list(runs(lines, "reply")):
        first = signature_start(lines, start, end, sender, written)
        written = written or has_text(lines, start, first)
        for line in lines[first:end]:
            line.label = "signature"
    for line in lines:
        if line.signed and line.label == "reply":
            line.label = "signature"


def signature_start(lines: Sequence[Line], start: int, end: int, sender: str, written: bool) -> int:
    """The first line of the signature in lines[start:end]; `end` when there is none. `written`: text stood before."""
    first = phone_start(lines, start, end, written)
    first = delimiter_start(lines, start, first, written)
    first = disclaimer_start(lines, start, first, written)
    return card_start(lines, start, first, sender)


def phone_start(lines: Sequence[Line], start: int, end: int, written: bool) -> int:
    """A line "Sent from my …" with text before it: what a phone puts under it is not the answer either."""
    for at in range(start, end):
        if written and is_sent_from(lines[at]):
            return at
        written = written or not (lines[at].blank or lines[at].rule)
    return end


def is_sent_from(line: Line) -> bool:
    if line.fenced or not 5 < len(line.words) <= 600:
        return False
    text = line.words.strip("*_-–— .[]|").lower()
    begins, closes = text.startswith(SENT_FROM), text.endswith(SENT_FROM_END)
    if not begins and not closes:
        return False
    linked, text = bool(LINK.search(text)), LINK.sub("", text).strip()
    if len(text) > LONGEST_SENT_FROM or line.words[-1] in "?!:," or ", " in text:
        return False
    return linked or names_device(text)


def names_device(text: str) -> bool:
    tokens = [token.strip(".-'") for token in WORD.findall(text)]
    device = any(token in DEVICES for token in tokens) or any(name in text for name in ("iphon", "ipad", "outlook"))
    owned = bool(MY & set(tokens)) or any(mine in text for mine in ("我的", "나의"))
    named = len(tokens) == 3 and text.startswith(
        ("sent from", "sent via", "sent with", "sent using")
    )  # "Sent from TypeApp"
    return (device and len(tokens) <= 10) or (owned and len(tokens) <= 7) or named


def delimiter_start(lines: Sequence[Line], start: int, end: int, written: bool) -> int:
    """The line "-- " (RFC 3676, 4.3), its bare form, or a ruled line above a card or a list's footer."""
    for at in range(start, end):
        line = lines[at]
        if written and not line.fenced and is_delimiter(lines, at, end):
            return at
        written = written or not (line.blank or line.rule)
    return end


def is_delimiter(lines: Sequence[Line], at: int, end: int) -> bool:
    line = lines[at]
    if DELIMITER.match(line.words):
        return 0 < count_content(lines, at + 1, end, MOST_SIGNED + 1) <= MOST_SIGNED
    if not line.rule:
        return False
    below = [under for under in lines[at + 1 : min(end, at + 40)] if not under.blank]
    if any(FOOTER.search(under.words[:200]) for under in below[:MOST_CARD]):
        return len(below) <= MOST_CARD
    is_form = bool(below) and bool(FORM_FIELD.match(below[0].words))  # "Name: …": what a web form sends is content
    return end - at <= 40 and not is_form and is_card(below) and any(CONTACT.search(under.words) for under in below)


def count_content(lines: Sequence[Line], start: int, end: int, most: int) -> int:
    count = 0
    for line in lines[start:end]:
        count += not line.blank
        if count >= most:
            break
    return count


def is_card(lines: Sequence[Line]) -> bool:
    """Short lines that are no sentences and no list."""
    return 0 < len(lines) <= MOST_CARD and all(
        len(line.words) <= LONGEST_CARD_LINE and not SENTENCE.search(line.words) and not line.fenced for line in lines
    )


def disclaimer_start(lines: Sequence[Line], start: int, end: int, written: bool) -> int:
    """A paragraph about confidentiality with a reply before it."""
    for at in range(start, end):
        line = lines[at]
        opens = at == start or lines[at - 1].blank or lines[at - 1].rule
        if written and opens and is_disclaimer(lines, at, end):
            return at
        written = written or not line.blank
    return end


def is_disclaimer(lines: Sequence[Line], at: int, end: int) -> bool:
    if not lines[at].words.lower().lstrip("*_ -=#[(>\"'").startswith(DISCLAIMER):
        return False
    paragraph = " ".join(line.words[:2000] for line in lines[at : min(end, at + 12)]).lower()
    return len(paragraph) >= 100 and sum(word in paragraph for word in CONFIDENTIAL) >= 3


def card_start(lines: Sequence[Line], start: int, end: int, sender: str) -> int:
    """A card at the very end: under a greeting, under the sender's own name, or all contact lines."""
    below: list[int] = []
    at = end - 1
    while at > start and len(below) <= MOST_CARD and end - at <= 40:
        if not lines[at].blank:
            if opens_card(lines, at, below, sender):
                return at if has_text(lines, start, at) else end
            below.append(at)
        at -= 1
    return end


def opens_card(lines: Sequence[Line], at: int, below: Sequence[int], sender: str) -> bool:
    card = [lines[index] for index in reversed(below)]
    if not is_card(card) or lines[at].fenced:
        return False
    greeting = lines[at].words.lower().strip(" ,.!*_-–—;:")
    contact = any(CONTACT.search(line.words) for line in card)
    if greeting in REGARDS:
        return len(card) >= 2
    if greeting in THANKS:
        return len(card) >= 2 and contact
    return own_name(lines[at], sender, card, contact) or (stands_alone(lines, at) and all_contact(card, lines[at]))


def own_name(line: Line, sender: str, card: Sequence[Line], contact: bool) -> bool:
    named = bool(sender) and sender.lower() in line.words.lower() and len(line.words) <= len(sender) + 20
    named = named and not CONTACT.search(line.words)
    return named and (contact or all(MOBILE.match(under.words) for under in card))


def stands_alone(lines: Sequence[Line], at: int) -> bool:
    """A paragraph of its own that no sentence announces with a colon."""
    before = at - 1
    while before > 0 and at - before < 5 and lines[before].blank:
        before -= 1
    return before < at - 1 and not lines[before].words.endswith((":", "："))


def all_contact(card: Sequence[Line], name: Line) -> bool:
    """A name in capitals, then at least two lines that hold contact data and little else."""
    tokens = name.words.split()
    ends_well = name.words[-1] not in "?!:," and (name.words[-1] != "." or len(tokens[-1]) <= 5)
    is_name = ends_well and 1 < len(tokens) <= 5 and all(token[0].isupper() for token in tokens)
    reached = sum(bool(CONTACT.search(line.words)) and len(line.words.split()) <= 6 for line in card)
    return is_name and reached >= 2 and reached * 2 >= len(card)


def has_text(lines: Sequence[Line], start: int, end: int) -> bool:
    at = next_content(lines, start)
    return at < end
