"""May an address that somebody typed into a form get a confirmation? Whoever fills in forms could have others flooded."""

from datetime import timedelta

from towerdesk.channels.models import Inbox
from towerdesk.lib.clock import now
from towerdesk.lib.text import plain_address
from towerdesk.tickets.models import Confirmation

MOST_PER_HOUR, MOST_PER_DAY = 3, 8
MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces")


def may_confirm(address: str) -> str:
    """Empty when it may; else one sentence why not (RFC 3834: never answer machines, never one another in a loop)."""
    plain = plain_address(address)
    if plain.partition("@")[0] in MACHINES:
        return "It is the address of a machine."
    if any(plain_address(ours) == plain for ours in Inbox.objects.values_list("address", flat=True)):
        return "It is an address of ours."
    lately = Confirmation.objects.filter(address=address, outcome__in=("", "sent", "unsure"))
    if lately.filter(created_at__gt=now() - timedelta(hours=1)).count() >= MOST_PER_HOUR:
        return f"It got {MOST_PER_HOUR} confirmations within an hour."
    if lately.filter(created_at__gt=now() - timedelta(days=1)).count() >= MOST_PER_DAY:
        return f"It got {MOST_PER_DAY} confirmations within a day."
    return ""
