"""What putting a change of a procedure in costs: the licences to act that end with it, and what earns them again."""

from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q

from towerdesk.assistant import betting
from towerdesk.assistant.models import Licence
from towerdesk.assistant.policy import ALPHA, DELTA
from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.lib.clock import now
from towerdesk.rehearsal.models import Draft
from towerdesk.tickets.models import Intent


@dataclass(frozen=True, slots=True)
class Price:
    """Of one intent: the licence that ends, if it has one, and how many grades without an error earn the next at best."""

    intent: Intent
    licence: Licence | None
    alpha: float
    needed: int


def prices(draft: Draft) -> list[Price]:
    """Of the intents that the procedure is for, and would be for."""
    slugs = set(draft.procedure.intents) if draft.procedure else set()
    with suppress(Faulty):
        slugs |= set(read_procedure(draft.text).intents)
    return [_price(intent) for intent in Intent.objects.filter(slug__in=slugs, active=True).order_by("name")]


def _price(intent: Intent) -> Price:
    theirs = Licence.objects.filter(Q(intent=intent) | Q(intent=None, members=intent), kind="action", ended_at=None)
    licence = theirs.filter(expires_at__gt=now()).order_by("-intent").first()
    alpha = ALPHA[intent.risk]
    return Price(intent, licence, alpha, betting.needed(0, alpha, DELTA))
