"""An `Outgoing` becomes the bytes of a mail: headers that thread, text beside HTML, the earlier message quoted."""

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape

from towerdesk.channels.contract import File, Outgoing, Question, Quote
from towerdesk.channels.email.address import message_id, reply_address
from towerdesk.channels.email.quote_line import reply_line, wrote
from towerdesk.channels.email.subjects import bare_subject
from towerdesk.lib.text import one_line, storable

MOST_REFERENCES = 20
MOST_QUOTED_LINES = 60
LONGEST_ID = 250
NUMBERS = re.compile(r"\s*\[#\d{1,18}\]")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
GOOD_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
PLAIN_ID = re.compile(r"[!-;=?-~]+")  # visible ASCII without < >


def compose(outgoing: Outgoing) -> bytes:
    """Nothing that a customer wrote can add a header, a recipient or markup."""
    plain_ascii = all(address.isascii() for address in (*outgoing.to, *outgoing.cc, outgoing.inbox))
    mail = EmailMessage(policy=SMTP if plain_ascii else SMTPUTF8)
    _address(mail, outgoing)
    _say_who_wrote(mail, outgoing)
    mail.set_content(_text(outgoing), cte="quoted-printable")
    mail.add_alternative(_html(outgoing), subtype="html", cte="quoted-printable")
    for file in outgoing.files:
        _attach(mail, file)
    return _thread(outgoing) + mail.as_bytes()


def _address(mail: EmailMessage, outgoing: Outgoing) -> None:
    mail["From"] = _mailbox(outgoing.inbox, outgoing.sender_name)
    mail["To"] = [_mailbox(address) for address in outgoing.to]
    if outgoing.cc:
        mail["Cc"] = [_mailbox(address) for address in outgoing.cc]
    mail["Reply-To"] = _mailbox(reply_address(outgoing.inbox, outgoing.ticket), outgoing.sender_name)
    mail["Subject"] = f"Re: {one_line(_bare(outgoing.subject), 300) or '(no subject)'} [#{outgoing.ticket}]"
    mail["Date"] = format_datetime(outgoing.written_at)


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = storable(address).rpartition("@")
    if QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    return Address(one_line(storable(name), 120), local, domain)


def _bare(subject: str) -> str:
    """Without the marks of replies and without ticket numbers, ours or those of others: each is written once, by us."""
    return bare_subject(NUMBERS.sub("", bare_subject(storable(subject))))


def _thread(outgoing: Outgoing) -> bytes:
    """Written by hand: `email` would fold a long id in the middle, or encode it, and no client would find it again."""
    own = message_id(outgoing.message, outgoing.inbox.rpartition("@")[2])
    lines = [f"Message-ID: <{own}>", f"X-Towerdesk-Id: {own}"]
    known = [one for one in (*outgoing.thread, outgoing.answers) if _is_plain_id(one)]
    newest = list(dict.fromkeys(reversed(known)))[:MOST_REFERENCES]
    if _is_plain_id(outgoing.answers):
        lines.append(f"In-Reply-To: <{outgoing.answers}>")
    if newest:
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in reversed(newest)))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _is_plain_id(one: str) -> bool:
    return len(one) <= LONGEST_ID and PLAIN_ID.fullmatch(one) is not None


def _say_who_wrote(mail: EmailMessage, outgoing: Outgoing) -> None:
    """RFC 3834, and what Exchange understands: no machine shall answer a machine; from people we want no receipts."""
    if outgoing.automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All" if outgoing.automatic else "DR, RN, NRN, AutoReply"


def _text(outgoing: Outgoing) -> str:
    parts = [storable(outgoing.text).strip()]
    if outgoing.question:
        parts.append(_asked_in_text(outgoing.question))
    if outgoing.person:
        label, address = outgoing.person
        parts.append(f"{one_line(label, 60)}: {address}")
    if outgoing.quote:
        quoted = "\n".join(f"> {line}".rstrip() for line in _quoted_lines(outgoing.quote))
        parts.append(f"{reply_line(outgoing.quote)}\n{wrote(outgoing.quote)}\n{quoted}")
    return "\n\n".join(parts) + "\n"


def _asked_in_text(question: Question) -> str:
    links = "\n".join(f"{one_line(label, 60)}: {address}" for label, address in question.answers)
    return f"{one_line(question.text, 200)}\n{links}"


def _html(outgoing: Outgoing) -> str:
    """`outgoing.html` is safe already; all else is escaped here."""
    parts = [f'<div dir="auto">{storable(outgoing.html) or _as_html(outgoing.text)}</div>']
    if outgoing.question:
        parts.append(_asked_in_html(outgoing.question))
    if outgoing.person:
        label, address = outgoing.person
        parts.append(f'<p><a href="{escape(address)}">{escape(one_line(label, 60))}</a></p>')
    if outgoing.quote:
        lines = "<br>\n".join(escape(line) for line in _quoted_lines(outgoing.quote))
        head = f"{escape(reply_line(outgoing.quote))}<br>\n{escape(wrote(outgoing.quote))}"
        parts.append(f'<p style="color:#667">{head}</p>\n<blockquote type="cite" dir="auto">{lines}</blockquote>')
    return '<html><head><meta charset="utf-8"></head><body>\n' + "\n".join(parts) + "\n</body></html>\n"


def _as_html(text: str) -> str:
    return escape(storable(text)).replace("\n", "<br>\n")


def _asked_in_html(question: Question) -> str:
    links = " &nbsp; ".join(f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in question.answers)
    return f'<p style="color:#667">{escape(question.text)}<br>\n{links}</p>'


def _quoted_lines(quote: Quote) -> Sequence[str]:
    lines = storable(quote.text).strip().splitlines()
    kept = [line[:1_000] for line in lines[:MOST_QUOTED_LINES]]
    return [*kept, "…"] if len(lines) > len(kept) else kept


def _attach(mail: EmailMessage, file: File) -> None:
    """As an attachment, whatever it is, byte for byte."""
    main, _, sub = file.type.partition("/")
    if not GOOD_TYPE.fullmatch(file.type) or main in ("message", "multipart"):
        main, sub = "application", "octet-stream"
    mail.add_attachment(file.content, main, sub, filename=one_line(storable(file.name), 200) or "file")
