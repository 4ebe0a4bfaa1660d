"""A provider that tells only up to which moment all was delivered or read: that is said of each reply before it."""

from datetime import timedelta

from django.db import transaction

from towerdesk.channels.contract import Incoming
from towerdesk.intake.finish import finish
from towerdesk.intake.leaving import ours_in, wait_for_what_leaves
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import Actor
from towerdesk.tickets.arrive import arrive

SLACK = timedelta(seconds=10)
"""We write down when the provider had answered; its own clock says when it took the message, which is before that."""
LEFT = ("sent", "delivered", "read", "bounced", "unsure")
MOST = 50
"""Replies of a conversation, the newest first: what lies further back was read long ago."""
NOTHING = "It tells how far replies have come, and none had left by then."


def so_far(raw: Raw, incoming: Incoming, *, by: Actor) -> None:
    wait_for_what_leaves(raw, incoming)
    until = (incoming.at or raw.arrived_at) + SLACK
    left = ours_in(raw, incoming.conversation).filter(sent_at__lte=until, delivery__in=LEFT)
    with transaction.atomic():
        reached = list(left.select_related("ticket").order_by("-pk")[:MOST])[::-1]
        for message in reached:
            if incoming.status:
                arrive(message, incoming.status, reason=incoming.said.rstrip("."), by=by)
        if reached:
            said = f"It says that what we wrote until then was {incoming.status}."
            finish(raw, "message", said, incoming=incoming, ticket=reached[-1].ticket_id, by=by)
        else:
            finish(raw, "set_aside", NOTHING, incoming=incoming, by=by)
