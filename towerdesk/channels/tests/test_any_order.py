"""However calls come (in any order, twice, through outages and restarts), the conversation is the one of the clean run."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from towerdesk.channels import registry
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake import FakeChat, Story
from towerdesk.channels.listing import Listing
from towerdesk.channels.models import Inbox
from towerdesk.delivery.send import send
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.ask_lists import ask
from towerdesk.intake.counts import counts
from towerdesk.intake.happened import wake_missed
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing import stories
from towerdesk.testing.cast import Desk, acting, agent
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply

CHANNELS = ["fakechat", *stories.hooked()]
LONGEST = 8  # steps of a run beside the calls themselves
CLEAN: dict[str, Any] = {}
PROVIDER = Client(raise_request_exception=False)


@dataclass
class Run:
    """One inbox, its calls, and a worker that may be cut short at any statement."""

    inbox: Inbox
    story: Any
    calls: list[stories.Post] = field(default_factory=list)
    delivered: set[int] = field(default_factory=set)
    provider: Client = field(default_factory=lambda: PROVIDER)

    def begin(self, ana: Any) -> None:
        """The ticket is opened and answered."""
        account = account_of(self.inbox)
        self.calls = list(self.story.calls(account, ""))
        self.deliver(0)
        self.settle()
        answer = reply(Ticket.objects.get(inbox=self.inbox), "Turn it by half", by=ana)
        assert send(answer.pk) == "sent"
        answer.refresh_from_db()
        self.calls = list(self.story.calls(account, answer.message_id))

    def deliver(self, number: int, cut_at: int = 0) -> None:
        """A provider counts what was answered with 200 as delivered."""
        body, headers, *query = self.calls[number]
        if isinstance(registry.channel(self.inbox.channel), Listing):
            self.ask(number, cut_at)
            return
        path = f"/hooks/{self.inbox.hook}{''.join(query)}"
        with cut_short(cut_at):
            said = self.provider.post(path, body, content_type="application/json", headers=dict(headers))
        assert said.status_code in (200, 500, 503) if cut_at else said.status_code == 200
        if said.status_code == 200:
            self.delivered.add(number)

    def ask(self, number: int, cut_at: int = 0) -> None:
        """The server shows a list, perhaps an old one, and the desk looks at it."""
        self.story.shows(self.calls[number][0])
        with suppress(DatabaseError, InterfaceError), cut_short(cut_at), transaction.atomic():
            ask(self.inbox.pk)
            self.delivered.add(number)

    def work(self, which: int, cut_at: int = 0) -> None:
        """The worker reads one of those that wait, whichever, and may be ended in the middle of it."""
        waiting = list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True))
        if waiting:
            with suppress(DatabaseError, InterfaceError), cut_short(cut_at), transaction.atomic():
                accept(waiting[which % len(waiting)])

    def restart(self) -> None:
        """What a process remembers is gone."""
        if self.inbox.channel in registry.channels():
            registry.put(self.inbox.channel, None)
        wake_missed()

    def settle(self) -> None:
        """All is well again: the provider brings what it could not, the worker reads what is left."""
        while Raw.objects.unfinished().exists() or wake_missed():
            self.work(0)

    def end(self) -> None:
        for number in range(len(self.calls)):
            if number not in self.delivered:
                self.deliver(number)
        self.settle()


@contextmanager
def cut_short(at: int) -> Iterator[None]:
    """The database goes away at the statement with this number, once; 0: never."""
    seen = 0

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == at and "SAVEPOINT" not in sql:
            raise OperationalError("the connection is lost")
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield
    if connection.needs_rollback:  # outside of a test there is no transaction around all this
        transaction.set_rollback(False)


def conversation(inbox: Inbox) -> Any:
    """Everything that anybody would see of it. Tickets are told apart by how they began, not by which was opened first."""
    told = Message.objects.order_by("created_at", "pk").values_list("ticket", flat=True)
    numbers = {ticket: place for place, ticket in enumerate(dict.fromkeys(told))}
    messages = [
        (
            numbers[one.ticket_id],
            one.direction,
            one.sender,
            one.visible,
            one.taken_back_at is not None,
            one.delivery,
            [(file.name, file.digest) for file in one.attachments.all()],
        )
        for one in Message.objects.order_by("created_at", "pk")
    ]
    signs = Counter(str(data) for data in Event.objects.filter(kind="message.reacted").values_list("data", flat=True))
    arrived = Counter(Raw.objects.values_list("state", flat=True))
    assert counts(inbox).adds_up
    return messages, signs, arrived["set_aside"], arrived["failed"], arrived.total()


STEPS = st.lists(
    st.tuples(st.sampled_from(["again", "work", "work", "restart", "crash", "outage"]), st.integers(0, 30)),
    max_size=LONGEST,
)


@pytest.fixture
def worlds(desk: Desk, settings: Any) -> Iterator[Any]:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    ana = acting(agent("Ana Reyes", desk.repairs))

    @contextmanager
    def world(name: str, story: Any) -> Iterator[Run]:
        """Undone afterwards."""
        with transaction.atomic():
            inbox = Inbox.objects.create(name=name, address=f"{name}:x", channel=name, team=desk.repairs)
            connect(inbox, story.values, by=CLOCK)
            run = Run(inbox, story)
            run.begin(ana)
            yield run
            transaction.set_rollback(True)

    registry.put("fakechat", FakeChat())
    yield world
    registry.put("fakechat", None)


@pytest.mark.parametrize("name", CHANNELS)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(order=st.randoms(use_true_random=False), steps=STEPS)
def test_any_interleaving_ends_in_the_same_conversation(name: str, worlds: Any, order: Any, steps: Any) -> None:
    with Story() if name == "fakechat" else stories.story_of(name) as story:
        clean = CLEAN.get(name) or clean_run(name, worlds, story)
        with worlds(name, story) as run:
            mixed = [("deliver", number) for number in range(1, len(run.calls))] + steps
            order.shuffle(mixed)
            for what, number in mixed:
                step(run, what, number)
            run.end()
            assert conversation(run.inbox) == clean


def clean_run(name: str, worlds: Any, story: Any) -> Any:
    with worlds(name, story) as run:
        run.end()
        CLEAN[name] = conversation(run.inbox)
    assert len(CLEAN[name][0]) > 2
    return CLEAN[name]


def step(run: Run, what: str, number: int) -> None:
    call = number % len(run.calls)
    if what in ("deliver", "again"):
        run.deliver(call)
    elif what == "outage":
        run.deliver(call, cut_at=number % 8 + 1)
    elif what == "crash":
        run.work(number, cut_at=number + 1)
    elif what == "work":
        run.work(number)
    else:
        run.restart()
