"""The headers of a mail as plain values: who, to whom, about what, when, in answer to what."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from towerdesk.channels.email.addresses import MAX_ADDRESSES, clean_email, read_addresses
from towerdesk.channels.email.headers import MAX_FIELDS, MAX_VALUE, one_line, raw_text_of, text_of
from towerdesk.channels.email.mail import Address, Mail
from towerdesk.channels.email.mime import Node

MAX_SUBJECT = 500  # characters
MAX_REFERENCES = 50  # the newest
MAX_ID = 998  # characters of one message id: a line's limit, RFC 5322 section 2.1.1
MAX_SAME = 20  # address headers of one name that are read
MAX_REFERENCES_READ = 100_000  # bytes read of a References header, from its end

_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
    "apparently-to",
)
_ID = re.compile(r"<([^<>]{1,2000})>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]{1,998}@[^\s<>,;\"()]{1,998}")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")


def read_envelope(root: Node, mail: Mail) -> None:
    """Fill everything of `mail` that the headers say."""
    charset = _charset(root)
    _keep_headers(root, mail, charset)
    mail.subject = _subject(mail)
    mail.message_id = next(iter(_ids(mail.header("message-id"))), "")
    mail.in_reply_to = _ids(mail.header("in-reply-to"))[:MAX_REFERENCES]
    mail.references = _references(root, mail)
    mail.date_header = mail.header("date")[:200]
    mail.sent_at = read_date(mail.date_header)
    if not mail.sent_at:
        mail.defects.append("The date is unreadable." if mail.date_header else "The mail has no date.")
    _read_people(root, mail, charset)


def _charset(root: Node) -> str:
    """What 8-bit bytes in headers are probably in: the charset of the first text."""
    node = root
    while node.children and "charset" not in node.params:
        node = node.children[0]
    return node.params.get("charset", "")


def _keep_headers(root: Node, mail: Mail, charset: str) -> None:
    for name, value in root.fields:
        if len(value) > MAX_VALUE:
            _once(mail, f"A header is longer than {MAX_VALUE // 1024} KB and was cut.")
        mail.headers.setdefault(name, []).append(text_of(value, charset))
    if len(root.fields) >= MAX_FIELDS:
        _once(mail, f"The mail has more than {MAX_FIELDS:,} headers; the rest is only in the original.")


def _once(mail: Mail, sentence: str) -> None:
    if sentence not in mail.defects:
        mail.defects.append(sentence)


def _subject(mail: Mail) -> str:
    subject = one_line(next(filter(None, mail.headers.get("subject", [])), ""))
    if len(subject) > MAX_SUBJECT:
        mail.defects.append(f"The subject is longer than {MAX_SUBJECT} characters and was cut.")
        subject = subject[:MAX_SUBJECT].rstrip()
    return subject


def _references(root: Node, mail: Mail) -> list[str]:
    """The newest ids, which stand last; the header is read from its end when it is long."""
    raw = b" ".join(value[-MAX_REFERENCES_READ:] for name, value in root.fields if name == "references")
    value = raw[-MAX_REFERENCES_READ:].decode("ascii", "replace")
    ids = _ids(value[value.find("<") :] if len(raw) > MAX_REFERENCES_READ else value)
    if len(ids) > MAX_REFERENCES:
        mail.defects.append(f"The mail refers to more than {MAX_REFERENCES} others; the oldest were left out.")
    return ids[-MAX_REFERENCES:]


def _ids(value: str) -> list[str]:
    """Message ids without < > and inner blanks, each once, in order; bare ones when none has brackets."""
    found = _ID.findall(value) or _BARE_ID.findall(value)
    clean = ("".join(one.split())[:MAX_ID] for one in found)
    return list(dict.fromkeys(filter(None, clean)))


def read_date(value: str) -> datetime | None:
    """An aware time, UTC when no zone is given; None when it can't be read or lies outside of 1900 to 2100."""
    when = _rfc_date(value) or _iso_date(value)
    if when and when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return when if when and 1900 <= when.year <= 2100 else None


def _rfc_date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso_date(value: str) -> datetime | None:
    found = _ISO_DATE.search(value[:200])
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC) if found else None  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _read_people(root: Node, mail: Mail, charset: str) -> None:
    def all_in(name: str) -> list[Address]:
        values = [value for its_name, value in root.fields if its_name == name][:MAX_SAME]
        found = [one for value in values for one in read_addresses(raw_text_of(value, charset))]
        if len(found) > MAX_ADDRESSES:
            _once(mail, f"A header lists more than {MAX_ADDRESSES} addresses; the rest is only in the original.")
        return found[:MAX_ADDRESSES]

    mail.to, mail.cc, mail.reply_to = all_in("to"), all_in("cc"), all_in("reply-to")
    mail.delivered_to = list(dict.fromkeys(filter(None, (one.email for name in _DELIVERED for one in all_in(name)))))
    mail.return_path = _return_path(mail)
    mail.sender = _sender(all_in("from"), all_in("sender"), mail)


def _return_path(mail: Mail) -> str | None:
    values = mail.headers.get("return-path")
    return None if values is None else clean_email(values[0])


def _sender(authors: list[Address], senders: list[Address], mail: Mail) -> Address:
    """The first author with an address; else who sent it; else where bounces go. Never Reply-To: it proves nothing."""
    if len(authors) > 1:
        mail.defects.append("The mail names several senders; the first one counts.")
    for one in (*authors, *senders):
        if one.email:
            return one
    mail.defects.append("The mail does not say who sent it." if not authors else "The sender has no readable address.")
    name = next((one.name for one in (*authors, *senders) if one.name), "")
    return Address(name, mail.return_path or "")
