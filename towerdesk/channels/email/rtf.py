"""Outlook's RTF bodies: decompressed (MS-OXRTFCP), made text, or the HTML that they wrap (MS-OXRTFEX)."""

import re
import struct
from dataclasses import dataclass, replace

from towerdesk.channels.email.charsets import decode

MAX_DEPTH = 500  # groups inside one another
MAX_READ = 1_000_000  # bytes of RTF that are turned into text or HTML

_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?[0-9]{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_HIDDEN = set(
    "fonttbl colortbl stylesheet info pict object themedata datastore header footer listtable listoverridetable "
    "generator fldinst xmlnstbl rsidtbl latentstyles pntext pntxta pntxtb".split()
)
_LETTERS = {
    **dict.fromkeys("par line sect page row".split(), "\n"),
    **dict.fromkeys("cell tab".split(), "\t"),
    **dict.fromkeys("emspace enspace".split(), " "),
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_FONT_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


def decompress(data: bytes, limit: int) -> bytes:
    """The RTF in a PidTagRtfCompressed value, at most `limit` bytes of it; b"" when it is no RTF at all."""
    if len(data) < 16:
        return b""
    packed_size, size, kind = struct.unpack_from("<II4s", data)
    packed = data[16 : max(16, packed_size + 4)]
    if kind == b"MELA":
        return packed[: min(size, limit)]
    return _unpack(packed, min(size, limit)) if kind == b"LZFu" else b""


def _unpack(packed: bytes, size: int) -> bytes:
    """LZ77 over a window that starts with common RTF. One buffer is both output and window."""
    out = bytearray(_START)
    at = 0
    while at < len(packed) and len(out) < size + len(_START):
        flags = packed[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            token = int.from_bytes(packed[at : at + 2])
            at += 2
            back = (len(out) - (token >> 4)) % _WINDOW
            if not back or at > len(packed):
                return bytes(out[len(_START) :][:size])
            _copy(out, back, (token & 15) + 2)
    return bytes(out[len(_START) :][:size])


def _copy(out: bytearray, back: int, count: int) -> None:
    """Repeat what was written `back` bytes ago; places never written are blank."""
    begin = len(out) - back
    if begin < 0:
        out += b" " * min(count, -begin)
        return
    piece = out[begin : begin + count]
    while len(piece) < count:
        piece = piece * 2
    out += piece[:count]


@dataclass(slots=True, frozen=True)
class _State:
    hidden: bool = False
    in_fonts: bool = False
    raw_html: bool = False  # inside {\*\htmltag …}
    skip: int = 1  # characters that stand for one \u letter where Unicode is unknown
    charset: str = ""


def rtf_to_text(rtf: bytes) -> str:
    """The words of `rtf`, with line breaks and tabs."""
    return _Reader(rtf, html=False).read().strip()


def rtf_to_html(rtf: bytes) -> str:
    """The HTML that was wrapped into `rtf`, or "" when it was written as RTF."""
    return _Reader(rtf, html=True).read().strip() if b"\\fromhtml" in rtf[:1_000] else ""


def _paired(text: str) -> str:
    """Letters beyond the basic plane come as two halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Reader:
    def __init__(self, rtf: bytes, *, html: bool) -> None:
        self.rtf, self.html = rtf, html
        self.state, self.stack = _State(), list[_State]()
        self.too_deep = 0
        self.charset = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.suppressed = self.starred = False
        self.to_skip = 0
        self.out: list[str] = []
        self.pending = bytearray()
        self.pending_charset = ""

    def read(self) -> str:
        for token in _TOKEN.finditer(self.rtf[:MAX_READ]):
            word, number, code, symbol, brace, text = token.groups()
            if brace:
                self._group(brace)
            elif word:
                self._word(word.decode("ascii"), int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
            elif code:
                self._bytes(bytes.fromhex(code.decode("ascii")))
            elif text:
                self._bytes(text)
        self._flush()
        return _paired("".join(self.out))

    def _group(self, brace: bytes) -> None:
        self.to_skip = 0
        if brace == b"{" and len(self.stack) >= MAX_DEPTH:
            self.too_deep += 1
        elif brace == b"{":
            self.stack.append(self.state)
        elif self.too_deep:
            self.too_deep -= 1
        elif self.stack:
            self.state = self.stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word == "u" and number is not None:
            self._text(chr(number % 65536))
            self.to_skip = self.state.skip
        elif word == "bin":
            self.state = replace(self.state, hidden=True)
        elif word in _HIDDEN:
            self.state = replace(self.state, hidden=True, in_fonts=word == "fonttbl")
        elif word in ("htmltag", "mhtmltag"):
            self.state = replace(self.state, hidden=word == "mhtmltag" or not self.html, raw_html=True)
        elif word == "htmlrtf":
            self.suppressed = number != 0
        elif word in _LETTERS:
            self._text("\n" if self.html and word == "par" else _LETTERS[word])
        elif starred:
            self.state = replace(self.state, hidden=True)
        else:
            self._setting(word, number or 0)

    def _setting(self, word: str, number: int) -> None:
        if word == "ansicpg" and number:
            self.charset = f"cp{number}" if number != 65001 else "utf-8"
        elif word == "uc":
            self.state = replace(self.state, skip=min(number, 10))
        elif word in ("f", "fcharset"):
            self._set_font(word, number)

    def _set_font(self, word: str, number: int) -> None:
        if word == "f":
            self.font = number
            self.state = replace(self.state, charset=self.fonts.get(number, ""))
        elif self.state.in_fonts and number in _FONT_CHARSETS:
            self.fonts[self.font] = _FONT_CHARSETS[number]

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.starred = True
        elif symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol == b"~":
            self._text(" ")
        elif symbol in b"\r\n":
            self._text("\n")

    def _bytes(self, data: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(data))
            self.to_skip -= skipped
            data = data[skipped:]
        if not self._shows() or not data:
            return
        charset = self.state.charset or self.charset
        if charset != self.pending_charset:
            self._flush()
            self.pending_charset = charset
        self.pending += data

    def _text(self, text: str) -> None:
        if self._shows():
            self._flush()
            self.out.append(text)

    def _shows(self) -> bool:
        return not self.state.hidden and not (self.html and self.suppressed)

    def _flush(self) -> None:
        if self.pending:
            self.out.append(decode(bytes(self.pending), self.pending_charset))
            self.pending.clear()
