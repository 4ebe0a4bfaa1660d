"""Bytes to text, whatever the label says: right labels, near misses, wrong ones and none at all."""

import codecs
import re

_GUESS = "guess"

# What senders write, against what they mean. Vendors' supersets (WHATWG Encoding) come instead of the narrow standards.
_MEANT = {
    **dict.fromkeys(
        "ascii us us-ascii usascii ansi ansi_x3.4-1968 ansi_x3.110-1983 iso646-us iso-646 646 7bit 8bit 7-bit 8-bit "
        "binary unknown unknown-8bit unknown-7bit x-unknown default default_charset none null x-user-defined user-defined "
        "charset text plain en".split(),
        _GUESS,
    ),
    **dict.fromkeys(
        "iso-8859-1 iso8859-1 iso_8859-1 iso88591 iso8859_1 latin1 latin-1 latin_1 l1 iso-8859-1-windows windows-1252 "
        "windows1252 win-1252 cp1252 cp-1252 x-ansi ansi-1252 iso-8859 iso-latin-1".split(),
        "cp1252",
    ),
    **dict.fromkeys("utf8 utf_8 utf-8-mb4 utf8mb4 utf-8n unicode-1-1-utf-8 x-utf-8 utf".split(), "utf-8"),
    **dict.fromkeys("utf7 utf_7 unicode-1-1-utf-7 x-unicode-2-0-utf-7 csunicode11utf7".split(), "utf-7"),
    **dict.fromkeys(
        "gb2312 gb-2312 gb_2312 gb_2312-80 gb2312-80 csgb2312 gbk x-gbk cp936 ms936 gb18030 gb-18030 euc-cn x-euc-cn "
        "chinese csiso58gb231280".split(),
        "gb18030",
    ),
    **dict.fromkeys(
        "ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 ksc-5601 ks-c-5601-1987 ks-c-5601 korean euc-kr "
        "euckr windows-949 cp949 ms949 uhc x-windows-949 csksc56011987 cseuckr iso-ir-149".split(),
        "cp949",
    ),
    **dict.fromkeys(
        "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j cp932 ms932 cswindows31j shiftjis".split(),
        "cp932",
    ),
    **dict.fromkeys(
        "iso-2022-jp iso2022-jp iso2022jp csiso2022jp iso-2022-jp-1 iso-2022-jp-ms cp50220 cp50221".split(), "jis"
    ),
    **dict.fromkeys("euc-jp eucjp x-euc-jp x-euc cseucpkdfmtjapanese".split(), "euc_jp"),
    **dict.fromkeys("big5 big-5 x-x-big5 csbig5 cn-big5 big5-hkscs cp950 ms950".split(), "big5hkscs"),
    **dict.fromkeys("tis-620 tis620 iso-8859-11 iso8859-11 windows-874 x-windows-874 dos-874".split(), "cp874"),
    **dict.fromkeys("iso-8859-9 iso8859-9 latin5 latin-5 windows-1254 csisolatin5".split(), "cp1254"),
    **dict.fromkeys("iso-8859-8-i iso-8859-8-e visual logical hebrew csiso88598i".split(), "iso8859_8"),
    **dict.fromkeys("iso-8859-6-i iso-8859-6-e arabic".split(), "iso8859_6"),
    **dict.fromkeys("macintosh mac x-mac-roman macroman csmacintosh".split(), "mac_roman"),
    **dict.fromkeys("x-mac-cyrillic x-mac-ukrainian".split(), "mac_cyrillic"),
    **dict.fromkeys("koi8 koi8_r koi8r koi cskoi8r".split(), "koi8_r"),
    **dict.fromkeys("koi8-ru koi8u koi8_u".split(), "koi8_u"),
    **dict.fromkeys("unicode utf16 ucs-2 iso-10646-ucs-2 csunicode utf-16".split(), "utf-16"),
    **dict.fromkeys("unicodefffe".split(), "utf-16-be"),
}
_LABEL = re.compile(r"[^a-z0-9_.:+-].*", re.DOTALL)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# ASCII bytes mean something else in these.
_SEVEN_BIT = {
    "utf-7",
    "hz",
    "jis",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "iso2022_kr",
}
# Codecs of Python that are no character sets (rot13, base64 …) or that a mail never means.
_NOT_TEXT = re.compile(r"^(idna|punycode|unicode.escape|raw.unicode.escape|undefined|mbcs|oem)$")


def decode(data: bytes, label: str = "") -> str:
    """Text of `data`. Never raises; never yields NUL or lone surrogates, so that the result can be stored anywhere."""
    name = codec(label)
    if data.isascii() and name not in _SEVEN_BIT and b"\x1b" not in data:
        return tidy(data.decode("ascii"))
    for bom, its in _BOMS:
        if data.startswith(bom) and not (its != "utf-8" and len(data) % 2):
            return tidy(data[len(bom) :].decode(its, "replace"))
    return tidy(_by(data, name))


def codec(label: str) -> str:
    """The codec that a label means; `guess` when it means nothing or is unknown."""
    plain = _LABEL.sub("", label.strip().strip("\"'").lower())
    if plain in _MEANT:
        return _MEANT[plain]
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError):
        return _GUESS
    is_text = getattr(found, "_is_text_encoding", True) and not _NOT_TEXT.match(found.name)
    return found.name if is_text else _GUESS


def tidy(text: str) -> str:
    """`text` without what a database or UTF-8 refuses: NUL and lone surrogates."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _by(data: bytes, name: str) -> str:
    if name == _GUESS:
        return _guess(data)
    if name == "jis":
        return _japanese(data)
    if name == "utf-16":
        return _wide(data)
    if name == "utf-8":
        return _utf8(data)
    if name == "cp1252":
        return _strict(data, "utf-8") or _western(
            data
        )  # UTF-8 labelled Latin-1 is common; the reverse reading never is
    text = _strict(data, name)
    return text if text is not None else _mend(data, name)


def _guess(data: bytes) -> str:
    if b"\x1b$" in data or b"\x1b(" in data:
        return _japanese(data)
    return _utf8(data)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _western(data: bytes) -> str:
    """Windows-1252, with Latin-1 for the five bytes that it leaves open."""
    return _strict(data, "cp1252") or data.decode("latin-1")


def _utf8(data: bytes) -> str:
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    mended = data.decode("utf-8", "replace")
    broken = mended.count("�")
    whole = sum(1 for letter in mended[:20_000] if letter > "\x7f" and letter != "�")
    return mended if whole >= broken else _western(data)


def _mend(data: bytes, name: str) -> str:
    """A label that does not fit: UTF-8 when it is that, else the label with marks where it broke."""
    return _strict(data, "utf-8") or data.decode(name, "replace")


def _japanese(data: bytes) -> str:
    for name in ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_2", "utf-8", "cp932"):
        text = _strict(data, name)
        if text is not None:
            return text
    return data.decode("iso2022_jp_ext", "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without a byte order mark: whichever half holds the zero bytes; text with none was never UTF-16."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if not even and not odd and data.isascii():
        return data.decode("ascii")
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
