"""A desk that is new has one team and one inbox, so that the first mail has somewhere to go."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor

FALLBACK = "towerdesk.local"


def first_inbox(address: str = "", *, by: Actor = CLOCK) -> Inbox:
    """The first inbox for mail there is; made when there is none. Until it is changed it takes mail for whatever address."""
    by.must("inbox.change")
    with transaction.atomic():
        known = Inbox.objects.select_related("team").filter(channel="email").order_by("pk").first()
        if known:
            return known
        team = Team.objects.order_by("pk").first() or Team.objects.create(name="Support", slug="support")
        wanted = (address or f"support@{_domain()}").lower()
        made, is_new = Inbox.objects.get_or_create(
            address=wanted, defaults={"name": "Support", "team": team, "settings": {"catch_all": True}}
        )
        if is_new:
            record("inbox.opened", by=by, subject=made.pk, address=made.address)
    return made


def _domain() -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() else FALLBACK
