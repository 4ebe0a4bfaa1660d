"""Live the company's last ninety days: past tickets come about through the same verbs, with the clock set back.

Everything happens in the order of its time. What people and customers do is invented; what the desk does with it (reading
the mail, understanding, proposing, licensing, closing) is the real thing. Assistant's proposals are graded by the truth
that each invented request carries.
"""

import heapq
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection

from towerdesk.assistant.brain import fitted_scores, learnt_intents, put_in_use
from towerdesk.assistant.learn import learn
from towerdesk.assistant.review_all import review_all
from towerdesk.cli.demo.acting import KEYS
from towerdesk.cli.demo.arrivals import Arrival, arrivals
from towerdesk.cli.demo.handoffs import lately
from towerdesk.cli.demo.left_open import left_open, settle
from towerdesk.cli.demo.past_shop import PastShop, shop_of_the_past
from towerdesk.cli.demo.people import CUSTOMERS
from towerdesk.cli.demo.procedures import publish_all
from towerdesk.cli.demo.request import Request
from towerdesk.cli.demo.story import live
from towerdesk.cli.demo.telling import Telling
from towerdesk.cli.demo.traffic import Generator
from towerdesk.events.record import follow_with
from towerdesk.insights import facts
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.embedding import embedder
from towerdesk.lib.locks import only_one
from towerdesk.sla.notice import notice
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.time_passes import time_passes

DAYS, TICKETS = 90, 2000
STRAYS = 0.04
SEED = CUSTOMERS
FIT_AFTER = 0.3
"""The share of the time after which the assistant learns from what happened; only grades from then on certify."""
CHORES = timedelta(hours=6)
LOOKS = timedelta(hours=1)
REVIEWS = timedelta(days=4)
LATELY = timedelta(minutes=40)

type Life = Iterator[datetime]


def is_told() -> bool:
    return _told().exists()


def tell(days: int = DAYS, tickets: int = TICKETS, *, until: datetime | None = None) -> None:
    """Takes a few minutes; the desk can be used meanwhile. One that was broken off goes on where it was."""
    telling = Telling.so_far() or Telling.from_the_start(days, tickets, until or datetime.now(UTC))
    follow_with({})  # this process does what follows by itself, at the time it is told
    with only_one("clock"), only_one("deadlines"), connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        with shop_of_the_past(telling.reached, goes_on=telling.goes_on) as shop:
            _live(_lives(telling), telling, shop)
        facts.fold(most=10**9)
    _told().write_text(
        json.dumps({"tickets": telling.tickets, "days": telling.days, "until": telling.until.isoformat()})
    )
    telling.ends()


def _told() -> Path:
    return Path(settings.DATA_DIR) / "demo-past.json"


def _lives(telling: Telling) -> list[tuple[datetime, Callable[[], Life]]]:
    """Those that begin after what is told already."""
    begin, end = telling.begin, telling.until
    learns = begin + (end - begin) * FIT_AFTER
    lives: list[tuple[datetime, Callable[[], Life]]] = [*_customers(telling)]
    lives.append((learns, lambda: _once(_learn)))
    lives.append((learns, lambda: _once(_publish)))
    lives.append((end - LATELY, lately))
    lives = [(at, life) for at, life in lives if at > telling.reached]
    if telling.goes_on:
        lives += [(telling.reached, partial(settle, ticket)) for ticket in left_open(telling.until)]
    at = max(begin, telling.reached)
    lives.append((at, lambda: _chores(CHORES, time_passes)))
    lives.append((at, lambda: _chores(LOOKS, notice)))
    lives.append((max(learns, at) + REVIEWS, lambda: _chores(REVIEWS, review_all)))
    return lives


def _customers(telling: Telling) -> Iterator[tuple[datetime, Callable[[], Life]]]:
    """Whoever has written already is invented again: what the others write comes after it."""
    generator = Generator(SEED)
    until = (telling.until + timedelta(days=1)).date()
    for number, arrival in enumerate(arrivals(telling.days, telling.tickets, SEED, until=until)):
        is_stray = number % round(1 / STRAYS) == 0
        if arrival.at <= telling.reached:
            _request(generator, arrival, is_stray)
        else:
            yield arrival.at, partial(_customer, telling, generator, arrival, is_stray)


def _customer(telling: Telling, generator: Generator, arrival: Arrival, is_stray: bool) -> Life:
    telling.comes_to(arrival.at)
    return live(_request(generator, arrival, is_stray))


def _request(generator: Generator, arrival: Arrival, stray: bool) -> Request:
    if stray:
        return generator.stray(arrival.at)
    return generator.incident(arrival.at) if arrival.incident else generator.request(arrival.at)


def _chores(every: timedelta, *chores: Callable[[], object]) -> Life:
    while True:
        for chore in chores:
            chore()
        yield clock.now() + every


def _learn() -> None:
    """What the first weeks taught: resolved tickets are new examples, grades weigh the score."""
    for ticket in Ticket.objects.filter(status="closed", solved=None).order_by("id"):
        learn(ticket.pk)
    put_in_use([learnt_intents(embedder()), *fitted_scores()])


def _publish() -> None:
    publish_all(by=CLOCK, only=KEYS)


def _once(chore: Callable[[], object]) -> Life:
    chore()
    yield from ()


def _live(lives: list[tuple[datetime, Callable[[], Life]]], telling: Telling, shop: PastShop) -> None:
    """One queue of moments: whoever's turn is first acts, and says when they want to act again."""
    number = count()
    waiting: list[tuple[datetime, int, Callable[[], Life] | Life]] = [(at, next(number), life) for at, life in lives]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= telling.until:
        at, _, life = heapq.heappop(waiting)
        with clock.at(at):
            shop.look()
            if callable(life):
                life = life()
            again = next(life, None)
        if again is not None:
            heapq.heappush(waiting, (max(again, at), next(number), life))
