"""Keep what arrived, as bytes, before anything is understood. Every door ends here."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from towerdesk.channels.doors import Piece
from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import NotFound
from towerdesk.lib.text import plain_address, storable


def store(
    content: bytes,
    inbox: Inbox,
    *,
    door: str,
    envelope: Mapping[str, Any],
    delivery: str | None = None,
    by: Actor = CLOCK,
) -> Raw:
    """Once this has returned (and any transaction around it is committed) the arrival can't be lost.

    `envelope`: what the door knows and the bytes don't: from, to (list), ip, helo, path. The job that reads it is
    deferred in the same transaction. `smtpd` writes the same rows with one statement of its own. Raises
    `IntegrityError` when the same `delivery` (`delivery_key`) of this inbox is stored already.
    """
    with transaction.atomic():
        raw = Raw.objects.create(
            inbox=inbox,
            door=door,
            arrived_at=now(),
            content=content,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            delivery=delivery,
            envelope=dict(envelope),
        )
        record("raw.arrived", by=by, subject=raw.pk, inbox=inbox.pk, door=door)
    return raw


def store_pieces(pieces: Iterable[Piece], inbox: Inbox, *, door: str) -> int:
    """Keep whatever is not there yet, all or nothing; how many that were."""
    try:
        return _store_new(pieces, inbox, door)
    except IntegrityError:
        return _store_new(pieces, inbox, door)  # the same delivery came twice at once: by now it is there


@transaction.atomic
def _store_new(pieces: Iterable[Piece], inbox: Inbox, door: str) -> int:
    """A provider delivers at least once; later copies of a delivery, and those in the same call, are passed over."""
    by_key = {delivery_key(piece) or f"{place}": piece for place, piece in enumerate(pieces)}
    there = set(Raw.objects.filter(inbox=inbox, delivery__in=by_key).values_list("delivery", flat=True))
    new = [piece for key, piece in by_key.items() if key not in there]
    for piece in new:
        envelope = {name: storable(value) for name, value in piece.envelope.items()}
        store(piece.content, inbox, door=door, envelope=envelope, delivery=delivery_key(piece))
    return len(new)


def delivery_key(piece: Piece) -> str | None:
    return hashlib.sha256(piece.id.encode("utf-8", "replace")).hexdigest() if piece.id else None


def inbox_for(addresses: Iterable[str]) -> Inbox:
    """The inbox of the first address that is ours, plus parts ignored; else one of its domain; else the first inbox.

    Only inboxes for mail count.
    """
    inboxes = list(Inbox.objects.select_related("team").filter(channel="email").order_by("pk"))
    if not inboxes:
        raise NotFound("There is no inbox yet: make one first.")
    asked = [plain_address(address) for address in addresses]
    by_address = {plain_address(inbox.address): inbox for inbox in reversed(inboxes)}
    by_domain = {inbox.domain.lower(): inbox for inbox in reversed(inboxes)}
    exact = (by_address[address] for address in asked if address in by_address)
    near = (by_domain[domain] for address in asked if (domain := address.rpartition("@")[2]) in by_domain)
    return next(exact, None) or next(near, None) or inboxes[0]
