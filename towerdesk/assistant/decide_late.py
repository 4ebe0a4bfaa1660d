"""What came in before anything was learnt was left to people unread: once something is learnt, it is decided on then."""

from datetime import timedelta

import structlog
from django.db.models import Exists, OuterRef, QuerySet

from towerdesk.assistant.brain import Heads, heads_reading
from towerdesk.assistant.consider import consider, fingerprint
from towerdesk.assistant.memory import Memory
from towerdesk.assistant.models import Run
from towerdesk.assistant.score import ANSWER, Scorer
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.tickets.models import Message

LATE = timedelta(days=1)
"""Whoever has waited for longer is answered by a person, who has read it by then."""
MOST = 500

log = structlog.get_logger()


def decide_late() -> int:
    """To be called whenever something was learnt: looks at every run. Returns how many were decided on.

    Never over a person: not where one of ours has written or said what it is about, nor where it waits for anything
    but our answer; and where somebody has the ticket, it is at most a suggestion (`policy.by_licence`).
    """
    model = embedder()
    if heads_reading(model).intents is None:
        return 0
    late = list(_late(model)[:MOST])
    return sum(_decide(run) for run in late)


def _late(model: Embedder) -> "QuerySet[Run]":
    untaught = Heads(None, Scorer.prior(ANSWER), Memory.empty())
    unread = Run.objects.current().filter(intent=None, fingerprint=fingerprint(untaught, model), at__gt=now() - LATE)
    left = unread.filter(ticket__step_kind="answer", ticket__intent=None, ticket__person_asked_at=None)
    later = Message.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("message"))
    return left.filter(~Exists(later)).select_related("message").order_by("pk")


def _decide(run: Run) -> bool:
    """With the ticket as it is now. One that fails holds up none of the others."""
    message = Message.objects.select_related("ticket__inbox", "ticket__assignee").get(pk=run.message_id)
    try:
        return consider(message, again=True) is not None
    except Exception:
        log.exception("what came in before anything was learnt stays with people", message=run.message_id)
        return False
