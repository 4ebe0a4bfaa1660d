"""Which past tickets a rule would have changed, and what it would have done, before it is switched on.

Each event that the rule answers is looked at with the ticket as it was then (`rewind`) and the clock set back. Nothing is
written. What other rules would have done in the same moment is not played through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from towerdesk.accounts.actors import rule as acting
from towerdesk.actions.preview import preview
from towerdesk.actions.vocabulary import Action, read_actions
from towerdesk.automation.models import Rule
from towerdesk.automation.past.rewind import Names, Then, rewind
from towerdesk.automation.past.said import Said, about
from towerdesk.automation.rules.clock import fitting
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import at, now
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.models import Ticket

OUTSIDE = ("customer", "agent", "key", "clock")
CHUNK = 400  # tickets at a time


@dataclass(frozen=True, slots=True)
class Would:
    """`about` names what the log does not hold and the rule asks; empty: exact."""

    ticket: Ticket
    at: datetime
    would: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(slots=True)
class Trial:
    """`looked` counts events, `held` those for which the condition held, `changed` holds those that it would change."""

    days: int
    looked: int = 0
    held: int = 0
    tickets: int = 0
    partial: bool = False  # more tickets than were looked at
    now_only: bool = False  # a rule of the clock: tested on the tickets as they are now
    changed: list[Would] = field(default_factory=list)

    @property
    def approximate(self) -> int:
        return sum(1 for one in self.changed if one.about)

    @property
    def exact(self) -> int:
        return len(self.changed) - self.approximate

    @property
    def changed_tickets(self) -> int:
        return len({one.ticket.pk for one in self.changed})

    def says(self) -> str:
        if self.now_only:
            return f"Now it would change {self.changed_tickets} of the tickets that are not closed."
        return (
            f"In {self.days} days it would have changed {self.changed_tickets} of {self.tickets} tickets, "
            f"looking {self.looked} times."
        )


def backtest(rule: Rule, *, days: int = 90, by: Actor, most: int | None = None) -> Trial:
    """`by` sees only tickets that it may read; `most`: no more tickets than this, the newest. Raises `Invalid`."""
    by.must("ticket.read")
    condition, actions = parse(rule.condition), read_actions(rule.actions)
    trial = Trial(days)
    if rule.when == "clock":
        _test_now(rule, actions, trial, by)
        return trial
    tickets = _touched(rule, days, by)
    numbers = list(tickets[: most + 1] if most else tickets)
    if most and len(numbers) > most:
        trial.partial, numbers = True, numbers[:most]
    trial.tickets, names = len(numbers), Names.read()
    for begin in range(0, len(numbers), CHUNK):
        _look(rule, condition, actions, numbers[begin : begin + CHUNK], names, trial)
    trial.changed.sort(key=lambda one: (one.at, one.ticket.pk), reverse=True)
    return trial


def _touched(rule: Rule, days: int, by: Actor) -> "QuerySet[Ticket, int]":
    """The tickets with such an event, newest first."""
    kinds = _kinds(rule)
    events = Event.objects.filter(kind__in=kinds, at__gte=now() - timedelta(days=days), actor_kind__in=OUTSIDE)
    found = Ticket.objects.visible_to(by).filter(pk__in=events.order_by().values("ticket_id"))
    return found.order_by("-id").values_list("pk", flat=True)


def _kinds(rule: Rule) -> tuple[str, ...]:
    """A ticket is opened, for rules, by its first message."""
    return ("message.received",) if rule.when == "ticket.opened" else (rule.when,)


def _look(
    rule: Rule, condition: Condition, actions: Sequence[Action], numbers: list[int], names: Names, trial: Trial
) -> None:
    """Three queries and one for each of the rule's words, however many tickets."""
    tickets = Ticket.objects.for_strips().in_bulk(numbers)
    said = Said([condition], numbers)
    by_ticket: dict[int, list[Event]] = {number: [] for number in numbers}
    for event in Event.objects.filter(ticket_id__in=numbers).order_by("id"):
        by_ticket[event.ticket_id or 0].append(event)
    begin, me = now() - timedelta(days=trial.days), acting(rule.pk or 0, rule.name)
    for number, events in by_ticket.items():
        for event in events:
            if event.at >= begin and _answers(rule, event):
                trial.looked += 1
                then = rewind(tickets[number], events, event, names)
                _try(condition, actions, then, event, me, said, trial)


def _answers(rule: Rule, event: Event) -> bool:
    if not event.is_from_outside or event.kind not in _kinds(rule):
        return False
    return rule.when != "ticket.opened" or bool(event.data.get("first"))


def _try(
    condition: Condition, actions: Sequence[Action], then: Then, event: Event, me: Actor, said: "Said", trial: Trial
) -> None:
    with at(event.at):
        if not said.holds(condition, then.ticket, event.at, me):
            return
        trial.held += 1
        would = tuple(sentence for action in actions for sentence in preview(action, then.ticket, me))
    if event.data.get("auto") and any(action.effect == "customer" for action in actions):
        return  # a machine is not answered by a machine
    if would:
        trial.changed.append(Would(then.ticket, event.at, would, about(condition, then.unsure)))


def _test_now(rule: Rule, actions: Sequence[Action], trial: Trial, by: Actor) -> None:
    trial.now_only, me, moment = True, acting(rule.pk or 0, rule.name), now()
    seen = set(Ticket.objects.visible_to(by).exclude(status="closed").values_list("pk", flat=True))
    for ticket in fitting(rule):
        if ticket.pk in seen:
            trial.looked, trial.held = trial.looked + 1, trial.held + 1
            would = tuple(sentence for action in actions for sentence in preview(action, ticket, me))
            if would:
                trial.changed.append(Would(ticket, moment, would))
    trial.tickets = trial.looked
