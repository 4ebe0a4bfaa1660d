"""Bring the question to each approver once: by mail with a link, and with buttons where they are known to chat."""

import structlog
from django.conf import settings
from django.db import transaction

from towerdesk.channels.account import account_of, not_ready
from towerdesk.channels.contract import FateUnknown, NotSent, Outgoing, Question
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.delivery.ask_by_chat import ask_by_chat, chats_of
from towerdesk.lib.clock import now
from towerdesk.tickets.approval_link import approval_token
from towerdesk.tickets.models import Voice

BEYOND = 10**17
"""Message numbers of these mails lie beyond those of the tickets' messages: an answer finds its ticket by the address."""
MOST = 100

log = structlog.get_logger()


def ask_approvers() -> int:
    """Run by the clock and when somebody asks. How many were asked."""
    waiting = Voice.objects.filter(approval__outcome="waiting", answer="", mailed_at=None).order_by("id")
    return sum(_ask(voice) for voice in waiting.values_list("pk", flat=True)[:MOST])


def _ask(voice_id: int) -> bool:
    """Claim, then send; what surely did not leave is tried again by the clock."""
    voice = _claim(voice_id)
    if voice is None:
        return False
    mailed = _ask_by_mail(voice)
    if voice.mailed_at is None:
        return False
    chatted = ask_by_chat(voice)
    if not chatted and not _inbox_that_can(voice):  # a chat is the only way, and it did not work now
        Voice.objects.filter(pk=voice.pk, answer="").update(mailed_at=None)
    return chatted or mailed


def _ask_by_mail(voice: Voice) -> bool:
    inbox = _inbox_that_can(voice)
    if inbox is None:
        return False
    try:
        channel(inbox.channel).send(_mail(voice, inbox))
    except NotSent as error:
        log.warning("an approver could not be asked by mail", voice=voice.pk, why=str(error))
        if error.later:
            voice.mailed_at = None
            Voice.objects.filter(pk=voice.pk, answer="").update(mailed_at=None)
        return False
    except FateUnknown as error:
        log.warning("nobody knows whether an approver was asked by mail", voice=voice.pk, why=str(error))
    return True


def _claim(voice_id: int) -> Voice | None:
    with transaction.atomic():
        found = Voice.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=voice_id, mailed_at=None)
        voice = found.select_related("approval__ticket__inbox").first()
        if voice is None or not (_inbox_that_can(voice) or chats_of(voice)):
            return None
        voice.mailed_at = now()
        voice.save(update_fields=["mailed_at"])
    return voice


def _inbox_that_can(voice: Voice) -> Inbox | None:
    inbox = _inbox(voice)
    return None if inbox is None or not_ready(inbox) else inbox


def _inbox(voice: Voice) -> Inbox | None:
    """The ticket's own, or the first one for mail: an approver is asked by mail, whatever the customer writes by."""
    inbox = voice.approval.ticket.inbox
    if channel(inbox.channel).identity == "email":
        return inbox
    return Inbox.objects.filter(channel="email", paused=False).order_by("pk").first()


def _mail(voice: Voice, inbox: Inbox) -> Outgoing:
    approval = voice.approval
    ticket, link = approval.ticket, f"{settings.PUBLIC_URL}/approve/{approval_token(voice)}"
    return Outgoing(
        message=BEYOND + voice.pk,
        ticket=ticket.pk,
        inbox=inbox.address,
        sender_name=inbox.sender_name or inbox.name,
        to=[voice.email],
        cc=[],
        subject=f"Your decision: {approval.question}",
        text=f"{approval.asked_by} asks for your decision on “{ticket.subject}”:\n\n{approval.question}",
        html="",
        written_at=now(),
        question=Question(
            f"Please decide by {approval.deadline:%d %b %Y, %H:%M} UTC.", [("Look at it and decide", link)]
        ),
        automatic=True,
        account=account_of(inbox),
    )
