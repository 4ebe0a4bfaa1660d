"""Say what an action would do, and do it: through the verbs, with the permissions of whoever acts."""

from datetime import timedelta
from functools import singledispatch
from typing import Any

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.actions.vocabulary import (
    Action,
    AskApproval,
    AskAssistant,
    Assign,
    Change,
    Checklist,
    Close,
    Escalate,
    HandOff,
    LinkTo,
    Merge,
    Note,
    Reopen,
    Reply,
    Resolve,
    Snooze,
    Split,
    TagIt,
    Tell,
    Unmerge,
    Wake,
    Watch,
    word,
)
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.notifications.tell import tell
from towerdesk.tickets.approve import ask_approval
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.checklist import add_points
from towerdesk.tickets.close import close
from towerdesk.tickets.escalate import escalate
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.link import link
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.snooze import snooze, wake
from towerdesk.tickets.split import split
from towerdesk.tickets.tag import tag
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.unmerge import unmerge
from towerdesk.tickets.watch import watch

type Cause = Event | None


def perform(action: Action, ticket: Ticket, *, by: Actor, cause: Cause = None) -> Any:
    """Do it: all or nothing. Returns what the verb returns (a reply's or note's message).

    Raises `Refused`, `Invalid`, `NotFound` or `Conflict`, as the verbs do.
    """
    by.must(action.permission)
    with transaction.atomic():
        return do(action, ticket, by, cause)


def perform_all(actions: list[Action], ticket: Ticket, *, by: Actor, cause: Cause = None) -> None:
    """All of them or none, in order."""
    with transaction.atomic():
        for action in actions:
            perform(action, ticket, by=by, cause=cause)


@singledispatch
def do(action: Action, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    """Each action's own function, chosen by its class."""
    raise NotImplementedError(f"Nobody has written how to {word(type(action))}.")


@do.register
def _reply(action: Reply, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    return reply(ticket, action.text, then=action.then, by=by, cause=cause)


@do.register
def _note(action: Note, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    return note(ticket, action.text, by=by, cause=cause)


@do.register
def _assign(action: Assign, ticket: Ticket, by: Actor, cause: Cause) -> None:
    assign(ticket, _owner(action), by=by, cause=cause)


@do.register
def _change(action: Change, ticket: Ticket, by: Actor, cause: Cause) -> None:
    values = action.values()
    if action.intent is not None:
        values["intent"] = _intent(action.intent)
    change(ticket, by=by, cause=cause, **values)


@do.register
def _tag(action: TagIt, ticket: Ticket, by: Actor, cause: Cause) -> None:
    tag(ticket, add=action.add, remove=action.remove, by=by, cause=cause)


@do.register
def _resolve(action: Resolve, ticket: Ticket, by: Actor, cause: Cause) -> None:
    resolve(ticket, action.note, kind=action.kind, by=by, cause=cause)


@do.register
def _reopen(action: Reopen, ticket: Ticket, by: Actor, cause: Cause) -> None:
    reopen(ticket, action.why, by=by, cause=cause)


@do.register
def _close(action: Close, ticket: Ticket, by: Actor, cause: Cause) -> None:
    close(ticket, action.why, by=by, cause=cause)


@do.register
def _merge(action: Merge, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    return merge(ticket, _other(action.into, by), by=by, cause=cause)


@do.register
def _unmerge(action: Unmerge, ticket: Ticket, by: Actor, cause: Cause) -> None:
    unmerge(ticket, by=by, cause=cause)


@do.register
def _split(action: Split, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    return split(ticket, action.messages, action.subject, by=by, cause=cause)


@do.register
def _link(action: LinkTo, ticket: Ticket, by: Actor, cause: Cause) -> None:
    link(ticket, _other(action.to, by), action.kind, by=by, cause=cause)


@do.register
def _snooze(action: Snooze, ticket: Ticket, by: Actor, cause: Cause) -> None:
    snooze(ticket, action.moment(), action.why, by=by, cause=cause)


@do.register
def _wake(action: Wake, ticket: Ticket, by: Actor, cause: Cause) -> None:
    wake(ticket, by=by, cause=cause)


@do.register
def _checklist(action: Checklist, ticket: Ticket, by: Actor, cause: Cause) -> None:
    add_points(ticket, action.add, by=by, cause=cause)


@do.register
def _ask_approval(action: AskApproval, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    deadline = now() + timedelta(hours=action.hours)
    return ask_approval(
        ticket, action.question, action.approvers, need=action.need, deadline=deadline, by=by, cause=cause
    )


@do.register
def _hand_off(action: HandOff, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    return hand_off(ticket, _team(action.team), action.reason, action.note, by=by, cause=cause)


@do.register
def _escalate(action: Escalate, ticket: Ticket, by: Actor, cause: Cause) -> Any:
    to = _owner(action) if action.user or action.team else None
    return escalate(ticket, action.reason, action.note, to=to, by=by, cause=cause)


@do.register
def _watch(action: Watch, ticket: Ticket, by: Actor, cause: Cause) -> None:
    watch(ticket, _watcher(action, by), by=by, on=action.on)


@do.register
def _tell(action: Tell, ticket: Ticket, by: Actor, cause: Cause) -> None:
    tell(ticket, _owner(action), action.text, urgent=action.urgent, by=by, cause=cause)


@do.register
def _ask(action: AskAssistant, ticket: Ticket, by: Actor, cause: Cause) -> None:
    """Only a word: whoever follows the event does the asking."""
    record("assistant.asked", by=by, ticket=ticket.pk, cause=cause)


def _owner(action: Assign | Escalate | Tell) -> User | Team:
    return _team(action.team) if action.team is not None else _user(action.user or "")


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise Invalid(f"There is no team “{slug}”.", {"team": "Name a team by its slug."})
    return team


def _user(email: str) -> User:
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise Invalid(f"Nobody here has the address “{email}”.", {"user": "Name an agent by the mail address."})
    return user


def _watcher(action: Watch, by: Actor) -> User:
    if action.user is not None:
        return _user(action.user)
    user = User.objects.filter(pk=by.user_id).first() if by.user_id else None
    if user is None:
        raise Invalid(f"{by.name} is not an agent: say who watches.", {"user": "Name an agent by the mail address."})
    return user


def _intent(slug: str) -> Intent:
    intent = Intent.objects.filter(slug=slug).first()
    if intent is None:
        raise Invalid(f"There is no intent “{slug}”.", {"intent": "Name an intent by its slug."})
    return intent


def _other(number: int, by: Actor) -> Ticket:
    other = Ticket.objects.visible_to(by).filter(pk=number).first()
    if other is None:
        raise NotFound(f"There is no ticket {number} that you may see: choose another one.")
    return other


def must_exist(action: Action) -> None:
    """Raise `Invalid` for a team, agent, intent or reason that the action names and that is not there."""
    if isinstance(action, Assign | Tell):
        _owner(action)
    elif isinstance(action, HandOff):
        _team(action.team)
        choose("handoff", action.reason)
    elif isinstance(action, Escalate):
        if action.user or action.team:
            _owner(action)
        choose("handoff", action.reason)
    elif isinstance(action, Change) and action.intent is not None:
        _intent(action.intent)
    elif isinstance(action, Watch) and action.user is not None:
        _user(action.user)
