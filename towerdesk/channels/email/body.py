"""What a mail shows and what it carries: texts joined, the better alternative chosen, everything else kept as parts.

Which part is text and which is an attachment follows RFC 8621, section 4.1.4, as help desks need it: a text without a
file name belongs to the message wherever it stands; files, pictures and enclosed mails are parts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.headers import decode_words, text_of
from towerdesk.channels.email.mail import Mail, Part
from towerdesk.channels.email.mime import Node, read_tree
from towerdesk.channels.email.names import file_name, named_by_subject, type_by_name
from towerdesk.channels.email.transfer import undo
from towerdesk.channels.email.uuencode import take_files
from towerdesk.channels.email.wrappers import is_signed_data, open_signed_data, unwrap_pgp
from towerdesk.lib.html import from_text, to_text

MAX_TEXT = 2_000_000  # characters kept of the text and of the HTML each
MAX_OPENED = 20  # wrappers (S/MIME, TNEF) opened in one mail

_META_CHARSET = re.compile(rb"""<meta[^>]{1,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_HTML = re.compile(r"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_NEVER_SHOWN = ("text/calendar", "text/rfc822-headers", "text/vcard", "text/x-vcard", "text/csv", "text/rtf")
_EMPTY = re.compile(r"[\s\u200b\ufeff]*\Z")


@dataclass(slots=True)
class Shown:
    """One stretch of the message, as text, as HTML, or as both."""

    text: str = ""
    html: str = ""
    is_copy: bool = False  # out of winmail.dat, beside which the same message mostly stands as text

    def words(self) -> str:
        """The text; made from the HTML, once, when there is none."""
        if self.html and _EMPTY.match(self.text):
            self.text = to_text(self.html) or self.text
        return self.text


def read_body(raw: bytes, root: Node, mail: Mail) -> None:
    """Fill `mail.text`, `mail.html`, `mail.parts` and what the wrappers said."""
    reader = _Body(mail)
    shown = reader.walk(raw, root, first=True, related=False)
    mail.text, mail.html = _joined(shown)
    reader.invite()
    _cut(mail)


def _joined(shown: list[Shown]) -> tuple[str, str]:
    """All stretches as one text and, when any came as HTML, as one HTML."""
    shown = _without_copies([one for one in shown if one.html or not _EMPTY.match(one.text)])
    text = "\n\n".join(piece.strip("\n") for one in shown if (piece := one.words()).strip())
    if not any(one.html for one in shown):
        return text, ""
    return text, "\n".join(one.html or from_text(one.text) for one in shown)


def _without_copies(shown: list[Shown]) -> list[Shown]:
    """Outlook's own telling of a message counts only for what the message lacks."""
    own = [one for one in shown if not one.is_copy]
    copies = [one for one in shown if one.is_copy]
    if not own or not copies:
        return shown
    if len(own) == 1 and not own[0].html and copies[0].html:
        return [Shown(own[0].text, copies[0].html)]
    return own


def _cut(mail: Mail) -> None:
    if len(mail.text) > MAX_TEXT or len(mail.html) > MAX_TEXT:
        mail.defects.append(f"The text is longer than {MAX_TEXT:,} characters and was cut.")
        mail.text, mail.html = mail.text[:MAX_TEXT], mail.html[:MAX_TEXT]


class _Body:
    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        self.opened = 0
        self.room = MAX_TEXT  # bytes of text that may still be read

    def walk(self, raw: bytes, node: Node, *, first: bool, related: bool) -> list[Shown]:
        """What `node` shows; what it carries goes to the mail's parts. `first`: the first part of its multipart."""
        self._note_wrapper(node)
        if node.is_multipart and not node.cut:
            return self._multipart(raw, node)
        data = self._content(raw, node)
        name = _wanted_name(node)
        if node.type in _SMIME_TYPES:
            return self._smime(node, data, name)
        if node.type in _TNEF_TYPES or name.lower() in ("winmail.dat", "win.dat"):
            return self._tnef(node, data, name)
        if _is_text(node, name, first=first, related=related):
            return self._text(node, data)
        self._part(
            node, data, name, inline=node.disposition == "inline" or (related and node.disposition != "attachment")
        )
        return []

    def _note_wrapper(self, node: Node) -> None:
        protocol = node.params.get("protocol", "").lower()
        if node.type == "multipart/encrypted":
            self.mail.wrapper, self.mail.encrypted = "pgp", True
        elif node.type == "multipart/signed":
            self.mail.wrapper = "smime" if "pkcs7" in protocol else "pgp" if "pgp" in protocol else self.mail.wrapper

    def _multipart(self, raw: bytes, node: Node) -> list[Shown]:
        related = node.type == "multipart/related"
        children = _root_first(node) if related else node.children
        shown = [self.walk(raw, child, first=place == 0, related=related) for place, child in enumerate(children)]
        if node.type == "multipart/alternative":
            return _alternative(shown)
        return [one for several in shown for one in several]

    def _content(self, raw: bytes, node: Node) -> bytes:
        encoding = node.text("content-transfer-encoding")
        data, defect = undo(raw[node.start : node.end], encoding) if encoding else (raw[node.start : node.end], "")
        if defect and defect not in self.mail.defects:
            self.mail.defects.append(defect)
        return data

    def _text(self, node: Node, data: bytes) -> list[Shown]:
        data = data[: self.room]
        self.room -= len(data)
        is_html = node.type == "text/html"
        charset = node.params.get("charset", "")
        if is_html:
            meta = _META_CHARSET.search(data[:4_000]) if not charset else None
            return [Shown(html=_newlines(decode(data, meta.group(1).decode("ascii") if meta else charset)))]
        data, files = take_files(data)
        for name, content in files:
            self._file(text_of(name, charset), content)
        text = _newlines(decode(data, charset))
        if _HTML.match(text[:200]) and not node.value("content-type"):
            return [Shown(html=text)]
        return [Shown(text=self._pgp(text))]

    def _pgp(self, text: str) -> str:
        if "-----BEGIN PGP " not in text:
            return text
        text, signature, encrypted = unwrap_pgp(text)
        if signature or encrypted:
            self.mail.wrapper = "pgp"
            self.mail.encrypted = self.mail.encrypted or encrypted
        if signature:
            self.mail.parts.append(Part("signature.asc", "application/pgp-signature", signature.encode()))
        return text

    def _smime(self, node: Node, data: bytes, name: str) -> list[Shown]:
        self.mail.wrapper = "smime"
        inner = open_signed_data(data) if self.opened < MAX_OPENED else None
        if inner is not None:
            self.opened += 1
            return self._inner(inner)
        self.mail.encrypted = self.mail.encrypted or not is_signed_data(data)
        self._part(node, data, name, inline=False)
        return []

    def _inner(self, inner: bytes) -> list[Shown]:
        root, defects = read_tree(inner, 0, len(inner))
        self.mail.defects.extend(one for one in defects if one not in self.mail.defects)
        return self.walk(inner, root, first=True, related=False)

    def _tnef(self, node: Node, data: bytes, name: str) -> list[Shown]:
        from towerdesk.channels.email.tnef import open_tnef

        opened = open_tnef(data) if self.opened < MAX_OPENED else None
        self.opened += 1
        if opened is None:
            self.mail.defects.append("An Outlook attachment (TNEF) could not be opened.")
            self._part(node, data, name, inline=False)
            return []
        for part in opened.parts:
            self._file(part.name, part.content, part)
        return [Shown(opened.text, opened.html, is_copy=True)] if opened.text or opened.html else []

    def _file(self, name: str, content: bytes, known: Part | None = None) -> None:
        kind = known.type if known else type_by_name(name)
        name = file_name(name, kind, len(self.mail.parts) + 1)
        self.mail.parts.append(replace(known, name=name) if known else Part(name, kind, content))

    def _part(self, node: Node, data: bytes, name: str, *, inline: bool) -> None:
        number = len(self.mail.parts) + 1
        kind = node.type if not node.cut else "application/octet-stream"
        if name or kind not in ("message/rfc822", "message/global"):
            name = file_name(name, kind, number)
        else:
            name = named_by_subject(_subject_of(data), number)
        content_id = node.text("content-id").strip("<> ")
        self.mail.parts.append(Part(name, kind, data, content_id, inline))

    def invite(self) -> None:
        """A calendar invitation says what it is when nothing else does."""
        if self.mail.text.strip():
            return
        for part in self.mail.parts:
            if part.type == "text/calendar":
                from towerdesk.channels.email.invite import summary

                self.mail.text = summary(part.content)
                return


def _root_first(node: Node) -> list[Node]:
    """The children of a multipart/related, the one that its `start` names at the front (RFC 2387)."""
    start = node.params.get("start", "").strip("<> ")
    named = [child for child in node.children if start and child.text("content-id").strip("<> ") == start]
    return named[:1] + [child for child in node.children if child not in named[:1]] if named else node.children


def _alternative(choices: list[list[Shown]]) -> list[Shown]:
    """The tellings of one message as one text and one HTML. Two of the same kind are no choice: both are kept."""
    rich = [shown for shown in choices if any(one.html for one in shown)]
    plain = [shown for shown in choices if shown not in rich]
    text = "\n\n".join(_distinct(one.text for shown in plain for one in shown))
    html = "\n".join(_distinct(one.html or from_text(one.text) for shown in rich for one in shown))
    if any(one.text for shown in rich for one in shown):
        own = _joined([one for shown in rich for one in shown])[
            0
        ]  # HTML with texts between, which tell more than the plain one
        text = text if len(text) >= len(own) else own
    return [Shown(text, html)] if text or html else []


def _distinct(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(text for text in texts if not _EMPTY.match(text))


def _is_text(node: Node, name: str, *, first: bool, related: bool) -> bool:
    """A text of an unknown kind is shown when it is the whole mail."""
    if node.disposition == "attachment" or not node.type.startswith("text/"):
        return False
    if node.type not in ("text/plain", "text/html"):
        return node.is_root and not name and node.type not in _NEVER_SHOWN
    return first or not (related or name)


def _wanted_name(node: Node) -> str:
    wanted = (
        node.disposition_params.get("filename") or node.params.get("name") or node.disposition_params.get("name", "")
    )
    if not wanted and node.type not in ("text/plain", "text/html"):
        wanted = node.text("content-location").partition("?")[0].rstrip("/").rpartition("/")[2]
        wanted = wanted if "." in wanted else ""
    return decode_words(wanted).strip() if "=?" in wanted else wanted.strip()


def _subject_of(data: bytes) -> str:
    from towerdesk.channels.email.headers import read_fields

    fields, _, _ = read_fields(data, 0, min(len(data), 200_000))
    return next((text_of(value) for name, value in fields if name == "subject"), "")


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
