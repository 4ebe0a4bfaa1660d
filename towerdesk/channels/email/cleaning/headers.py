"""Where a quote begins: "On … wrote:", a block of From/Sent/To/Subject, "-----Original Message-----"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import words
from .lines import LONGEST_HEADER, Line, next_content

MOST_WRAPPED = 4  # lines over which an "On … wrote:" is wrapped at most
MOST_HEADERS = 14  # lines that a From/Sent/To/Subject block takes at most
REPLY_LINES = {
    "en": "##- Please write above this line -##",
    "de": "##- Bitte schreiben Sie über dieser Zeile -##",
    "fr": "##- Merci d’écrire au-dessus de cette ligne -##",
    "es": "##- Escriba por encima de esta línea -##",
    "it": "##- Scriva sopra questa riga -##",
    "pt": "##- Escreva acima desta linha -##",
    "nl": "##- Schrijf boven deze regel -##",
    "sv": "##- Skriv ovanför den här raden -##",
    "pl": "##- Prosimy pisać powyżej tej linii -##",
}
REPLY_LINE = REPLY_LINES["en"]
"""Our own mails carry it on top of the quoted rest; what stands under it is never the answer."""

ADDRESS = r"[^\s<>@\"]{1,100}@[^\s<>@\"]{1,100}"
HAS_ADDRESS = re.compile(ADDRESS)
BRACKETED = re.compile(rf"[<(\[]\s?(?:mailto:)?{ADDRESS}")
NAMED_START = re.compile(rf"^[^<@:]{{0,80}}[<(\[]\s?(?:mailto:)?{ADDRESS}|^{ADDRESS}")
DATE_START = re.compile(r"^(?:[^\W\d]{1,14}[.,]{0,2}\s){0,3}[^\w\s]?\d")
TIME_OR_YEAR = re.compile(r"\b\d{1,2}[:.h時时]\s?\d{2}\b|\b(?:19|20)\d\d(?!\d)|\d{4}年|\b\d{1,2}[/.]\d{1,2}[/.]\d{2}\b")
ADDRESS_THEN_COLON = re.compile(rf"{ADDRESS}[>)\]\"'\s]*[:：]$")
ENDS_OPEN = re.compile(r"[:：][\s*_\"]*$")
DASHED = re.compile(r"^[\s>*]*[-_=]{2,}[\s>]?(?P<label>[^-_=].{2,60}?)\s?[-_=:]{1,}[\s*]*$")
LABELLED = re.compile(r"^[\s>*_]{0,6}(?P<name>[^\W\d][^:：<>@]{0,24}?)[\s*]{0,3}[:：][\s*]{0,3}(?P<value>.*)$")
OTHER_MARKER = re.compile(r"^\W{0,4}#{2}-.{3,120}-#{2}\W{0,4}$")

INTRO = words.longest_first(words.INTRO)
FOREIGN = tuple(intro for intro in INTRO if len(intro) > 3 and not intro[0].isascii())  # no verb needed behind these
WROTE = re.compile(
    r"(?:^|[\s>)\]\"'’,、，）])(?:"
    + "|".join(re.escape(verb) for verb in words.longest_first(words.WROTE))
    + r")(?=\W|$)"
    r"|写道|寫道|書きました|のメッセージ|のメール|작성|에 쓴|님이|เขียนว่า"
)
ROLES = {
    name: role
    for role, names in (
        ("other", words.OTHER),
        ("to", words.TO),
        ("date", words.DATE),
        ("subject", words.SUBJECT),
        ("sent", words.SENT),
        ("from", words.FROM),
    )
    for name in words.table(names)
}
SAID_ABOVE = tuple(one.strip("#- ").lower() for one in REPLY_LINES.values())
SEPARATORS = words.table(words.ORIGINAL) | words.table(words.FORWARDED)


@dataclass(slots=True, frozen=True)
class Header:
    start: int  # with the rule line or separator before it
    end: int  # one past its last line


def header_at(lines: Sequence[Line], at: int) -> Header | None:
    """The header of a quote that begins on this line, else None. Looks at a bounded number of lines."""
    line = lines[at]
    if line.fenced or line.blank or len(line.words) > LONGEST_HEADER:
        return None
    end = marker_end(line, at) or separator_end(lines, at) or block_end(lines, at) or wrote_end(lines, at)
    return Header(rules_before(lines, at), end) if end else None


def marker_end(line: Line, at: int) -> int:
    said = line.words.lower()
    ours = len(said) < 80 and any(one in said for one in SAID_ABOVE)
    return at + 1 if line.cut or ours or OTHER_MARKER.match(line.words) else 0


def separator_end(lines: Sequence[Line], at: int) -> int:
    """-----Original Message----- in any language, dashes or not when a colon closes it (Begin forwarded message:)."""
    words_here = lines[at].words.lower()
    dashed = DASHED.match(words_here)
    label = dashed["label"].strip(" -_=*:") if dashed else words_here.strip("*_ ")
    if not dashed and not label.endswith(":"):
        return 0
    label = label.rstrip(": ").replace("’", "'")
    if label not in SEPARATORS and not (dashed and label.startswith(("forwarded by", "original message"))):
        return 0
    behind = next_content(lines, at + 1)
    return block_end(lines, behind) or at + 1 if behind < len(lines) else at + 1


def block_end(lines: Sequence[Line], at: int) -> int:
    """The end of a block of mail headers, when enough of them stand together to be one."""
    first = role_of(lines[at])
    if first in ("", "other") and not follows_rule(lines, at):
        return 0
    seen, addressed, unknown, end = read_block(lines, at)
    if is_block(seen, addressed):
        return end
    strange = follows_rule(lines, at) and bool(BRACKETED.search(lines[at].words)) and len(seen) + unknown >= 3
    return end if strange else 0


def read_block(lines: Sequence[Line], at: int) -> tuple[set[str], bool, int, int]:
    seen: set[str] = set()
    addressed, unknown, end, misses = False, 0, at, 0
    for here in range(at, min(at + MOST_HEADERS, len(lines))):
        line = lines[here]
        labelled = None if line.rule or len(line.words) > LONGEST_HEADER else LABELLED.match(line.words)
        role = ROLES.get(plain_name(labelled["name"]), "") if labelled else ""
        if labelled and (role or (misses == 0 and not seen and follows_rule(lines, at)) or unknown):
            seen |= {role} if role else set()
            unknown += not role
            end, misses = here + 1, 0
        elif misses < 1 and here > at and may_continue(line, seen):
            misses += 1  # a folded value, or the blank line some programs put between two headers
        else:
            break
        addressed = addressed or bool(HAS_ADDRESS.search(line.words))
    return seen, addressed, unknown, end


def may_continue(line: Line, seen: set[str]) -> bool:
    return len(line.words) <= 200 and not line.rule and not (line.blank and "subject" in seen)


def is_block(seen: set[str], addressed: bool) -> bool:
    """A form ("From: Berlin, To: Munich, Date: …", "From: Mara <…>, Subject: …") is no mail header: ask for more."""
    dated = bool(seen & {"sent", "date"})
    if "from" in seen and "sent" in seen:
        return True
    if "from" in seen and ("subject" in seen and (dated or "to" in seen)):
        return True
    return addressed and dated and ("from" in seen or "subject" in seen)


def role_of(line: Line) -> str:
    labelled = None if line.rule or len(line.words) > LONGEST_HEADER else LABELLED.match(line.words)
    return ROLES.get(plain_name(labelled["name"]), "") if labelled else ""


def plain_name(name: str) -> str:
    return name.strip(" *_\xa0").lower()


def follows_rule(lines: Sequence[Line], at: int) -> bool:
    before = at - 1
    while before >= 0 and at - before <= 3 and lines[before].blank and not lines[before].rule:
        before -= 1
    return before >= 0 and lines[before].rule


def wrote_end(lines: Sequence[Line], at: int) -> int:
    """The end of an "On … X wrote:", which mail programs wrap over several lines."""
    first = lines[at].words.lower().lstrip("-–— *_>|")
    if not (may_begin(first) and may_close(lines, at)):
        return 0
    joined, quoted = "", lines[at].quoted
    for here in range(at, min(at + MOST_WRAPPED, len(lines))):
        if lines[here].blank or lines[here].quoted != quoted:
            return 0
        joined = f"{joined} {lines[here].words}".strip()
        if len(joined) > LONGEST_HEADER:
            return 0
        alone = here == at and followed_by_quote(lines, here + 1)
        if closes(joined.lower().lstrip("-–— *_>|"), alone):
            return 0 if begins_later(lines, at, here) else here + 1
    return 0


def begins_later(lines: Sequence[Line], at: int, last: int) -> bool:
    """Whether the header proper begins on a later line, so that the first one is still the writer's."""
    tails = [" ".join(line.words for line in lines[start : last + 1]).lower() for start in range(at + 1, last + 1)]
    return any(is_dated(tail) and closes(tail, False) for tail in tails)


