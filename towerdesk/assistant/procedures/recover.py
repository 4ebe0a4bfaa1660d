"""Go on with runs that were acting when their process died, and with those whose other system has answered since."""

from datetime import timedelta

import structlog

from towerdesk.accounts import actors
from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.accounts.models import User
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.policy import WANTS_PERSON
from towerdesk.assistant.procedures.approve import finish
from towerdesk.assistant.procedures.runs import advance, hand_over
from towerdesk.connectors.models import Call
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble

SILENT_FOR = timedelta(minutes=3)
"""Longer than any run acts at a stretch."""
MOST = 50

log = structlog.get_logger()


def recover() -> int:
    """Run by the clock. How many were gone on with; a call that was made is found in the journal and not made again."""
    late = ProcedureRun.objects.filter(state__in=("acting", "waiting"), changed_at__lt=now() - SILENT_FOR)
    found = list(late.select_related("version__procedure", "ticket__requester", "intent").order_by("pk")[:MOST])
    return sum(_go_on(run) for run in found if not _is_undecided(run))


def _go_on(run: ProcedureRun) -> bool:
    by = _by(run)
    considered = Run.objects.filter(procedure_run=run).order_by("-id").select_related("ticket", "intent").first()
    if by is None or considered is None:
        return False
    if by.kind == "assistant" and run.ticket.person_asked_at:
        hand_over(run, WANTS_PERSON)
        return True
    try:
        finish(considered, advance(run, by=by), by=by)
    except Trouble as trouble:
        log.warning("a procedure could not go on", run=run.pk, why=str(trouble))
        return False
    return True


def _is_undecided(run: ProcedureRun) -> bool:
    """A call of it waits for a person's word, or its fate is still being found out."""
    calls = Call.objects.filter(key__startswith=f"procedure:{run.pk}:")
    return calls.filter(state__in=("planned", "claimed", "unknown")).exists()


def _by(run: ProcedureRun) -> Actor | None:
    """In the name of whoever gave it leave."""
    kind, _, number = run.leave.partition(":")
    if kind != "agent":
        return THE_ASSISTANT
    user = User.objects.filter(pk=number).first()
    return actors.agent(user) if user else None
