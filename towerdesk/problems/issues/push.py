"""Do at the tracker what was asked: claim, then call, then write down. What nobody knows is looked up there, and else asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from towerdesk.connectors.contract import Account, FateUnknown, NotDone
from towerdesk.connectors.registry import account_of
from towerdesk.connectors.trackers.contract import Draft, IssueSaid
from towerdesk.connectors.trackers.registry import of
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.lib.insist import insist
from towerdesk.problems.issues.state import heard, heard_comment, take_state
from towerdesk.problems.models import Issue, Push

SILENT_FOR = timedelta(minutes=3)
"""A claim that is older than this was made by a process that is no more."""
MOST_TRIES = 8
PAUSES = (1, 2, 5, 15, 30, 60, 120)  # minutes
MOST = 50
JOINED = "\n\n"

log = structlog.get_logger()


def push_due() -> int:
    """Run by a job when something was asked, and by the clock. Returns how many were done."""
    _recover()
    waiting = Push.objects.filter(Q(not_before=None) | Q(not_before__lte=now()), fate="waits").order_by("id")
    return sum(push_one(pk) for pk in waiting.values_list("pk", flat=True)[:MOST])


def push_one(pk: int) -> bool:
    push = _claim(pk)
    if push is None:
        return False
    happened = _try(push)
    insist(lambda: happened.write(push))
    return happened.done


@dataclass(frozen=True, slots=True)
class _Happened:
    """What became of one call; it is written down however often the database has to be asked."""

    done: bool
    write: Callable[[Push], None]


def _try(push: Push) -> _Happened:
    try:
        said = _call(push, account_of(push.connection))
    except NotDone as error:
        why, later = str(error), error.later
        return _Happened(False, lambda push: _not_done(push, why, later))
    except FateUnknown as error:
        why = str(error)
    except Trouble as error:  # a secret that can't be opened
        why = str(error)
        return _Happened(False, lambda push: _not_done(push, why, False))
    except Exception as error:
        log.exception("a tracker answered something that can't be read", push=push.pk)
        why = f"The answer can't be read ({type(error).__name__})"
    else:
        return _Happened(True, lambda push: _done(push, said))
    return _Happened(False, lambda push: _unknown(push, why))


def look_up(push: Push) -> bool:
    """Find out what became of one that nobody knows. True when it is known now."""
    tracker, account = of(push.connection), account_of(push.connection)
    try:
        if push.what == "create":
            found = tracker.find(account, push.mark)
            if found:
                _done(push, found)
            else:
                _again(push)
            return True
        if push.issue is None:
            return False
        if push.what == "comment":
            for said in tracker.comments(account, push.issue.remote, push.at - timedelta(minutes=5)):
                heard_comment(push.issue, said)
                if push.mark in said.text:
                    _finish(push)
                    return True
            _again(push)
            return True
        _done(push, tracker.look(account, push.issue.remote))
    except (NotDone, FateUnknown, KeyError, TypeError, ValueError):
        return False
    return True


def _call(push: Push, account: Account) -> IssueSaid | None:
    """Outside of any transaction."""
    tracker, said = of(push.connection), push.said
    if push.what == "create":
        return tracker.create(account, Draft(said["title"], said["body"], push.mark, ("towerdesk",)))
    if push.issue is None:
        raise NotDone("The issue is not linked any more.")
    if push.what == "comment":
        text = f"{said['body']}{JOINED}{_mark(push)}"
        heard_comment(push.issue, tracker.comment(account, push.issue.remote, text))
        return None
    return tracker.move(account, push.issue.remote, "open" if push.what == "reopen" else said["state"])


def _mark(push: Push) -> str:
    """Hidden where a comment can hide something."""
    return f"({push.mark})" if push.connection.kind == "jira" else f"<!-- {push.mark} -->"


def _claim(pk: int) -> Push | None:
    with transaction.atomic():
        free = Push.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, fate="waits")
        push = free.select_related("connection", "issue__bug__ticket", "bug__ticket").first()
        if push is None or not push.connection.active:
            return None
        push.fate, push.claimed_at, push.tries = "claimed", now(), push.tries + 1
        push.save(update_fields=["fate", "claimed_at", "tries"])
    return push


def _done(push: Push, said: IssueSaid | None) -> None:
    with transaction.atomic():
        if said and push.issue is None:
            push.bug.ticket.hold()
            push.issue = take_state(push.bug, push.connection, said, by=CLOCK)
        elif said and push.issue:
            _settle_state(push.issue, said)
        _finish(push)


def _settle_state(issue: Issue, said: IssueSaid) -> None:
    """What we did there ourselves is no news: nobody is asked to tell the customers because of it."""
    Issue.objects.filter(pk=issue.pk).update(state=said.state, says=said.says[:80])
    issue.refresh_from_db()
    heard(issue, said)


def _finish(push: Push) -> None:
    Push.objects.filter(pk=push.pk).update(fate="done", why="", issue=push.issue)
    key = push.issue.key if push.issue else ""
    record("issue.pushed", by=CLOCK, ticket=push.bug_id, subject=push.pk, key=key, what=push.what)


def _not_done(push: Push, why: str, later: bool) -> None:
    with transaction.atomic():
        again = later and push.tries < MOST_TRIES
        pause = timedelta(minutes=PAUSES[min(push.tries, len(PAUSES)) - 1])
        when = now() + pause if again else None
        Push.objects.filter(pk=push.pk).update(fate="waits" if again else "failed", why=why[:300], not_before=when)
        if not again:
            record("issue.failed", by=CLOCK, ticket=push.bug_id, subject=push.pk, tracker=str(push.connection), why=why)


def _unknown(push: Push, why: str) -> None:
    """The clock looks it up there before a person is asked."""
    Push.objects.filter(pk=push.pk).update(fate="unknown", why=why[:300], not_before=now() + timedelta(minutes=1))


def _again(push: Push) -> None:
    """It surely did not arrive."""
    Push.objects.filter(pk=push.pk, fate="unknown").update(fate="waits", not_before=now() + timedelta(minutes=1))


def _recover() -> None:
    """Whose process died in the middle: nobody knows, until it is looked up."""
    Push.objects.filter(fate="claimed", claimed_at__lt=now() - SILENT_FOR).update(
        fate="unknown", why="The desk stopped while it was asked", not_before=None
    )
    doubtful = Push.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now()), fate="unknown", connection__active=True
    )
    for push in doubtful.select_related("connection", "issue__bug__ticket", "bug__ticket").order_by("id")[:MOST]:
        if not look_up(push):
            Push.objects.filter(pk=push.pk).update(not_before=now() + timedelta(minutes=15))
