"""Content-Type and Content-Disposition: a value and its parameters (RFC 2045, RFC 2231), as senders write them."""

import re
from urllib.parse import unquote_to_bytes

from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.headers import decode_words

MAX_PARAMS = 100  # parameters read of one header; a long file name in pieces has some ten
MAX_LENGTH = 16_384  # characters read of one header

type Params = dict[str, str]

_PARAM = re.compile(
    r"""([^\s=;,"']{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^';]*)'(?=\s*(?:;|$))|([^;]*))""",
    re.DOTALL,
)
_SECTION = re.compile(r"^(.+?)(?:\*(\d{1,4}))?(\*)?$")
_BLANK_THEN_PARAM = re.compile(r"""\s+[\w*-]{2,40}=(?=["\w])""")


def split_params(value: str) -> tuple[str, Params]:
    """("text/plain", {"charset": "utf-8"}). Names are lower-case; the first of two equal names counts."""
    head, rest = _head(value[:MAX_LENGTH])
    found: Params = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAM.finditer(rest)):
        if count >= MAX_PARAMS:
            break
        _keep(match, found, sections)
    for name, pieces in sections.items():
        joined = _join(pieces)
        if joined or name not in found:
            found[name] = joined
    return head, found


def _head(value: str) -> tuple[str, str]:
    head, _, rest = value.partition(";")
    words = head.split(None, 1)
    if len(words) == 2 and "=" in words[1]:  # the semicolon was forgotten
        return words[0].lower(), f"{words[1]};{rest}"
    if "=" in head and "/" not in head.partition("=")[0]:  # there is no value, only parameters
        return "", value
    return "".join(words[:1]).lower().rstrip(","), rest


def _keep(match: re.Match[str], found: Params, sections: dict[str, list[tuple[int, bool, str]]]) -> None:
    parts = _SECTION.match(match.group(1).lower())
    if not parts:
        return
    name, number, is_extended = parts.group(1), parts.group(2), bool(parts.group(3))
    value = _value(match)
    if number is not None or is_extended:
        sections.setdefault(name, []).append((int(number or 0), is_extended, value))
    else:
        found.setdefault(name, decode_words(value) if "=?" in value else value)


def _value(match: re.Match[str]) -> str:
    quoted = match.group(2)
    if quoted is not None:
        # Windows senders put paths into names: a backslash before a letter is no escape.
        return re.sub(r'\\(["\\])', r"\1", quoted).strip()
    plain = match.group(3) if match.group(3) is not None else match.group(4)
    plain = _BLANK_THEN_PARAM.split(plain, maxsplit=1)[0] if "=" in plain else plain
    return plain.strip().strip('"')


def _join(pieces: list[tuple[int, bool, str]]) -> str:
    """The sections of RFC 2231 in their order: percent signs undone, decoded once, since letters may be split."""
    pieces.sort(key=lambda piece: piece[0])
    charset = ""
    data = b""
    for position, (_, is_extended, value) in enumerate(pieces):
        if is_extended and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if is_extended else value.encode("utf-8", "replace")
    text = decode(data, charset)
    return decode_words(text) if "=?" in text else text
