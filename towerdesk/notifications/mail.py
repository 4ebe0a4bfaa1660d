"""Tell a person by mail, through the relay that replies leave by. No machine shall answer it, and no ticket comes of it."""

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from django.conf import settings

from towerdesk.accounts.models import User
from towerdesk.channels.contract import NotSent, Outgoing
from towerdesk.channels.email.address import message_id
from towerdesk.channels.email.send import send
from towerdesk.channels.models import Inbox
from towerdesk.lib.clock import now
from towerdesk.lib.text import one_line, plain_address
from towerdesk.notifications.models import Post
from towerdesk.notifications.words import Item, subject, text

BEYOND = 2 * 10**17
"""Numbers of these mails lie beyond those of messages and of questions to approvers: a bounce finds no ticket."""


def send_mail(post: Post, user: User, said: Sequence[Item]) -> str:
    """Raises `NotSent` or `FateUnknown`. Outside of any transaction."""
    inbox = Inbox.objects.filter(channel="email").order_by("pk").first()
    if inbox is None:
        raise NotSent("There is no inbox to write from: open one first.", later=True)
    if Inbox.objects.filter(address=plain_address(user.email)).exists():
        raise NotSent("The person's address is an inbox of this desk: it would become a ticket.", later=False)
    outgoing = Outgoing(
        message=BEYOND + post.pk,
        ticket=said[0].ticket,
        inbox=inbox.address,
        sender_name=settings.DESK_NAME,
        to=[user.email],
        cc=[],
        subject=subject(said, digest=post.way == "digest"),
        text=f"{text(said)}\n\n-- \nHow and when you are told: {settings.PUBLIC_URL}/me/notifications\n",
        html="",
        written_at=now(),
        automatic=True,
    )
    return send(compose(outgoing, user), outgoing, settings.RELAY_URL).answer


def compose(outgoing: Outgoing, user: User) -> bytes:
    """RFC 3834: it was generated, it answers nothing. `X-Towerdesk-Id` lets our own door know it should it come back."""
    own = message_id(outgoing.message, outgoing.inbox.rpartition("@")[2])
    mail = EmailMessage(policy=SMTP if user.email.isascii() and outgoing.inbox.isascii() else SMTPUTF8)
    mail["From"] = Address(one_line(outgoing.sender_name, 120), *_split(outgoing.inbox))
    mail["To"] = Address(one_line(user.name, 120), *_split(user.email))
    mail["Subject"] = one_line(outgoing.subject, 200)
    mail["Date"] = format_datetime(outgoing.written_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(outgoing.text, cte="quoted-printable")
    return f"Message-ID: <{own}>\r\nX-Towerdesk-Id: {own}\r\n".encode("ascii") + mail.as_bytes()


def _split(address: str) -> tuple[str, str]:
    local, _, domain = address.rpartition("@")
    return local, domain
