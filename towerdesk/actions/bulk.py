"""Begin a bulk edit, stop it, take it back. A job does the work in slices (`bulk_run`), so a page never waits for it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from towerdesk.actions.in_words import in_words
from towerdesk.actions.models import Bulk, BulkItem
from towerdesk.actions.preview import preview
from towerdesk.actions.vocabulary import Action, Split, read_actions, word
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.models import Ticket

MOST = 50_000  # tickets
ANSWERS_WAIT = timedelta(minutes=2)
"""How long the replies of a bulk edit can be taken back."""
NEVER = (Split,)  # names messages of one ticket

PUT_DOWN = """
INSERT INTO actions_bulkitem (bulk_id, ticket_id, result, why, changed)
SELECT %s, ticket, 'todo', '', '{}'::jsonb FROM unnest(%s::bigint[]) AS ticket
"""
"""One statement, whether three tickets were chosen or fifty thousand: a page waits for it."""

type Fill = Callable[[Any, Ticket, Actor], list[Action]]
"""Reads actions for one ticket, with the placeholders in their texts filled in."""


def as_said(said: Any, ticket: Ticket, by: Actor) -> list[Action]:
    return read_actions(said)


def start_bulk(tickets: "QuerySet[Ticket]", said: Any, *, by: Actor) -> Bulk:
    """`tickets` is narrowed to what the actor may see. Raises `Invalid` for actions that can't be, `Refused` as they do."""
    actions = _allowed(said, by)
    numbers = list(tickets.visible_to(by).order_by("id").values_list("pk", flat=True)[: MOST + 1])  # type: ignore[attr-defined]
    if not numbers or len(numbers) > MOST:
        raise Invalid(f"Choose between 1 and {MOST} tickets that you may see.")
    with transaction.atomic():
        bulk = Bulk.objects.create(
            actions=said,
            says=in_words(actions),
            pause=int(ANSWERS_WAIT.total_seconds()),
            by_kind=by.kind,
            by_id=by.id,
            by_name=by.name[:200],
        )
        with connection.cursor() as cursor:
            cursor.execute(PUT_DOWN, [bulk.pk, numbers])
        record("bulk.started", by=by, subject=bulk.pk, says=bulk.says, tickets=len(numbers))
    return bulk


def preview_bulk(
    tickets: Sequence[Ticket], said: Any, by: Actor, fill: Fill = as_said
) -> list[tuple[Ticket, list[str]]]:
    """What would happen to each of these, in sentences; read them with `for_strips()`."""
    _allowed(said, by)
    return [
        (ticket, [sentence for action in fill(said, ticket, by) for sentence in preview(action, ticket, by)])
        for ticket in tickets
    ]


def stop_bulk(bulk: Bulk, *, by: Actor) -> None:
    """What is done stays done; `undo_bulk` takes that back."""
    _allowed(bulk.actions, by)
    with transaction.atomic():
        held = _hold(bulk, "running")
        _stop(held)
        held.state, held.ended_at = "done", now()
        held.save(update_fields=["state", "ended_at"])
        record("bulk.ended", by=by, subject=bulk.pk, results=progress(bulk))


def undo_bulk(bulk: Bulk, *, by: Actor) -> None:
    """Each ticket gets back what it had, as far as nobody has changed it since; replies that have not left stay here."""
    _allowed(bulk.actions, by)
    with transaction.atomic():
        held = _hold(bulk, "running", "done")
        _stop(held)
        held.state, held.ended_at = "undoing", None
        held.save(update_fields=["state", "ended_at"])
        record("bulk.undone", by=by, subject=bulk.pk, says=bulk.says)


def progress(bulk: Bulk) -> dict[str, int]:
    """Result → how many tickets."""
    return dict(bulk.items.order_by().values_list("result").annotate(n=Count("id")))


def _allowed(said: Any, by: Actor) -> list[Action]:
    actions = read_actions(said)
    if not actions:
        raise Invalid("Say what to do with these tickets.")
    for action in actions:
        by.must(action.permission)
        if isinstance(action, NEVER):
            raise Invalid(f"“{word(type(action))}” is for one ticket at a time.")
    return actions


def _hold(bulk: Bulk, *states: str) -> Bulk:
    held = Bulk.objects.select_for_update().get(pk=bulk.pk)
    if held.state not in states:
        raise Conflict(f"This is {held.get_state_display().lower()} by now.")
    return held


def _stop(bulk: Bulk) -> None:
    waiting = bulk.items.filter(result="todo").select_for_update(skip_locked=True).values_list("pk", flat=True)
    BulkItem.objects.filter(pk__in=waiting).update(result="stopped")
