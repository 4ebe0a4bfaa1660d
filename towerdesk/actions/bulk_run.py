"""Do a slice of a bulk edit, or of its undoing: each ticket is a transaction of its own. Safe to repeat."""

import time
from datetime import timedelta

from django.db import transaction

from towerdesk.accounts import actors
from towerdesk.accounts.keys import actor_again
from towerdesk.accounts.models import User
from towerdesk.actions.bulk import Fill, as_said, progress
from towerdesk.actions.models import Bulk, BulkItem
from towerdesk.actions.perform import perform
from towerdesk.actions.vocabulary import Reply
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.restore import changes_between, restore, snapshot
from towerdesk.tickets.unmerge import unmerge
from towerdesk.tickets.withdraw import take_back

AT_ONCE = 50  # tickets between two looks at the clock
SECONDS = 4.0  # then other jobs get their turn

BESIDE = {"note", "watch", "tell", "link", "checklist", "ask_assistant"}
"""Words that write beside the ticket's own columns: that stays when the rest is undone."""
GONE = "The ticket is no longer there, or not for you."


def run(bulk_id: int, fill: Fill = as_said) -> bool:
    """Works for a few seconds; True when there is more to do."""
    bulk = Bulk.objects.filter(pk=bulk_id, state__in=("running", "undoing")).first()
    if bulk is None:
        return False
    by, until = _actor(bulk), time.monotonic() + SECONDS
    todo = "todo" if bulk.state == "running" else "done"
    while time.monotonic() < until:
        items = list(bulk.items.filter(result=todo).order_by("id")[:AT_ONCE])
        if not items:
            _end(bulk, by)
            return False
        for item in items:
            _one(item, bulk, by, fill, todo)
    return True


def _one(item: BulkItem, bulk: Bulk, by: Actor, fill: Fill, todo: str) -> None:
    try:
        with transaction.atomic():
            held = BulkItem.objects.select_for_update().filter(pk=item.pk, result=todo).first()
            if held is None:
                return
            ticket = Ticket.objects.visible_to(by).for_strips().filter(pk=held.ticket_id).first()
            if ticket is None:
                held.result, held.why = "failed" if todo == "todo" else "kept", GONE
            elif todo == "todo":
                _do(held, ticket, bulk, by, fill)
            else:
                _undo(held, ticket, bulk, by)
            held.save(update_fields=["result", "why", "changed", "reply"])
    except Trouble as trouble:
        result = "failed" if todo == "todo" else "kept"
        BulkItem.objects.filter(pk=item.pk, result=todo).update(result=result, why=str(trouble)[:300])


def _do(item: BulkItem, ticket: Ticket, bulk: Bulk, by: Actor, fill: Fill) -> None:
    before = snapshot(ticket.hold())
    for action in fill(bulk.actions, ticket, by):
        if isinstance(action, Reply):
            item.reply = _reply(action, ticket, bulk, by)
        else:
            perform(action, ticket, by=by)
    item.changed = changes_between(before, snapshot(ticket))
    leaves_traces = {said["do"] for said in bulk.actions} & BESIDE
    item.result = "done" if item.changed or item.reply_id or leaves_traces else "same"


def _reply(action: Reply, ticket: Ticket, bulk: Bulk, by: Actor) -> Message:
    by.must(action.permission)
    return reply(ticket, action.text, then=action.then, pause=timedelta(seconds=bulk.pause), by=by)


def _undo(item: BulkItem, ticket: Ticket, bulk: Bulk, by: Actor) -> None:
    ticket.hold()
    if item.reply is not None and not take_back(ticket, item.reply, f"{by.name} took it back", by=by):
        item.result, item.why = "kept", "The reply had left already."
        return
    if ticket.merged_into_id and any(said["do"] == "merge" for said in bulk.actions):
        unmerge(ticket, by=by)
        item.result = "undone"
        return
    put = restore(ticket, item.changed, f"“{bulk.says}”", by=by)
    item.result = "undone" if put or item.reply_id else "kept"
    item.why = "" if item.result == "undone" else "Somebody has changed it since, or it leaves nothing to undo."


def _end(bulk: Bulk, by: Actor) -> None:
    with transaction.atomic():
        ended = "done" if bulk.state == "running" else "undone"
        if Bulk.objects.filter(pk=bulk.pk, state=bulk.state).update(state=ended, ended_at=now()):
            record("bulk.ended", by=by, subject=bulk.pk, results=progress(bulk))


def _actor(bulk: Bulk) -> Actor:
    """Whoever began it, with the rights that they have now."""
    if bulk.by_kind == "agent":
        user = User.objects.filter(pk=bulk.by_id or 0).first()
        return actors.agent(user) if user else Actor("agent", bulk.by_id, bulk.by_name)
    return actor_again(bulk.by_id or 0) or Actor("key", bulk.by_id, bulk.by_name)
