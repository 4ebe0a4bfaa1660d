"""What putting a change of a procedure in costs: the licences to act that end with it, and what earns them again."""

from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q

from towerdesk.assistant import betting
from towerdesk.assistant.models import Licence, Run
from towerdesk.assistant.policy import ALPHA, DELTA
from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.lib.clock import now
from towerdesk.rehearsal.models import Draft
from towerdesk.tickets.models import Intent


@dataclass(frozen=True, slots=True)
class Price:
    """Of one intent: the licence that ends, if it has one, and how many grades without an error earn the next, at best."""

    intent: Intent
    licence: Licence | None
    alpha: float
    needed: int
    graded: int  # of the drawn decisions of the version that runs


def prices(draft: Draft) -> list[Price]:
    """Of the intents that the procedure is for, and would be for."""
    slugs = set(draft.procedure.intents) if draft.procedure else set()
    with suppress(Faulty):
        slugs |= set(read_procedure(draft.text).intents)
    running = draft.procedure.current_id if draft.procedure else None
    return [_price(intent, running) for intent in Intent.objects.filter(slug__in=slugs, active=True).order_by("name")]


def _price(intent: Intent, running: int | None) -> Price:
    theirs = Licence.objects.filter(Q(intent=intent) | Q(intent=None, members=intent), kind="action", ended_at=None)
    licence = theirs.filter(expires_at__gt=now()).order_by("-intent").first()
    alpha = ALPHA[intent.risk]
    counted = Run.objects.filter(
        intent=intent, kind="action", eligible=True, asked=True, procedure_run__version=running
    )
    graded = counted.exclude(grade=None).count() if running else 0
    return Price(intent, licence, alpha, betting.needed(0, alpha, DELTA), graded)
