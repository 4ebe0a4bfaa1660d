"""Keep what arrived, as bytes, before anything is understood. Every door ends here."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import NotFound
from towerdesk.lib.text import plain_address


def store(content: bytes, inbox: Inbox, *, door: str, envelope: dict[str, Any], by: Actor = CLOCK) -> Raw:
    """Once this has returned (and any transaction around it is committed) the mail can't be lost.

    `envelope`: what the door knows and the bytes don't: from, to (list), ip, helo, path. The job that reads the mail is
    deferred in the same transaction. `smtpd` writes the same rows with one statement of its own.
    """
    with transaction.atomic():
        raw = Raw.objects.create(
            inbox=inbox,
            door=door,
            arrived_at=now(),
            content=content,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            envelope=envelope,
        )
        record("raw.arrived", by=by, subject=raw.pk, inbox=inbox.pk, door=door)
    return raw


def inbox_for(addresses: Iterable[str]) -> Inbox:
    """The inbox of the first address that is ours, plus parts ignored; else one of its domain; else the first inbox."""
    inboxes = list(Inbox.objects.select_related("team").order_by("pk"))
    if not inboxes:
        raise NotFound("There is no inbox yet: make one first.")
    asked = [plain_address(address) for address in addresses]
    by_address = {plain_address(inbox.address): inbox for inbox in reversed(inboxes)}
    by_domain = {inbox.domain.lower(): inbox for inbox in reversed(inboxes)}
    exact = (by_address[address] for address in asked if address in by_address)
    near = (by_domain[domain] for address in asked if (domain := address.rpartition("@")[2]) in by_domain)
    return next(exact, None) or next(near, None) or inboxes[0]
