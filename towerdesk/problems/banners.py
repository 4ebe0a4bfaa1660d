"""Show a banner, stop it, and say which are shown."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.problems.models import Banner
from towerdesk.problems.models.banner import PLACES
from towerdesk.tickets.models import Ticket

STANDS = 5.0
"""Seconds: every page asks for them, and there is hardly ever one."""
MOST_STANDING = 50
_known: tuple[float, list[Banner]] | None = None
MOST = 300
"""Characters of a banner in one language: whoever wants to say more writes an article."""


def show_banner(
    texts: Mapping[str, str],
    places: Iterable[str],
    *,
    by: Actor,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    ticket: Ticket | None = None,
) -> Banner:
    by.must("problem.tell")
    said = {language: one_line(storable(text), MOST + 1) for language, text in texts.items() if text.strip()}
    where = [place for place in PLACES if place in set(places)]
    starts = starts_at or now()
    _must_make_sense(said, where, starts, ends_at)
    with transaction.atomic():
        banner = Banner.objects.create(
            texts=said,
            places=where,
            starts_at=starts,
            ends_at=ends_at,
            ticket=ticket,
            by_name=by.name[:200],
            created_at=now(),
        )
        forget()
        transaction.on_commit(forget)
        record("banner.shown", by=by, ticket=ticket.pk if ticket else None, subject=banner.pk, text=str(banner))
    return banner


def stop_banner(banner: Banner, *, by: Actor) -> None:
    by.must("problem.tell")
    with transaction.atomic():
        held = Banner.objects.select_for_update().get(pk=banner.pk)
        if held.state in ("stopped", "over"):
            raise Conflict("This banner is not shown any more.")
        held.stopped_at, held.stopped_by = now(), by.name[:200]
        held.save(update_fields=["stopped_at", "stopped_by"])
        forget()
        transaction.on_commit(forget)
        record("banner.stopped", by=by, ticket=held.ticket_id, subject=held.pk, text=str(held))


def stop_banners_of(problem: Ticket, *, by: Actor) -> int:
    """What is solved is not announced any more."""
    standing = list(problem.banners.shown(now()))
    for banner in standing:
        stop_banner(banner, by=by if by.can("problem.tell") else CLOCK)
    return len(standing)


def banners_at(place: str) -> list[Banner]:
    """Those that are shown there now, the newest first. Another process may not have heard of a change for `STANDS`."""
    at = time.monotonic()
    if _known is None or at - _known[0] > STANDS:
        remember([*_standing()], at)
    return [banner for banner in (_known[1] if _known else []) if place in banner.places and banner.state == "shown"]


def remember(banners: list[Banner], at: float) -> None:
    global _known
    _known = (at, banners)


def forget() -> None:
    global _known
    _known = None


@compiled
def _standing() -> "QuerySet[Banner]":
    return Banner.objects.filter(stopped_at=None).order_by("-starts_at", "-id")[:MOST_STANDING]


def _must_make_sense(texts: Mapping[str, str], places: list[str], starts: datetime, ends: datetime | None) -> None:
    if not texts:
        raise Invalid("Say what the banner says.", {"text": "Write one sentence."})
    if any(len(text) > MOST for text in texts.values()):
        raise Invalid(
            f"A banner has at most {MOST} characters: write an article for more.", {"text": "Make it shorter."}
        )
    if not places:
        raise Invalid("Choose at least one place where it is shown.", {"places": "Choose one."})
    if ends is not None and ends <= max(starts, now()):
        raise Invalid("The end must lie after the beginning, and not in the past.", {"ends_at": "Choose a later time."})
