"""From what a server said to a status (RFC 3463), a reply code and a reason."""

import re

from .phrases import TABLE
from .reasons import BY_CODE, CODES

ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(r"(?<![\d.#/:-])([45]\d\d)(?=[ \-:\]\)>,]|$)(?!-?\d)")
TOGETHER = re.compile(r"(?<![\d.])([45]\d\d)[ \-:]+#?\(?#?([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
NO_SMTP_CODE = re.compile(
    r"\b(?:port|line|queue|id|count|size|bytes|error|exit(?: status)?|status) ?[:=]? ?[45]\d\d\b", re.IGNORECASE
)


def reply_code(text: str) -> str:
    pairs: list[tuple[str, str]] = TOGETHER.findall(text)
    if pairs:
        return next((reply for reply, status in pairs if reply[0] == status[0]), pairs[0][0])
    found = REPLY.search(NO_SMTP_CODE.sub(" ", text))
    return found[1] if found else ""


def find_status(field: str, text: str, code: str) -> str:
    """The most telling code: one beside its reply code beats the report's field, that beats one found anywhere."""
    pairs = [(reply, status) for reply, status in TOGETHER.findall(text) if reply[0] == status[0]]
    paired = next((status for _, status in pairs if not status.endswith(".0.0")), "")
    if paired:
        return paired
    said = [status for status in ENHANCED.findall(text) if status[0] in "45" and (not code or status[0] == code[0])]
    telling = next((status for status in said if not status.endswith(".0.0")), "")
    stated = ENHANCED.search(field)
    given = stated[1] if stated and stated[1][0] in "45" else ""
    if given and not (is_vague(given) and telling and telling[0] == given[0]):
        return given if not (given.endswith(".0.0") and telling) else telling
    return telling or given or (said[0] if said else "")


def is_vague(status: str) -> bool:
    return status.split(".", 1)[1] in ("0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "7.0", "6.0")


def reason_of(text: str, status: str) -> str:
    """The phrase decides; without one the code; `undefined` when neither says anything."""
    words = " ".join(text.lower().split())
    for reason, phrases in TABLE:
        if phrases.search(words):
            return reason
    return reason_by_code(status)


def reason_by_code(status: str) -> str:
    rest = status.partition(".")[2]
    return BY_CODE.get(rest) or BY_CODE.get(rest.partition(".")[0]) or "undefined"


def status_of(reason: str, *, permanent: bool) -> str:
    """The code that RFC 3463 has for a reason when the notice gave none."""
    return f"{5 if permanent else 4}.{CODES[reason]}"
