"""Bytes of a mail become an `Incoming`: parsed, judged (written by a machine? by whom?), cleaned, its ids read."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings

from towerdesk.channels.contract import Failure, Incoming, Remote, Undelivered
from towerdesk.channels.email.address import messages_named, ticket_named
from towerdesk.channels.email.bounce import REASONS, read_bounce
from towerdesk.channels.email.clean import visible
from towerdesk.channels.email.dns import ask
from towerdesk.channels.email.loops import kind
from towerdesk.channels.email.mail import Bounce, Bounced, Mail
from towerdesk.channels.email.parse import parse
from towerdesk.channels.email.trust import Trust, read_trust, told_beside, verify
from towerdesk.lib.html import safe

OWN_ID = "x-towerdesk-id"
NUMBER = re.compile(r"\[#(\d{1,18})\]")
CONVERSATION_BYTES = 22  # of Outlook's Thread-Index; what follows is the position inside the conversation


def read(content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
    """`envelope`: what the door knows: from ("" = the null sender), to, ip, helo."""
    mail = parse(content)
    if isinstance(sender := envelope.get("from"), str):
        mail.return_path = sender.lower()
    is_own = _came_back(mail)
    bounce = read_bounce(mail, content)
    verdict = kind(mail, own_addresses=addresses, bounced=bounce is not None)
    trust = _trust(content, mail, envelope)
    recipients = list(_recipients(mail, envelope))
    answers = _answers(mail, bounce if verdict.kind == "bounce" else None, verdict.kind)
    shown = visible(mail)
    return Incoming(
        sender=mail.sender.email,
        sender_name=mail.sender.name,
        subject=mail.subject,
        text=mail.text,
        visible=shown.text,
        html=safe(shown.html) if shown.html else "",
        to=[one.email for one in mail.to if one.email],
        cc=[one.email for one in mail.cc if one.email],
        reply_to=next((one.email for one in mail.reply_to if one.email), ""),
        external_id=mail.message_id,
        answers=answers,
        thread_key=_thread_key(mail, str(envelope.get("thread") or "")),
        ticket=ticket_named(recipients),
        ours=messages_named(recipients, answers),
        number=_number(mail.subject),
        auto="own" if is_own else verdict.kind,
        why_auto="Our own mail came back to us." if is_own else verdict.why,
        trust=asdict(trust),
        failing=trust.source != "none" and not trust.verified and "fail" in (trust.spf, trust.dkim, trust.dmarc),
        files=mail.parts,
        remote=_remote(envelope),
        undelivered=_undelivered(bounce) if verdict.kind == "bounce" and bounce and not is_own else None,
        odd=mail.defects,
    )


def _came_back(mail: Mail) -> bool:
    """By our signature; the header of another desk that runs this same software says nothing."""
    values = mail.headers.get(OWN_ID, [])
    if messages_named((), [mail.message_id, *values]):
        return True
    for name in [name for name in mail.headers if name.startswith("x-towerdesk-")]:
        del mail.headers[name]
    return False


def _trust(content: bytes, mail: Mail, envelope: dict[str, Any]) -> Trust:
    """What a provider says beside the mail; else what a trusted hop wrote into it; else what we can check ourselves.

    Of a provider's mail without any word that is the signatures: who handed it over, only the provider has seen.
    """
    if envelope.get("verdict"):
        return told_beside(mail, str(envelope["verdict"]))
    said = read_trust(mail, settings.TRUSTED_MAIL_HOSTS)
    if said.source != "none" or not settings.VERIFY_MAIL or not (envelope.get("ip") or envelope.get("raw")):
        return said
    sender, helo, ip = (str(envelope.get(name) or "") for name in ("from", "helo", "ip"))
    return verify(content, mail, remote_ip=ip, mail_from=sender, helo=helo, resolver=ask)


def _remote(envelope: dict[str, Any]) -> list[Remote]:
    """Files that the provider keeps for us (`providers.brevo`)."""
    listed = json.loads(envelope["remote"]) if envelope.get("remote") else []
    return [Remote(one["ref"], one["name"], one["type"], one["size"]) for one in listed]


def _recipients(mail: Mail, envelope: dict[str, Any]) -> Iterator[str]:
    given = envelope.get("to") or ()
    yield from (str(address).lower() for address in (given.split(", ") if isinstance(given, str) else given))
    yield from mail.delivered_to
    yield from (one.email for one in (*mail.to, *mail.cc))


def _answers(mail: Mail, bounce: Bounce | None, auto: str) -> list[str]:
    """Ids of what this mail answers, or is about, nearest first."""
    if bounce:
        return [one for one in (bounce.original_message_id, *reversed(bounce.original_references)) if one]
    about = _enclosed_ids(mail) if auto in ("complaint", "receipt") else []
    return list(dict.fromkeys([*about, *mail.in_reply_to, *reversed(mail.references)]))


def _enclosed_ids(mail: Mail) -> list[str]:
    kinds = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
    return [parse(part.content).message_id for part in mail.parts[:10] if part.type in kinds]


def _thread_key(mail: Mail, told: str) -> str:
    """Gmail's thread, told by its IMAP server or by a header of an export, or Outlook's conversation; as a digest."""
    provider_id = told or mail.header("x-gm-thrid").strip()
    if not provider_id:
        try:
            decoded = base64.b64decode(mail.header("thread-index")[:400], validate=False)[:CONVERSATION_BYTES]
        except (binascii.Error, ValueError):
            return ""
        provider_id = decoded.hex() if len(decoded) == CONVERSATION_BYTES else ""
    return hashlib.sha256(provider_id.encode("utf-8", "replace")).hexdigest()[:32] if provider_id else ""


def _number(subject: str) -> int | None:
    found = NUMBER.search(subject)
    return int(found[1]) if found else None


def _undelivered(bounce: Bounce) -> Undelivered:
    failures = [_failure(one) for one in bounce.failed]
    return Undelivered(failures or [Failure("", True, "", "", REASONS["undefined"])], list(bounce.original_to))


def _failure(one: Bounced) -> Failure:
    code = f"{one.reply_code} {one.status}".strip()
    return Failure(one.recipient, one.permanent, code, one.status, REASONS.get(one.reason, REASONS["undefined"]))
