"""What a person wants to happen at an issue tracker is written down, and done by a job: create, link, comment, close, open."""

from secrets import token_hex
from typing import Any

from django.db import transaction

from towerdesk.connectors.contract import FateUnknown, NotDone
from towerdesk.connectors.models import Connection
from towerdesk.connectors.registry import account_of
from towerdesk.connectors.trackers.contract import MARKED
from towerdesk.connectors.trackers.registry import of
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Unavailable
from towerdesk.lib.text import one_line, storable
from towerdesk.problems.issues.state import take_state
from towerdesk.problems.models import Bug, Issue, Push
from towerdesk.problems.models.issue import PUSHES

MOST = 60_000  # characters of an issue's body or a comment


def create_issue(bug: Bug, connection: Connection, title: str, body: str, *, by: Actor) -> Push:
    """An issue is created once: while one is on its way, or nobody knows whether it came about, there is no other."""
    by.must("issue.write")
    title, body = one_line(storable(title), 250), storable(body).strip()
    if not title or not body:
        raise Invalid("An issue needs a title and a text.")
    with transaction.atomic():
        bug.ticket.hold()
        _must_be_on(connection)
        if bug.issues.filter(connection=connection).exists():
            raise Conflict(f"This bug has an issue at {connection} already.")
        if bug.pushes.filter(connection=connection, what="create", fate__in=("waits", "claimed", "unknown")).exists():
            raise Conflict(f"An issue at {connection} is being created already.")
        return _plan(bug, connection, None, "create", {"title": title, "body": body[:MOST]}, by)


def link_issue(bug: Bug, connection: Connection, typed: str, *, by: Actor) -> Issue:
    """One that is there already. Asks the tracker, outside of any transaction."""
    by.must("issue.write")
    _must_be_on(connection)
    try:
        said = of(connection).named(account_of(connection), typed)
    except (NotDone, FateUnknown) as error:
        raise Unavailable(str(error)) from None
    with transaction.atomic():
        bug.ticket.hold()
        there = Issue.objects.filter(connection=connection, remote=said.remote).first()
        if there and there.bug_id != bug.pk:
            raise Conflict(f"{there.key} belongs to bug {there.bug_id} already.")
        return take_state(bug, connection, said, by=by)


def unlink_issue(issue: Issue, *, by: Actor) -> None:
    """The issue itself stays where it is."""
    by.must("issue.write")
    with transaction.atomic():
        if not Issue.objects.filter(pk=issue.pk).delete()[0]:
            raise NotFound("This link was taken away already.")
        record("issue.unlinked", by=by, ticket=issue.bug_id, key=issue.key)


def comment_issue(issue: Issue, text: str, *, by: Actor) -> Push:
    by.must("issue.write")
    if not text.strip():
        raise Invalid("The comment is empty: write something first.")
    with transaction.atomic():
        _must_be_on(issue.connection)
        return _plan(issue.bug, issue.connection, issue, "comment", {"body": storable(text).strip()[:MOST]}, by)


def move_issues(bug: Bug, state: str, *, by: Actor, cause: Event | None = None) -> list[Push]:
    """Our own state changed: issues that are not so already follow. What came from there finds them so, and sends nothing."""
    what = "reopen" if state == "open" else "close"
    wrong = [one for one in bug.issues.select_related("connection") if (one.state == "open") != (state == "open")]
    made = []
    with transaction.atomic():
        bug.pushes.filter(what__in=("close", "reopen"), fate="waits").update(fate="failed", why="The bug changed again")
        for issue in wrong:
            if issue.connection.active:
                made.append(_plan(bug, issue.connection, issue, what, {"state": state}, by, cause))
    return made


def settle_push(push: Push, happened: bool, *, by: Actor) -> None:
    """A person looked there and says what became of it."""
    by.must("issue.write")
    with transaction.atomic():
        held = Push.objects.select_for_update().get(pk=push.pk)
        if held.fate not in ("unknown", "failed"):
            raise Conflict("It is known by now what became of this.")
        held.fate, held.why = ("done", f"{by.name} found it there") if happened else ("failed", f"{by.name}: not there")
        held.save(update_fields=["fate", "why"])


def _plan(
    bug: Bug,
    connection: Connection,
    issue: Issue | None,
    what: str,
    said: dict[str, Any],
    by: Actor,
    cause: Event | None = None,
) -> Push:
    push = Push.objects.create(
        bug=bug,
        connection=connection,
        issue=issue,
        what=what,
        said=said,
        mark=f"{MARKED}{token_hex(8)}",
        by_name=by.name[:200],
        at=now(),
    )
    wish = dict(PUSHES)[what].lower()
    record("issue.asked", by=by, ticket=bug.pk, subject=push.pk, cause=cause, tracker=str(connection), what=wish)
    return push


def _must_be_on(connection: Connection) -> None:
    if not connection.active:
        raise Conflict(f"{connection} is switched off: see Settings → Issue trackers.")
