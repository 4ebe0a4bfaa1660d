"""Tell everybody who is affected, after a person's word: one text, each by their own way and in their language, once each.

A job does it in slices (`run`), each ticket in a transaction of its own; until the pause is over it can all be taken back.
"""

import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Trouble
from towerdesk.problems.models import Telling, Told
from towerdesk.problems.telling.text import checked, filled
from towerdesk.problems.telling.whom import affected, heard
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.restore import changes_between, restore, snapshot
from towerdesk.tickets.withdraw import take_back

UNDO = timedelta(minutes=2)
AT_ONCE, SECONDS = 50, 4.0
WAITS_FOR = timedelta(days=1)
"""When somebody looks again at a ticket that waits for a problem to be solved."""


def tell(problem: Ticket, kind: str, texts: Mapping[str, str], *, by: Actor, tells_new: bool = False) -> Telling:
    """Begin. Whoever has heard the same of this problem before is not told again."""
    by.must("problem.tell")
    by.must("ticket.reply")
    said = checked(dict(texts))
    with transaction.atomic():
        problem.hold()
        if Telling.objects.filter(ticket=problem, state="running").exists():
            raise Conflict("Somebody is telling them just now: wait until that is done.")
        before = heard(problem, kind)
        whom = [one for one in affected(problem, kind, by) if one.ticket.pk not in before]
        if not any(one.result == "told" for one in whom):
            raise Invalid("Nobody is left to be told: see why beside each of them.")
        Telling.objects.filter(ticket=problem, tells_new=True).update(tells_new=False)
        telling = Telling.objects.create(
            ticket=problem,
            kind=kind,
            texts=said,
            tells_new=tells_new and kind == "known",
            pause=int(UNDO.total_seconds()),
            by_kind=by.kind,
            by_id=by.id,
            by_name=by.name[:200],
            at=now(),
        )
        rows = [
            Told(
                telling=telling,
                person_id=one.ticket.requester_id,
                ticket=one.ticket,
                result="todo" if one.result == "told" else one.result,
                why=one.why,
                at=now(),
            )
            for one in whom
        ]
        Told.objects.bulk_create(rows)
        people = sum(row.result == "todo" for row in rows)
        record("telling.started", by=by, ticket=problem.pk, subject=telling.pk, what=kind, people=people)
    return telling


def stop(telling: Telling, *, by: Actor) -> None:
    """Nobody else is told, and whatever has not left stays here; their tickets are what they were."""
    by.must("problem.tell")
    with transaction.atomic():
        held = Telling.objects.select_for_update().get(pk=telling.pk)
        if held.state == "stopped":
            raise Conflict("This was stopped already.")
        held.state, held.ended_at, held.tells_new = "stopped", now(), False
        held.save(update_fields=["state", "ended_at", "tells_new"])
        Told.objects.filter(telling=held, result="todo").update(result="stopped")
        record("telling.stopped", by=by, ticket=held.ticket_id, subject=held.pk)
    for row in Told.objects.filter(telling=held, result__in=("told", "beside")).select_related("ticket", "message"):
        _take_back(row, by)


def run(number: int) -> bool:
    """Works for a few seconds; True when there is more to do. Safe to repeat."""
    telling = Telling.objects.select_related("ticket").filter(pk=number, state="running").first()
    if telling is None:
        return False
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        rows = list(telling.told.filter(result="todo").order_by("id").values_list("pk", flat=True)[:AT_ONCE])
        if not rows:
            _end(telling)
            return False
        for pk in rows:
            _one(pk, telling)
    return True


def who_told(telling: Telling) -> Actor:
    """Whoever approved it, with the rights that they have now."""
    user = User.objects.filter(pk=telling.by_id or 0).first() if telling.by_kind == "agent" else None
    return actors.agent(user) if user else Actor("agent", telling.by_id, telling.by_name)


def _one(pk: int, telling: Telling) -> None:
    by = who_told(telling)
    try:
        with transaction.atomic():
            row = Told.objects.select_for_update().select_related("ticket__requester").get(pk=pk)
            if row.result != "todo":
                return
            ticket = row.ticket.hold()
            before = snapshot(ticket)
            pause = timedelta(seconds=telling.pause)
            row.message = reply(ticket, filled(telling.texts, ticket, by), by=by, then="keep", pause=pause)
            _move_on(ticket, telling, by)
            row.result, row.changed = "told", changes_between(before, snapshot(ticket))
            row.save(update_fields=["message", "result", "changed"])
    except Trouble as trouble:
        Told.objects.filter(pk=pk, result="todo").update(result="failed", why=str(trouble)[:300])


def _move_on(ticket: Ticket, telling: Telling, by: Actor) -> None:
    """It waits for the problem to be solved; or it is resolved, and the customer's answer confirms or reopens it.

    Of somebody who tells a hundred people at once no field of each ticket is demanded, as of the clock none is.
    """
    for_all = Actor("clock", None, by.name, by.permissions, by.teams)
    if telling.kind == "over":
        resolve(ticket, f"Solved with {telling.ticket.number}", by=for_all)
    else:
        waits(ticket, telling.ticket, for_all)


def waits(ticket: Ticket, problem: Ticket, by: Actor) -> None:
    until = f"Waits until {problem.number} is solved"
    change(ticket, status="hold", next_step=until, due_at=now() + WAITS_FOR, step_kind="others", by=by)


def _end(telling: Telling) -> None:
    """Other tickets of those who were told go the same way, without another message."""
    by = who_told(telling)
    for row in telling.told.filter(result="beside").select_related("ticket"):
        try:
            with transaction.atomic():
                before = snapshot(row.ticket.hold())
                if row.ticket.is_waiting:
                    _move_on(row.ticket, telling, by)
                row.changed = changes_between(before, snapshot(row.ticket))
                row.save(update_fields=["changed"])
        except Trouble as trouble:
            Told.objects.filter(pk=row.pk).update(why=str(trouble)[:300])
    with transaction.atomic():
        if Telling.objects.filter(pk=telling.pk, state="running").update(state="done", ended_at=now()):
            told = telling.told.filter(result="told").count()
            record("telling.ended", by=by, ticket=telling.ticket_id, subject=telling.pk, people=told)


def _take_back(row: Told, by: Actor) -> None:
    with transaction.atomic():
        ticket = row.ticket.hold()
        if row.message and not take_back(ticket, row.message, f"{by.name} took it back", by=by):
            row.why = "It had left already."
        else:
            restore(ticket, row.changed, "what everybody was told", by=by)
            row.result = "stopped"
        row.save(update_fields=["result", "why"])
