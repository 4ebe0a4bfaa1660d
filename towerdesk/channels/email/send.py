"""Hand one mail to the relay by SMTP, and know exactly what became of it."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from towerdesk.channels.contract import FateUnknown, Grant, NotSent, Outgoing, Sent
from towerdesk.channels.email.address import return_address
from towerdesk.channels.email.xoauth2 import xoauth2
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.text import one_line

TIMEOUT = 30.0  # seconds without an answer
PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
LINE_END = re.compile(rb"\r\n|\r|\n")

type Answer = tuple[int, bytes]


def send(content: bytes, outgoing: Outgoing, relay: str, grant: Grant | None = None) -> Sent:
    """`relay`: smtp://, smtps:// or smtp+tls://user:password@host:port. Raises `NotSent` or `FateUnknown`.

    By a `grant` it leaves from somebody's mailbox, and bounces come back there: those servers let nobody send from a
    return address that is made up for each mail.
    """
    recipients = list(dict.fromkeys([*outgoing.to, *outgoing.cc]))
    sender = outgoing.inbox if grant else return_address(outgoing.inbox, outgoing.message)
    with _talking(relay, grant) as server:
        refused = _announce(server, sender, recipients, content)
        return Sent(_hand_over(server, content), refused)


@contextlib.contextmanager
def _talking(relay: str, grant: Grant | None) -> Iterator[smtplib.SMTP]:
    """A session with the relay; everything that goes wrong before the mail is handed over means: not sent."""
    try:
        server = _connect(relay, grant)
    except Unavailable as error:
        raise NotSent(str(error), later=True) from error
    except smtplib.SMTPAuthenticationError as error:
        what = "token" if grant else "name and password"
        said = f"The relay does not accept our {what} ({_said(error.smtp_error)})."
        raise NotSent(said, later=True, trouble=bool(grant)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"The relay can't be reached ({_reason(error)}).", later=True) from error
    try:
        yield server
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"The connection to the relay broke ({_reason(error)}).", later=True) from error
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connect(relay: str, grant: Grant | None) -> smtplib.SMTP:
    parts = urlsplit(relay)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    ours = socket.gethostname() or "localhost"  # getfqdn() may wait for the DNS
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, ours, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, ours, timeout=TIMEOUT)
    try:
        if parts.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if grant:
            _show_token(server, grant)
        elif parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _show_token(server: smtplib.SMTP, grant: Grant) -> None:
    """One that is refused is renewed once."""
    token = grant.token()
    try:
        _by_token(server, grant.user, token)
    except smtplib.SMTPAuthenticationError:
        _by_token(server, grant.user, grant.token(refused=token))


def _by_token(server: smtplib.SMTP, user: str, token: str) -> None:
    server.auth("XOAUTH2", lambda challenge=None: xoauth2(user, token) if challenge is None else "")


def _announce(server: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> dict[str, str]:
    """MAIL and RCPT. Returns who was refused; raises when nobody is left."""
    _must(server.mail(sender, _options(server, sender, recipients, content)), "The relay refuses our address")
    answers = {one: server.rcpt(one) for one in recipients}
    refused = {one: answer for one, answer in answers.items() if answer[0] not in (250, 251, 252)}
    if len(refused) == len(recipients):
        _must(min(refused.values(), default=(550, b"no recipient")), "The relay refuses the recipient")
    return {one: f"{code} {_said(text)}" for one, (code, text) in refused.items()}


def _options(server: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> list[str]:
    options = [f"size={len(content)}"] if server.has_extn("size") else []
    if all(one.isascii() for one in (sender, *recipients)):
        return options
    if not server.has_extn("smtputf8"):
        raise NotSent("The relay can't send to an address with letters outside of ASCII.", later=False)
    return [*options, "SMTPUTF8", "BODY=8BITMIME"]


def _hand_over(server: smtplib.SMTP, content: bytes) -> str:
    """DATA. Until its last byte is out the relay has no mail; from then on only its answer tells."""
    _must(server.docmd("data"), "The relay does not take the mail", good=(354,))
    server.send(_dotted(content))
    try:
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise FateUnknown(f"The relay did not say whether it took the mail ({_reason(error)}).") from error
    _must(answer, "The relay refuses the mail")
    return f"{answer[0]} {_said(answer[1])}"


def _dotted(content: bytes) -> bytes:
    """RFC 5321 section 4.5.2: lines end with CRLF, a leading dot is doubled, a dot alone ends it."""
    lines = LINE_END.sub(b"\r\n", content)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _must(answer: Answer, otherwise: str, good: Sequence[int] = (250,)) -> None:
    code, text = answer
    if code not in good:
        raise NotSent(f"{otherwise} ({code} {_said(text)}).", later=not 500 <= code < 600)


def _said(text: bytes | str) -> str:
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, 200)


def _reason(error: BaseException) -> str:
    return one_line(str(error), 200) or type(error).__name__
