"""Requests and what follows them as mails (RFC 5322), the way many programs write them."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.envelope import as_html, quote
from towerdesk.cli.demo.request import Request
from towerdesk.cli.demo.slots import spoken_day
from towerdesk.cli.demo.strays import AUTOMATIC
from towerdesk.cli.demo.traffic import SOME_DAY
from towerdesk.cli.demo.wording import wording

PREFIXES = {"de": "AW: ", "en": "Re: ", "fr": "Re: ", "es": "Re: "}
PROGRAMS = {"web": "Letterbox Web 11.2", "phone": "Pocket Mail 4.7", "office": "Desk Mail 16.0"}


CHECKER = "mx.brasswell.example"
"""The company's mail server in front of the desk, whose word on senders counts (TOWERDESK_TRUSTED_MAIL_HOSTS)."""


def as_mail(request: Request, to: str, at: datetime | None = None) -> bytes:
    """The request as it arrives at `to`, CRLF line ends. `at` (aware) becomes its Date; the Message-ID follows from the
    request alone, so that the same request makes the same mail."""
    if request.kind == "bounce":
        return bounce_mail(request, to, at=at)
    mail = _mail(request, to, request.subject, "first", at)
    for name, value in request.headers:
        mail[name] = value
    _fill(mail, request.body, request.html)
    for attachment in request.attachments:
        main, _, sub = attachment.type.partition("/")
        mail.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name)
    return mail.as_bytes()


def vouched(mail: bytes, sender: str) -> bytes:
    """As the company's mail server passes it on: it has checked the signature of the sender's domain."""
    domain = sender.rpartition("@")[2]
    said = f"{CHECKER}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    return f"Authentication-Results: {said}\r\n".encode() + mail


def envelope_sender(request: Request) -> str:
    """What MAIL FROM says: robots that must not be answered say nothing (RFC 5321, 4.5.5)."""
    return "" if request.kind in ("bounce", "auto_reply") else request.person.email


def reply_mail(
    request: Request, original: Mapping[str, str] | Message, text: str, *, quoted: str = "", at: datetime | None = None
) -> bytes:
    """The customer's answer to a mail of ours, threaded, with that mail quoted below.

    `original` is our mail or its headers (any case of letters): Message-ID, References, Subject, From and Reply-To are
    used. `quoted` is our text; without it the plain part of `original` is quoted, if it has one.
    """
    heads = {name.lower(): str(value) for name, value in original.items()}
    mail = _mail(request, heads.get("reply-to") or heads["from"], _answering(request, heads), text, at)
    mail["In-Reply-To"] = heads["message-id"].strip()
    mail["References"] = " ".join([*heads.get("references", "").split(), heads["message-id"].strip()])
    theirs = quoted or _plain_text(original)
    _fill(mail, *_with_quote(request, heads, text, theirs, at or SOME_DAY))
    return mail.as_bytes()


def bounce_mail(
    request: Request, to: str, original: Mapping[str, str] | Message | None = None, at: datetime | None = None
) -> bytes:
    """A delivery report (RFC 3464) about `original`, or about a mail of ours that nobody remembers. The recipient and
    the words are those of a request of the kind "bounce"."""
    heads = {name.lower(): str(value) for name, value in (original or {}).items()}
    recipient = parseaddr(heads.get("to", ""))[1] or request.slots["email"]
    mail = _mail(request, to, request.subject, "bounce", at)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(request.body)
    mail.make_mixed()
    mail.attach(_status(recipient, "5.2.2" if "5.2.2" in request.body else "5.1.1"))
    mail.attach(_returned(heads, to, recipient, request))
    mail.replace_header("Content-Type", f'multipart/report; report-type=delivery-status; boundary="=_{request.token}"')
    return mail.as_bytes()


def _mail(request: Request, to: str, subject: str, part: str, at: datetime | None) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    user, _, domain = request.person.email.partition("@")
    mail["From"] = Address(request.person.name, user, domain)
    mail["To"] = to
    if subject:
        mail["Subject"] = subject
    mail["Date"] = format_datetime(at or SOME_DAY)
    mail["Message-ID"] = f"<{request.token}.{dice(request.token, part).getrandbits(40):010x}@{domain}>"
    if request.kind not in AUTOMATIC:
        mail["X-Mailer"] = PROGRAMS[request.person.program]
    return mail


def _fill(mail: EmailMessage, text: str, html: str | None) -> None:
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")


def _answering(request: Request, heads: dict[str, str]) -> str:
    subject = heads.get("subject", "")
    known = subject.lower().startswith(("re:", "aw:", "sv:"))
    return subject if known else PREFIXES[request.language] + subject


def _with_quote(
    request: Request, heads: dict[str, str], text: str, theirs: str, at: datetime
) -> tuple[str, str | None]:
    """Plain text and HTML. Office programs put a block of headers above our text, all others a line and `> `."""
    if request.person.program == "office":
        me = f"{request.person.name} <{request.person.email}>"
        block = f"From: {heads['from']}\nSent: {heads.get('date', '')}\nTo: {me}\n"
        return (
            f"{text}\n\n________________________________\n{block}Subject: {heads.get('subject', '')}\n\n{theirs}",
            None,
        )
    line = wording(request.language)["wraps"]["quote_line"].replace("{quoted_day}", spoken_day(at, request.language))
    if not request.html:
        return f"{text}\n\n{line}\n\n{quote(theirs)}", None
    inside = as_html(theirs).removeprefix("<html><body>").removesuffix("</body></html>")
    shown = line.replace("<", "&lt;").replace(">", "&gt;")
    html = as_html(text).replace("</body>", f'<div class="quote">{shown}<blockquote>{inside}</blockquote></div></body>')
    return f"{text}\n\n{line}\n\n{quote(theirs)}", html


def _plain_text(original: Mapping[str, str] | Message) -> str:
    if not isinstance(original, EmailMessage):
        return ""
    part = original.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _status(recipient: str, status: str) -> EmailMessage:
    """The part for machines of a delivery report."""
    report = EmailMessage(policy=SMTP)
    report["Content-Type"] = "message/delivery-status"
    server, person = EmailMessage(policy=SMTP), EmailMessage(policy=SMTP)
    server["Reporting-MTA"] = f"dns; mx1.{recipient.partition('@')[2]}"
    person["Final-Recipient"] = f"rfc822; {recipient}"
    person["Action"] = "failed"
    person["Status"] = status
    report.set_payload([server, person])
    return report


def _returned(heads: dict[str, str], to: str, recipient: str, request: Request) -> EmailMessage:
    """The headers of the mail that came back."""
    part, returned = EmailMessage(policy=SMTP), EmailMessage(policy=SMTP)
    part["Content-Type"] = "text/rfc822-headers"
    returned["From"] = heads.get("from", f"Brasswell Support <{to}>")
    returned["To"] = recipient
    returned["Subject"] = heads.get("subject", "Your order")
    returned["Message-ID"] = heads.get("message-id", f"<{request.slots['digits']}@brasswell.example>")
    part.set_payload(returned.as_string())
    return part
