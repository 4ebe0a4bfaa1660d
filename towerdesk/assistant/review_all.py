"""The hourly look at all evidence: each intent's licence, each pool's, and what runs out soon."""

from towerdesk.assistant.licences import review, warn_of_ends
from towerdesk.assistant.models import KINDS, Run
from towerdesk.assistant.pools import review_pools
from towerdesk.tickets.models import Intent


def review_all() -> None:
    """Pools after the intents: one that has just lost its own licence is no longer among those that may send.

    They are of answers only: each procedure decides by itself.
    """
    for kind, _ in KINDS:
        decided = Run.objects.filter(kind=kind).exclude(intent=None).values("intent")
        for intent in Intent.objects.filter(active=True, pk__in=decided):
            review(intent, kind)
    review_pools()
    warn_of_ends()
