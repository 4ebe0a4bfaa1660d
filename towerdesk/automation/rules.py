"""Rules: what people decided beforehand. Each answers an event from outside, in order, in its own name."""

from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Count, Max, Q

from towerdesk.accounts.actors import rule as acting
from towerdesk.actions.perform import perform_all
from towerdesk.actions.vocabulary import Action, read_actions, word
from towerdesk.automation.models import Rule
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Refused, Trouble
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.models import Ticket

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that held: what it did, or the one sentence why it could not."""

    rule: str
    did: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule, read once. `trouble` says why it can't be read; such a rule is told of and skipped."""

    id: int
    name: str
    when: str
    condition: Condition | None
    actions: tuple[Action, ...]
    trouble: str = ""

    @property
    def actor(self) -> Actor:
        return acting(self.id, self.name)


_read: tuple[object, tuple[_Ready, ...]] = (None, ())


def run(event: Event, ticket: Ticket) -> list[Fired]:
    """Let every active rule for this kind of event look at the ticket. Never raises for a broken rule.

    Safe to repeat: a rule that has answered this event does not answer it again.
    """
    if not event.is_from_outside:
        return []
    ready = [rule for rule in _rules() if rule.when in _moments(event)]
    done = _have_answered(event) if ready else set()
    fired = [_try(rule, event, ticket) for rule in ready if rule.id not in done]
    return [one for one in fired if one is not None]


def _moments(event: Event) -> tuple[str, ...]:
    """A ticket is opened by its first message: only then is there something to read."""
    return (event.kind, "ticket.opened") if event.data.get("first") else (event.kind,)


def _rules() -> tuple[_Ready, ...]:
    """Read again only when a rule was added, changed or taken away."""
    global _read
    newest = Rule.objects.aggregate(on=Count("id", filter=Q(active=True)), newest=Max("changed_at"), last=Max("id"))
    key = tuple(newest.values())
    if key != _read[0]:
        _read = (key, tuple(_prepare(rule) for rule in Rule.objects.filter(active=True)))
    return _read[1]


def _prepare(rule: Rule) -> _Ready:
    try:
        condition, actions = parse(rule.condition), tuple(read_actions(rule.actions))
    except Trouble as trouble:
        return _Ready(rule.pk, rule.name, rule.when, None, (), str(trouble))
    return _Ready(rule.pk, rule.name, rule.when, condition, actions)


def _have_answered(event: Event) -> set[int | None]:
    answers = Event.objects.filter(ticket_id=event.ticket_id, kind__startswith="rule.", cause_id=event.pk)
    return set(answers.values_list("actor_id", flat=True))


def _try(rule: _Ready, event: Event, ticket: Ticket) -> Fired | None:
    try:
        return _fire(rule, event, ticket)
    except Trouble as trouble:
        return _tell(rule, event, ticket, str(trouble))
    except Exception:
        log.exception("a rule broke", rule=rule.name, ticket=ticket.pk)
        return _tell(rule, event, ticket, "It broke unexpectedly; the log says where.")


def _fire(rule: _Ready, event: Event, ticket: Ticket) -> Fired | None:
    """Everything the rule does, and that it did, or nothing."""
    if rule.condition is None:
        return _tell(rule, event, ticket, rule.trouble)
    if not rule.condition.matches(ticket, rule.actor):
        return None
    _must_not_loop(rule, event)
    did = tuple(word(type(action)) for action in rule.actions)
    with transaction.atomic():
        perform_all(list(rule.actions), ticket, by=rule.actor, cause=event)
        record("rule.fired", by=rule.actor, ticket=ticket.pk, cause=event, rule=rule.name, did=list(did))
    return Fired(rule.name, did)


def _must_not_loop(rule: _Ready, event: Event) -> None:
    """Law 7: what a machine sent is never answered by a machine."""
    if event.data.get("auto") and any(action.effect == "customer" for action in rule.actions):
        raise Refused("The message was sent automatically, so a rule does not answer it.")


def _tell(rule: _Ready, event: Event, ticket: Ticket, trouble: str) -> Fired:
    """The ticket goes on as the database has it: what the rule had begun was undone."""
    ticket.refresh_from_db()
    record("rule.failed", by=rule.actor, ticket=ticket.pk, cause=event, rule=rule.name, trouble=trouble)
    return Fired(rule.name, trouble=trouble)
