"""Read a mail: bytes in, a `Mail` out, whatever the bytes are.

`parse` never raises and always ends: what is too much is cut at the ceilings that this file and its neighbours name,
and `Mail.defects` says so. The bytes themselves are kept elsewhere, so that nothing is lost by a cut.
"""

import re

from towerdesk.channels.email.body import read_body
from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.envelope import read_envelope
from towerdesk.channels.email.headers import begins_headers
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.mime import read_tree

MAX_TEXT = 2_000_000  # characters kept of the text and of the HTML each
MAX_BYTES = 100_000_000  # bytes read of one mail

_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


def parse(raw: bytes) -> Mail:
    """The mail in `raw`. Bytes that are no mail at all become a mail with that text and a defect that says so."""
    try:
        return _read(raw)
    except Exception as error:  # the last net: one unreadable mail must not stop those behind it
        said = f"The mail could not be taken apart ({type(error).__name__}); its text is shown as it came."
        return Mail(text=decode(raw[:MAX_TEXT]), defects=[said])


def _read(raw: bytes) -> Mail:
    mail = Mail()
    raw = _lines(raw, mail)
    root, odd = read_tree(raw, _first(raw), len(raw))
    mail.defects.extend(odd)
    read_envelope(root, mail)
    read_body(raw, root, mail)
    return mail


def _first(raw: bytes) -> int:
    """Where the first header is: after a byte order mark and empty lines. After empty lines only a known one counts."""
    found = _LEADING.match(raw)
    after = found.end() if found else 0
    return after if begins_headers(raw, after) else 3 if raw.startswith(b"\xef\xbb\xbf") else 0


def _lines(raw: bytes, mail: Mail) -> bytes:
    """`raw` within its ceiling and with line feeds, if it had only carriage returns or was UTF-16."""
    if len(raw) > MAX_BYTES:
        mail.defects.append(f"The mail is larger than {MAX_BYTES // 1_000_000} MB; the rest is only in the original.")
        raw = raw[:MAX_BYTES]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        mail.defects.append("The whole mail was in UTF-16.")
        raw = decode(raw).encode()
    if b"\n" not in raw and b"\r" in raw:
        mail.defects.append("Lines end with a bare carriage return.")
        raw = raw.replace(b"\r", b"\n")
    return raw
