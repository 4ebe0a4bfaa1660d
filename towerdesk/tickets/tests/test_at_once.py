"""Two people, a rule and the clock act on one ticket at the same time, thousands of times: log and row agree."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from towerdesk.accounts import actors
from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Trouble
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.hands import KINDS, Moment
from towerdesk.tickets.hands import fold as hands_of
from towerdesk.tickets.merge import merge, standing
from towerdesk.tickets.models import Merge, Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.send_back import send_back
from towerdesk.tickets.snooze import snooze, wake
from towerdesk.tickets.tag import tag
from towerdesk.tickets.unmerge import unmerge
from towerdesk.tickets.withdraw import withdraw

ACTS = 510  # of each of the four
PRIORITIES = ("critical", "high", "normal", "low")
TEAMS = {"Repairs", "Billing"}
TAGS = ("vip", "pump", "ring", "august", "rim")

HOURS = (timedelta(hours=1), timedelta(days=2))

type Act = Callable[["One"], Any]


class One:
    """Whoever acts: reads the ticket afresh as a page would, and does one thing."""

    def __init__(self, by: Actor, seed: int, tickets: list[int], takers: list[User | Team]) -> None:
        self.by, self.dice, self.tickets, self.takers = by, random.Random(seed), tickets, takers
        self.did: Counter[str] = Counter()
        self.broke: list[BaseException] = []

    def work(self, ready: Barrier) -> None:
        try:
            ready.wait()
            for _ in range(ACTS):
                self.act()
        except BaseException as error:
            self.broke.append(error)
        finally:
            connection.close()

    def act(self) -> None:
        act = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        try:
            act(self)
            self.did["done"] += 1
        except Trouble:  # refused in a sentence, as when somebody else was faster
            self.did["refused"] += 1

    @property
    def ticket(self) -> Ticket:
        """Mostly the one, as it stood when it was read."""
        number = self.dice.choices(self.tickets, [9, *[1] * (len(self.tickets) - 1)])[0]
        return read(number)


def read(number: int) -> Ticket:
    found: list[Ticket] = _read(number=number)
    return found[0]


@compiled
def _read(*, number: int) -> "QuerySet[Ticket]":
    return Ticket.objects.for_strips().filter(pk=number)


def takes(one: One) -> None:
    assign(one.ticket, one.dice.choice(one.takers), by=one.by)


def changes(one: One) -> None:
    change(one.ticket, priority=one.dice.choice(PRIORITIES), by=one.by)


def tags(one: One) -> None:
    word = one.dice.choice(TAGS)
    tag(one.ticket, **{one.dice.choice(["add", "remove"]): [word]}, by=one.by)


def answers(one: One) -> None:
    said = reply(one.ticket, "Turn the ring.", then=one.dice.choice(["wait", "resolve"]), by=one.by)
    if one.dice.random() < 0.5:
        withdraw(said, "changed my mind", by=one.by)


def merges(one: One) -> None:
    first, second = (read(pk) for pk in one.dice.sample(one.tickets, 2))
    merge(first, second, by=one.by)


def unmerges(one: One) -> None:
    merged = Merge.objects.filter(undone_at=None).select_related("ticket").order_by("?").first()
    if merged:
        unmerge(merged.ticket, by=one.by)


def hands_on(one: One) -> None:
    teams = [taker for taker in one.takers if isinstance(taker, Team)]
    hand_off(one.ticket, one.dice.choice(teams), "skill", "A pump again", by=one.by)


WEIGHTS: dict[Act, int] = {
    takes: 20,
    hands_on: 8,
    lambda one: accept_handoff(one.ticket, by=one.by): 4,
    lambda one: send_back(one.ticket, "Not ours", by=one.by): 6,
    changes: 20,
    tags: 20,
    lambda one: note(one.ticket, "Rang.", by=one.by): 10,
    answers: 8,
    merges: 4,
    unmerges: 12,
    lambda one: snooze(one.ticket, now() + one.dice.choice(HOURS), by=one.by): 4,
    lambda one: wake(one.ticket, by=one.by): 4,
    lambda one: reopen(one.ticket, "once more", by=one.by): 6,
    lambda one: resolve(one.ticket, "done", by=one.by): 4,
    lambda one: cast.says(one.ticket, "Any news?"): 4,
}


@dataclass
class Folded:
    """What one ticket must be, from its log alone. Each change must begin where the one before it ended."""

    teams: set[str]
    status: str = ""
    priority: str = ""
    owner: str = ""
    tags: set[str] = field(default_factory=set)
    merged_into: int | None = None
    notes: int = 0

    def take(self, event: Event) -> None:
        getattr(self, event.kind.replace(".", "_"), lambda event: None)(event)

    def ticket_opened(self, event: Event) -> None:
        self.status, self.priority, self.owner = "new", event.data["priority"], event.data["team"]

    def ticket_assigned(self, event: Event) -> None:
        assert event.data["was"] == self.owner, f"two people gave this away at once: {event.data}, not {self.owner}"
        assert event.data["now"] != self.owner
        self.owner = event.data["now"]
        if self.status == "new" and self.owner not in self.teams:
            self.status = "open"

    def ticket_handed_off(self, event: Event) -> None:
        assert event.data["was"] == self.owner
        self.owner = event.data["now"]

    handoff_returned = handoff_withdrawn = ticket_handed_off

    def ticket_changed(self, event: Event) -> None:
        for name, (was, now_is) in event.data["changes"].items():
            assert getattr(self, name) == was, f"a change was lost: {event.data}"
            setattr(self, name, now_is)

    def ticket_tagged(self, event: Event) -> None:
        added, removed = {*event.data["added"]}, {*event.data["removed"]}
        assert removed <= self.tags
        assert not added & self.tags
        self.tags = self.tags - removed | added

    def message_received(self, event: Event) -> None:
        if self.status not in ("new", "resolved", "closed"):
            self.status = "open"

    def message_queued(self, event: Event) -> None:
        self.status = "pending" if event.data["then"] == "wait" else self.status
        if event.data["took"]:
            assert self.owner in self.teams
            self.owner = event.actor_name

    def message_withdrawn(self, event: Event) -> None:
        self.status = "open" if self.status in ("pending", "resolved") else self.status

    def message_noted(self, event: Event) -> None:
        self.notes += 1

    def ticket_resolved(self, event: Event) -> None:
        self.status = "resolved"

    def ticket_reopened(self, event: Event) -> None:
        self.status = "open"

    def ticket_merged(self, event: Event) -> None:
        self.status = event.data["status"]

    def ticket_merged_into(self, event: Event) -> None:
        assert self.merged_into is None
        self.status, self.merged_into = "closed", event.data["other"]

    def ticket_unmerged(self, event: Event) -> None:
        self.status = event.data["status"]

    def ticket_unmerged_from(self, event: Event) -> None:
        assert self.merged_into == event.data["other"]
        self.status, self.merged_into = event.data["status"], None


def fold(ticket: Ticket, teams: set[str]) -> Folded:
    folded = Folded(teams)
    for event in Event.objects.of(ticket.pk):
        folded.take(event)
    return folded


@pytest.mark.django_db(transaction=True)
def test_thousands_of_acts_at_once_lose_nothing() -> None:
    desk = cast.small_desk()
    people = [cast.agent("Ana Reyes", desk.repairs, role="lead"), cast.agent("Ben Okafor", desk.repairs, desk.billing)]
    tickets = [cast.opened(desk, cast.mara(), f"Machine {number}").pk for number in range(3)]
    who = [*map(cast.acting, people), actors.rule(1, "Nightly"), CLOCK]
    ones = [One(by, seed, tickets, [*people, desk.repairs, desk.billing]) for seed, by in enumerate(who)]

    all_at_once(ones)

    assert [one.broke for one in ones if one.broke] == []
    assert sum(sum(one.did.values()) for one in ones) == 4 * ACTS
    for ticket in Ticket.objects.for_strips().select_related("merged_into"):
        row_agrees(ticket, fold(ticket, TEAMS))
    messages_are_where_they_belong()


def all_at_once(ones: list[One]) -> None:
    ready = Barrier(len(ones))
    threads = [Thread(target=one.work, args=(ready,)) for one in ones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "two verbs wait for each other"


def row_agrees(ticket: Ticket, log: Folded) -> None:
    row = (ticket.status, ticket.priority, ticket.owner_name, {*ticket.tags}, ticket.merged_into_id)
    assert row == (log.status, log.priority, log.owner, log.tags, log.merged_into)
    told = Event.objects.of(ticket.pk).filter(kind__in=KINDS).values_list("kind", "at", "data")
    assert hands_of((Moment(*one) for one in told), TEAMS).team == str(ticket.team)
    assert (ticket.step_kind == "none") == (ticket.status == "closed")
    assert (ticket.step_kind == "close") == (ticket.status == "resolved")
    assert standing(ticket).merged_into is None


def messages_are_where_they_belong() -> None:
    """None lost, none doubled, none left on a ticket that is part of another one."""
    told = Event.objects.filter(kind__in=("message.received", "message.queued", "message.noted"))
    assert sorted(Message.objects.values_list("pk", flat=True)) == sorted(told.values_list("subject_id", flat=True))
    # Notes may be written on a ticket that was merged; what stood there when it was merged has moved.
    moved = {one for merged in Merge.objects.filter(undone_at=None) for one in merged.messages}
    on_parts = Message.objects.filter(ticket__merged_into__isnull=False).values_list("pk", flat=True)
    assert not moved & {*on_parts}
    queued = Event.objects.filter(kind="message.queued").count()
    withdrawn: Iterable[int] = Event.objects.filter(kind="message.withdrawn").values_list("subject_id", flat=True)
    assert queued == Message.objects.filter(direction="out", public=True).count()
    assert {*withdrawn} == {*Message.objects.filter(delivery="withdrawn").values_list("pk", flat=True)}