def is_dated(joined: str) -> bool:
    started = begins_with_intro(joined) or bool(DATE_START.match(joined))
    return started and bool(TIME_OR_YEAR.search(joined))


def may_begin(words_here: str) -> bool:
    return words_here.startswith(INTRO) or bool(
        DATE_START.match(words_here)
        or NAMED_START.match(words_here)
        or (ENDS_OPEN.search(words_here) and WROTE.search(words_here))
    )


def may_close(lines: Sequence[Line], at: int) -> bool:
    """A cheap first look: without a colon at some line's end or an address there is nothing to join."""
    return any("@" in line.words or line.words[-1:] in ":：" for line in lines[at : at + MOST_WRAPPED] if line.words)


def closes(joined: str, quote_follows: bool) -> bool:
    """Whether it ends as such a header does. `quote_follows`: it is one line and marked quotes follow it."""
    joined = joined.rstrip("-–— *_")
    timed, addressed = bool(TIME_OR_YEAR.search(joined)), bool(HAS_ADDRESS.search(joined))
    opens = bool(ENDS_OPEN.search(joined))
    started = begins_with_intro(joined) or bool(DATE_START.match(joined))
    verb = WROTE.search(joined)
    if (
        opens
        and timed
        and ADDRESS_THEN_COLON.search(joined)
        and (DATE_START.match(joined) or joined.startswith(FOREIGN))
    ):
        return True
    if not verb:
        return False
    if opens:
        return quote_follows or (started and (timed or addressed)) or (bool(NAMED_START.match(joined)) and addressed)
    return started and timed and addressed and verb.end() == len(joined)


def begins_with_intro(joined: str) -> bool:
    return any(joined.startswith(intro) and not joined[len(intro) : len(intro) + 1].isalpha() for intro in INTRO)


def followed_by_quote(lines: Sequence[Line], at: int) -> bool:
    at = next_content(lines, at)
    return at < len(lines) and (lines[at].quoted or lines[at].block)


def rules_before(lines: Sequence[Line], at: int) -> int:
    """Take the line of dashes (and what is blank) that stands right before a header with it."""
    start = at
    while start > 0 and at - start < 4 and (lines[start - 1].blank or lines[start - 1].rule):
        start -= 1
    return start
