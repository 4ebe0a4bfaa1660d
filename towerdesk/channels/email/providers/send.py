"""Send by a provider's interface, through anymail: the mail that would have left by SMTP, with the same Message-ID."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives

from towerdesk.channels.contract import Account, FateUnknown, NotSent, Outgoing, Sent
from towerdesk.channels.email.address import message_id
from towerdesk.channels.email.providers.provider import OURS, Provider
from towerdesk.channels.email.providers.transport import session
from towerdesk.lib.text import one_line

OWN_FIELDS = ("from", "to", "cc", "subject", "reply-to", "mime-version", "content-type", "content-transfer-encoding")
REFUSED = ("rejected", "failed", "invalid")


def send_by(speaks: Provider, content: bytes, outgoing: Outgoing, account: Account) -> Sent:
    """Raises `NotSent` or `FateUnknown`."""
    backend = speaks.backend(account)
    mail = _as_django(speaks, content, outgoing)
    backend.open()
    backend.session.close()
    backend.session = session(speaks.title, account)
    try:
        backend.send_messages([mail])
    except AnymailRecipientsRefused:
        raise NotSent(f"{speaks.title} refuses every recipient.", later=False) from None
    except AnymailAPIError:  # after an answer of 2xx: it was taken, and what was said of it can't be read
        raise FateUnknown(f"{speaks.title} answered in a way that says nothing.") from None
    except (AnymailError, ValueError) as error:
        raise NotSent(f"{speaks.title} can't send this: {one_line(str(error), 200)}", later=False) from None
    finally:
        backend.close()
    return _sent(speaks, mail)


def with_our_mark(speaks: Provider, content: bytes, ours: str) -> bytes:
    """For the relay, which may be the provider's: a header that it gives back with every event."""
    if not speaks.ours_in:
        return content
    said: Any = {OURS: ours}
    if speaks.ours_in == "X-SMTPAPI":
        said = {"unique_args": said}
    value = ours if speaks.ours_in.lower().endswith(OURS) else json.dumps(said)
    lines = {**speaks.headers, speaks.ours_in: value}
    return "".join(f"{name}: {line}\r\n" for name, line in lines.items()).encode("ascii") + content


def _as_django(speaks: Provider, content: bytes, outgoing: Outgoing) -> EmailMultiAlternatives:
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, Parsed)  # noqa: S101 - the policy makes them
    ours = message_id(outgoing.message, outgoing.inbox.rpartition("@")[2])
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    headers = {name: " ".join(str(value).split()) for name, value in parsed.items() if name.lower() not in OWN_FIELDS}
    mail = EmailMultiAlternatives(
        subject=str(parsed["Subject"]),
        body=text.get_content() if text else "",
        from_email=str(parsed["From"]),
        to=[str(one) for one in parsed["To"].addresses],
        cc=[str(one) for one in parsed["Cc"].addresses] if parsed["Cc"] else [],
        reply_to=[str(parsed["Reply-To"])],
        headers={**headers, **speaks.headers, "Message-ID": f"<{ours}>"},
    )
    if html:
        mail.attach_alternative(html.get_content(), "text/html")
    for file in outgoing.files:
        mail.attach(one_line(file.name, 200) or "file", file.content, file.type or "application/octet-stream")
    mail.metadata = {OURS: ours}  # type: ignore[attr-defined]
    return mail


def _sent(speaks: Provider, mail: Any) -> Sent:
    """The Message-ID stays ours: what the provider calls it is said with what it answered."""
    status = mail.anymail_status
    refused = {who: one.status for who, one in status.recipients.items() if one.status in REFUSED}
    said = {one.message_id for one in status.recipients.values() if one.message_id}
    named = f" as {one_line(', '.join(sorted(said)), 200)}" if said else ""
    return Sent(f"{speaks.title} took it{named}", refused)
