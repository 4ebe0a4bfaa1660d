"""Address headers (RFC 5322, section 3.4), read with goodwill: groups, comments, quotes, and what is none of them."""

import re
from collections.abc import Iterator
from itertools import islice

from towerdesk.channels.email.headers import decode_words, one_line
from towerdesk.channels.email.mail import Address

MAX_ADDRESSES = 500  # addresses read of one header
MAX_MARKS = 5_000  # quotes, brackets and separators looked at in one header
MAX_COMMENT_MARKS = 20  # brackets looked at to find the end of a comment
MAX_NAME = 200  # characters kept of a display name
MAX_EMAIL = 320  # 64 + @ + 255, RFC 5321 section 4.5.3.1

_SPECIAL = re.compile(r'["(<>,;:)]|\\.')
_BARE = re.compile(
    r"""[^\s<>()\[\],;:"@]{1,320}@(?:\[[^\]\s]*\]|[^\s<>()\[\],;:"@]+(?:[ \t]*\.[ \t]+[\w-]+|[ \t]+\.[ \t]*[\w-]+)*)"""
)
_GOOD = re.compile(
    r"""(?:"(?:[^"\\]|\\.)*"|(?:[^\s<>(),;:"\\]|\\.)+)@(?:\[[^\]\s]+\]|[^\s<>(),;:"\[\]@]+)""", re.DOTALL
)
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.)*"\s*@\s*[^\s<>(),;:"]+')
_ESCAPE = re.compile(r"\\(.)")
_ANY_ANGLE = re.compile(r"<([^<>]*@[^<>]*)>?")


def read_addresses(value: str) -> list[Address]:
    """The mailboxes of a header whose words are still encoded, in order, groups opened; one past the ceiling."""
    found = (read_address(entry) for entry in _entries(value))
    return list(islice(filter(None, found), MAX_ADDRESSES + 1))


def read_address(entry: str) -> Address | None:
    """One mailbox: `Ana <ana@x.org>`, `ana@x.org (Ana)`, `"Ana, Lima" <…>`; None when the entry is blank."""
    entry = entry.strip()
    if not entry:
        return None
    before, inside, comment = _dissect(entry)
    if inside is None:
        return _without_angle(entry, before, comment)
    email = clean_email(inside)
    name = _name(before) or _name(comment)
    if not email and "@" in name:
        email, name = clean_email(name), ""
    name = name if name or email else _name(inside)
    return Address(name, email) if name or email else None


def clean_email(text: str) -> str:
    """The address in `text`, lower-case, without blanks, route or `mailto:`; "" when there is none."""
    text = text.strip().strip("<>").strip()
    if "(" in text and '"' not in text:
        text = _COMMENT.sub("", text)
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@") and ":" in text:  # a source route, RFC 5322 section 4.4
        text = text.rpartition(":")[2]
    if text.startswith("'") and text.endswith("'"):
        text = text[1:-1]
    quoted = _QUOTED_LOCAL.search(text)
    text = quoted.group() if quoted else "".join(text.split())
    email = text.rstrip(".;,").lower()
    return email if len(email) <= MAX_EMAIL and _GOOD.fullmatch(email) else ""


def _without_angle(entry: str, before: str, comment: str) -> Address | None:
    if not before.strip():
        return None  # a comment alone
    decoded = decode_words(entry) if "=?" in entry else entry
    if decoded != entry and (angle := _ANY_ANGLE.search(decoded)):  # the whole mailbox was encoded as one word
        return Address(_name(decoded[: angle.start()]), clean_email(angle.group(1)))
    found = _QUOTED_LOCAL.search(before) or _BARE.search(before)
    if not found:
        return Address(_name(decoded), "")
    rest = before[: found.start()] + before[found.end() :]
    return Address(_name(comment) or _name(rest), clean_email(found.group()))


def _name(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    text = _ESCAPE.sub(r"\1", text).replace('"', " ") if '"' in text or "\\" in text else text
    text = decode_words(text) if "=?" in text else text
    text = one_line(text).strip("<>,; ")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text[:MAX_NAME]


def _dissect(entry: str) -> tuple[str, str | None, str]:
    """(text outside of comments and angles, what the last angle holds, what the comments hold)."""
    outside, comments = [], []
    inside: str | None = None
    at = 0
    for kind, start, end in _spans(entry):
        outside.append(entry[at:start])
        at = end
        if kind == '"':
            outside.append(entry[start:end])
        elif kind == "(":
            comments.append(entry[start + 1 : end].removesuffix(")"))
        elif kind == "<":
            inside = entry[start + 1 : end].removesuffix(">")
    outside.append(entry[at:])
    return "".join(outside), inside, " ".join(comments)


def _entries(value: str) -> Iterator[str]:
    """The list split at its commas and semicolons, outside of quotes, comments and angles; group names dropped."""
    start = 0
    for kind, begin, end in _spans(value):
        if kind in ",;":
            yield value[start:begin]
            start = end
        elif kind == ":" and "@" not in value[start:begin] and value[start:begin].strip().lower() != "mailto":
            start = end
    yield value[start:]


def _spans(value: str) -> Iterator[tuple[str, int, int]]:
    """Quoted strings, comments, angles and separators with where they begin and end, from left to right."""
    at = 0
    for _ in range(MAX_MARKS):
        found = _SPECIAL.search(value, at)
        if not found:
            return
        kind, begin = found.group(), found.start()
        end = _ends.get(kind, _at_once)(value, begin)
        at = max(end, found.end())
        if len(kind) == 1:
            yield kind, begin, at


def _at_once(value: str, begin: int) -> int:
    return begin + 1


_QUOTE = re.compile(r'"(?:[^"\\]|\\.)*"')
_ANGLE = re.compile(r'<(?:"(?:[^"\\]|\\.)*"|[^">])*>|<[^>]*>')
_PAREN = re.compile(r"[()]|\\.")


def _quote_end(value: str, begin: int) -> int:
    """An unclosed quote is a plain character."""
    found = _QUOTE.match(value, begin) if value.find('"', begin + 1) > 0 else None
    return found.end() if found else begin + 1


def _comment_end(value: str, begin: int) -> int:
    depth = 0
    for found in islice(_PAREN.finditer(value, begin, begin + 2_000), MAX_COMMENT_MARKS):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth == 0:
            return found.end()
    return begin + 1


def _angle_end(value: str, begin: int) -> int:
    found = _ANGLE.match(value, begin, begin + 1_000)
    if found:
        return found.end()
    comma = value.find(",", begin)
    return comma if comma >= 0 else len(value)


_ends = {'"': _quote_end, "(": _comment_end, "<": _angle_end}
