"""Take over what a tracker tells of an issue: newer than what is known, and each comment once."""

from datetime import timedelta

from django.db import transaction

from towerdesk.connectors.models import Connection
from towerdesk.connectors.trackers.contract import CommentSaid, IssueSaid
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.problems.models import Bug, Comment, Issue, Push
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reopen import reopen

TELL_WITHIN = timedelta(hours=8)
"""Working people are to be told of a fix on the same day."""
LONGEST = 20_000


def take_state(bug: Bug, connection: Connection, said: IssueSaid, *, by: Actor) -> Issue:
    """Make the issue, or bring it up to date. Call with the bug's ticket held, or take what `heard` does."""
    issue = Issue.objects.filter(connection=connection, remote=said.remote).first()
    if issue is None:
        issue = Issue(bug=bug, connection=connection, remote=said.remote, created_at=now())
        _fill(issue, said)
        issue.save()
        record("issue.linked", by=by, ticket=bug.pk, subject=issue.pk, key=issue.key, tracker=str(connection))
        return issue
    _fill(issue, said)
    issue.save()
    return issue


def heard(issue: Issue, said: IssueSaid, *, by: Actor = CLOCK) -> bool:
    """True when something changed. Of two tellings the newer one counts, in whatever order they come."""
    with transaction.atomic():
        issue.bug.ticket.hold()
        held = Issue.objects.select_for_update().get(pk=issue.pk)
        if held.changed_at and said.changed_at < held.changed_at:
            return False
        was = held.state
        _fill(held, said)
        held.save()
        if held.state == was:
            return False
        record(
            "issue.changed", by=by, ticket=held.bug_id, subject=held.pk, key=held.key, says=held.says, state=held.state
        )
        _follow(issue.bug.ticket, held, was)
    return True


def heard_comment(issue: Issue, said: CommentSaid) -> bool:
    """True when it is new. One of our own has the mark of what we wrote, or was written down when the tracker took it."""
    ours = any(one.mark in said.text for one in _our_comments(issue))
    text = _without_marks(storable(said.text), issue)[:LONGEST]
    with transaction.atomic():
        values = {"author": one_line(storable(said.author), 200), "text": text, "at": said.at, "ours": ours}
        _, is_new = Comment.objects.get_or_create(issue=issue, remote=said.remote[:200], defaults=values)
        if is_new and not ours:
            told = one_line(text, 200)
            record(
                "issue.commented",
                by=CLOCK,
                ticket=issue.bug_id,
                subject=issue.pk,
                key=issue.key,
                author=values["author"],
                text=told,
            )
    return is_new


def _our_comments(issue: Issue) -> list[Push]:
    return list(issue.pushes.filter(what="comment").only("mark"))


def _without_marks(text: str, issue: Issue) -> str:
    for one in _our_comments(issue):
        text = text.replace(f"<!-- {one.mark} -->", "").replace(f"({one.mark})", "")
    return text.strip()


def _fill(issue: Issue, said: IssueSaid) -> None:
    issue.key, issue.url, issue.title = said.key[:200], _safe(said.url), one_line(storable(said.title), 300)
    issue.state, issue.says = said.state, said.says[:80]
    issue.changed_at, issue.seen_at, issue.trouble = said.changed_at, now(), ""


def _safe(url: str) -> str:
    return url[:500] if url.startswith(("https://", "http://")) else ""


def _follow(ticket: Ticket, issue: Issue, was: str) -> None:
    """Fixed there: a person tells the customers. Opened again there: it is open here, too."""
    if issue.state == "open" and ticket.status in ("resolved", "closed"):
        reopen(ticket, f"{issue.key} was opened again", by=CLOCK)
    elif issue.state != "open" and ticket.is_waiting:
        who = ticket.assignee.first_name if ticket.assignee else f"Someone in {ticket.team}"
        fixed = f"{issue.key} is fixed: {who} tells the customers"
        dropped = f"{issue.key} was closed without a fix: {who} decides what the customers hear"
        does = fixed if issue.state == "done" else dropped
        try:
            with transaction.atomic():
                change(ticket, next_step=does, due_at=now() + TELL_WITHIN, step_kind="answer", by=CLOCK)
        except Invalid:
            ticket.refresh_from_db()
