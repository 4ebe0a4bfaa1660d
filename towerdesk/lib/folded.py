"""A text as somebody would hear it read out: without invisible characters, disguised letters and hidden layers.

What tries to command the assistant is often dressed up; so it is undressed before anybody looks for it.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e0fff]"
)
TAGS = range(0xE0020, 0xE007F)
"""Tag characters: an invisible alphabet beside ASCII, in which whole orders can be written."""
UNTAGGED = {point: point - 0xE0000 for point in TAGS}
LOOKALIKES = str.maketrans(
    "аеорсухкмтвніјѕԁɡһӏοαεικνρτυχϲԛԝ" + "АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxkmtbhijsdghloaeiknptuxcqw" + "ABEKMHOPCTYXIJSABEZHIKMNOPTYX",
)
LEET = str.maketrans("013457@$", "oieastas")
ENCODED = re.compile(r"(?<![\w+/=-])(?:[A-Za-z0-9+/_-]{4}){5,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?={0,2}(?![\w+/=-])")
HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ :]?){12,}(?![0-9A-Fa-f])")
SPACED = re.compile(r"\b(?:\w[ .\-_*|]){6,}\w\b")
MOST = 6000


def folded(text: str) -> str:
    """In small Latin letters, on one line, at most 6,000 characters of it."""
    text = text[:MOST]
    if not text.isascii():
        plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(UNTAGGED))).translate(LOOKALIKES)
        text = unicodedata.normalize("NFD", plain).translate(_BARE)
    return " ".join(text.lower().split())


class _Bare(dict[int, int | None]):
    """What `translate` looks up: marks that combine with a letter go, all else stays; each is looked at once."""

    def __missing__(self, point: int) -> int | None:
        self[point] = None if unicodedata.combining(chr(point)) else point
        return self[point]


_BARE = _Bare()


def layers(text: str) -> list[str]:
    """The text folded, and everything that stands in it under another writing: base64, hex, rot13, letters far apart."""
    text = text[:MOST]
    found = [folded(text), folded(unquote(unescape(text)))]
    found += [folded(one) for one in _decoded(text)]
    found.append(folded(SPACED.sub(lambda match: re.sub(r"[ .\-_*|]", "", match.group()), text)))
    found.append(folded(text).translate(LEET))
    found.append(folded(codecs.encode(text, "rot13")))
    found.append(folded(text[::-1]))
    return list(dict.fromkeys(one for one in found if one))


def hides(text: str) -> bool:
    """Whether characters stand in it that nobody sees: in numbers that no emoji and no script needs."""
    tags = sum(0xE0000 <= ord(char) <= 0xE0FFF for char in text[:MOST])
    unseen = len(re.findall("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069]", text[:MOST]))
    return tags > 3 or unseen > 8


def _decoded(text: str) -> Iterator[str]:
    for match in ENCODED.finditer(text):
        word = match.group().replace("-", "+").replace("_", "/").rstrip("=")
        try:
            said = base64.b64decode(word + "=" * (-len(word) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
        if said.isprintable() or "\n" in said:
            yield said
    for match in HEX.finditer(text):
        try:
            yield bytes.fromhex(re.sub(r"[ :]", "", match.group())).decode()
        except ValueError:
            continue
