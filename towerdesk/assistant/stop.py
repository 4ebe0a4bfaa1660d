"""The kill switch: from one moment to the next the assistant thinks, says and does nothing, on the whole desk."""

import contextlib

from django.db import transaction

from towerdesk.accounts.halt import STOPPED, halted
from towerdesk.accounts.models import Halt
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.lib.locks import one_at_a_time
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.models import Message
from towerdesk.tickets.withdraw import withdraw


def stop(why: str = "", *, by: Actor) -> Halt:
    """What it queued and has not sent is taken back, and people have those tickets. Again is no error."""
    by.must("assistant.stop")
    with transaction.atomic():
        one_at_a_time("assistant halt")
        held = halted()
        if held is None:
            held = Halt.objects.create(at=now(), by_name=by.name[:200], why=one_line(storable(why), 300))
            record("assistant.stopped", by=by, subject=held.pk, why=held.why)
    take_back_all(by=by)
    return held


def start(why: str = "", *, by: Actor) -> None:
    """It goes on with what comes in from now on; what came in meanwhile stays with people."""
    by.must("assistant.start")
    with transaction.atomic():
        one_at_a_time("assistant halt")
        held = halted()
        if held is None:
            return
        Halt.objects.filter(pk=held.pk).update(lifted_at=now(), lifted_by=by.name[:200])
        record("assistant.started", by=by, subject=held.pk, why=one_line(storable(why), 300))


def take_back_all(*, by: Actor) -> int:
    """Each in a transaction of its own. What is missed here is taken back when it is about to leave."""
    waiting = Message.objects.filter(author_kind="assistant", direction="out", delivery="queued").select_related(
        "ticket"
    )
    taken = 0
    for message in waiting.order_by("id").iterator(chunk_size=200):
        with contextlib.suppress(Conflict):  # on its way already, or its ticket was closed
            withdraw(message, STOPPED, by=by)
            taken += 1
    return taken
