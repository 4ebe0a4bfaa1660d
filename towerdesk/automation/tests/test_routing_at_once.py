"""Many hands at once, really in parallel: nobody gets more than they can carry, and no ticket has two owners."""

import os
import random
from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import QuerySet

from towerdesk.accounts.models import User
from towerdesk.automation.models import Profile, Route
from towerdesk.automation.routing.load import OPEN
from towerdesk.automation.routing.next_ticket import next_ticket
from towerdesk.automation.routing.route import route
from towerdesk.events.models import Event
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Conflict, NotFound
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.resolve import resolve

TIMES = int(os.environ.get("TOWERDESK_TEST_TIMES", "1200"))
"""Acts in all: routing, taking the next, resolving. Set it higher to press harder."""
HANDS = 6
MOST = 5
TICKETS = 60


@pytest.mark.django_db(transaction=True)
def test_capacity_is_never_exceeded_and_nothing_is_given_twice():
    desk = cast.small_desk()
    people = [cast.agent(name, desk.repairs) for name in ("Ana Reyes", "Ben Okafor", "Cleo Marsh", "Dov Levi")]
    Profile.objects.bulk_create(Profile(user=user, most=MOST) for user in people)
    Route.objects.create(name="Everything", mode="push", active=True, sticky=False)
    mara = cast.mara()
    tickets = [cast.opened(desk, mara, f"Ticket {number}").pk for number in range(TICKETS)]
    found: list[str] = []

    in_parallel(lambda number: work(number, tickets, [user.pk for user in people], found))

    assert found == []
    assert_log_and_rows_agree(tickets)
    given = Event.objects.filter(kind="ticket.routed").exclude(data__to="").count()
    assert given > MOST * len(people)


def work(number: int, tickets: list[int], people: list[int], found: list[str]) -> None:
    """One pair of hands: mostly gives and takes, now and then finishes something; looks at everybody's load after each."""
    chance = random.Random(number)
    for _ in range(TIMES // HANDS):
        act(chance, tickets, people)
        carried = Counter(
            Ticket.objects.filter(assignee_id__in=people, status__in=OPEN).values_list("assignee_id", flat=True)
        )
        found += [f"{user} carries {count}" for user, count in carried.items() if count > MOST]


def act(chance: random.Random, tickets: list[int], people: list[int]) -> None:
    try:
        if chance.random() < 0.45:
            route(read(chance.choice(tickets)))
        elif chance.random() < 0.6:
            user = User.objects.get(pk=chance.choice(people))
            next_ticket(user, by=cast.acting(user))
        else:
            finish(chance, tickets)
    except (Conflict, NotFound):
        pass  # hands full, or nothing waits: that is an answer, too


def read(number: int) -> Ticket:
    found: list[Ticket] = _read(number=number)
    return found[0]


@compiled
def _read(*, number: int) -> "QuerySet[Ticket]":
    return Ticket.objects.for_strips().filter(pk=number)


def finish(chance: random.Random, tickets: list[int]) -> None:
    """Whoever has it resolves it, so that there is room again."""
    ticket = read(chance.choice(tickets))
    if ticket.assignee is not None and ticket.is_waiting:
        resolve(ticket, by=cast.acting(ticket.assignee))


def in_parallel(task) -> None:
    ready, errors = Barrier(HANDS), []

    def run(number: int) -> None:
        try:
            ready.wait()
            task(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not errors, errors
    assert not any(thread.is_alive() for thread in threads)


def assert_log_and_rows_agree(tickets: list[int]) -> None:
    """Each ticket was given to somebody once at most, and the log names who has it."""
    for number in tickets:
        ticket = Ticket.objects.select_related("assignee", "team").get(pk=number)
        given = list(Event.objects.filter(ticket_id=number, kind="ticket.assigned").order_by("id"))
        routed = Event.objects.filter(ticket_id=number, kind="ticket.routed").exclude(data__to="")
        assert len(given) == routed.count() == (1 if ticket.assignee else 0), number
        assert [event.data["now"] for event in given] == ([str(ticket.assignee)] if ticket.assignee else [])
        assert ticket.team is not None
