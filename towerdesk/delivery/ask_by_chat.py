"""Ask an approver in the chat where they are known, too: with buttons, beside the mail."""

from collections.abc import Sequence

import structlog
from django.conf import settings

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Deciding, Decision, FateUnknown, NotSent
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.lib.errors import Unavailable
from towerdesk.people.models import Identity
from towerdesk.tickets.approval_link import approval_token
from towerdesk.tickets.models import Voice
from towerdesk.tickets.one_person import proven_to_be_one

type Chat = tuple[str, Inbox]
"""Their identity there, and an inbox that may reach it."""

log = structlog.get_logger()


def chats_of(voice: Voice) -> Sequence[Chat]:
    """Of the person whose verified address was asked; the very same rule says whose press of a button counts."""
    inboxes = [inbox for inbox in Inbox.objects.exclude(channel="email").filter(paused=False) if _can_ask(inbox)]
    return [
        (identity.value, inbox)
        for identity in (_accounts_of(voice) if inboxes else ())
        for inbox in inboxes
        if channel(inbox.channel).identity == identity.kind
    ]


def _accounts_of(voice: Voice) -> Sequence[Identity]:
    asked = Identity.objects.filter(kind="email", value=voice.email, verified=True).first()
    if asked is None:
        return []
    theirs = Identity.objects.filter(person=asked.person_id).exclude(kind="email").order_by("pk")
    return [identity for identity in theirs if proven_to_be_one(identity, asked)]


def ask_by_chat(voice: Voice) -> bool:
    """By the first inbox that reaches them; one that does not know them, such as another workspace, is passed over."""
    for who, inbox in chats_of(voice):
        speaks = channel(inbox.channel)
        if not isinstance(speaks, Deciding):
            continue
        try:
            speaks.ask(who, _decision(voice), account_of(inbox))
        except (NotSent, Unavailable) as error:
            log.warning("an approver could not be asked by chat", voice=voice.pk, inbox=inbox.pk, why=str(error))
            continue
        except FateUnknown as error:
            log.warning("nobody knows whether an approver was asked by chat", voice=voice.pk, why=str(error))
        return True
    return False


def _can_ask(inbox: Inbox) -> bool:
    speaks = channel(inbox.channel)
    if not isinstance(speaks, Deciding):
        return False
    try:
        return not speaks.ready(account_of(inbox))
    except Unavailable:
        return False


def _decision(voice: Voice) -> Decision:
    approval, token = voice.approval, approval_token(voice)
    subject = approval.ticket.subject
    text = f"{approval.asked_by} asks for your decision on “{subject}”:\n\n{approval.question}"
    until = f"Please decide by {approval.deadline:%d %b %Y, %H:%M} UTC."
    return Decision(f"{text}\n\n{until}", token, f"{settings.PUBLIC_URL}/approve/{token}")
