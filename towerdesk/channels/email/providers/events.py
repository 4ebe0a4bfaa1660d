"""What a provider says became of a mail of ours: an `Incoming` like a bounce, a status, or nothing that the desk acts on."""

import json
from collections.abc import Sequence
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType

from towerdesk.channels.contract import Failure, Incoming, Undelivered
from towerdesk.channels.email.address import messages_named
from towerdesk.channels.email.bouncing.diagnosis import find_status, reason_of, reply_code
from towerdesk.channels.email.bouncing.reasons import REASONS
from towerdesk.channels.email.providers import provider_named
from towerdesk.channels.email.providers.provider import Provider
from towerdesk.lib.text import one_line

LOST = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
SAID = {
    EventType.QUEUED: "It says that the provider has taken a mail.",
    EventType.SENT: "It says that the provider has sent a mail.",
    EventType.OPENED: "It says that a picture of a mail was fetched, which programs do, too.",
    EventType.CLICKED: "It says that a link in a mail was followed, which programs do, too.",
    EventType.UNSUBSCRIBED: "Somebody wants no more mailings of the provider's lists.",
    EventType.SUBSCRIBED: "Somebody wants mailings of the provider's lists.",
    EventType.AUTORESPONDED: "It says that a machine answered a mail.",
}
UNKNOWN = "{} tells of something that the desk does not know. It is kept as it came."
COMPLAINED = "Somebody reported a mail of ours as spam."


def read_event(content: bytes, named: str) -> Incoming:
    """Never raises, whatever the provider thinks up."""
    speaks = provider_named(named)
    unknown = UNKNOWN.format(speaks.title if speaks else "A provider")
    if speaks is None:
        return Incoming(happening="unknown", said=unknown)
    try:
        event = json.loads(content)
        if url := speaks.asks_to_confirm(event):
            return Incoming(happening="handshake", about=url)
        told = [one for one in speaks.told(event) if one.event_type]
        return _incoming(speaks, event, told) if told else Incoming(happening="unknown", said=unknown)
    except Exception:
        return Incoming(happening="unknown", said=unknown)


def _incoming(speaks: Provider, event: dict[str, Any], told: Sequence[AnymailTrackingEvent]) -> Incoming:
    first = told[0]
    ids = list(dict.fromkeys(speaks.ids(event, first)))
    people = [str(one.recipient).strip().lower() for one in told if one.recipient]
    said = Incoming(
        at=first.timestamp,
        subject=f"{speaks.title}: {first.event_type}",
        answers=ids,
        ours=messages_named((), ids),
        about=next(iter(ids), ""),
    )
    if first.event_type in LOST or first.event_type == EventType.DEFERRED:
        said.auto, said.why_auto = "bounce", "It says that a mail did not arrive."
        said.undelivered = Undelivered([_failure(one) for one in told], people)
    elif first.event_type == EventType.COMPLAINED:
        said.auto, said.why_auto, said.undelivered = "complaint", COMPLAINED, Undelivered((), people)
    elif first.event_type == EventType.DELIVERED:
        said.happening, said.status = "status", "delivered"
    else:
        said.happening = "unknown"
        said.said = SAID.get(first.event_type, UNKNOWN.format(speaks.title))
    return said


def _failure(one: AnymailTrackingEvent) -> Failure:
    """In the words that bounces have; where those say nothing, in the provider's."""
    permanent = one.event_type in LOST
    words = " ".join(str(said) for said in (one.mta_response, one.description) if said)
    code = reply_code(words)
    status = find_status("", words, code)
    reason = reason_of(words, status)
    sentence = REASONS[reason] if reason != "undefined" else one_line(words, 200) or _by_kind(one)
    return Failure(str(one.recipient or "").strip().lower(), permanent, f"{code} {status}".strip(), status, sentence)


def _by_kind(one: AnymailTrackingEvent) -> str:
    if one.event_type == EventType.REJECTED:
        return "The provider does not send to this address"
    return REASONS["undefined"]
