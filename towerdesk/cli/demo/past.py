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

import structlog
from django.conf import settings
from django.db import connection

from towerdesk.assistant.brain import fitted_scores, learnt_intents, put_in_use
from towerdesk.assistant.learn import learn
from towerdesk.assistant.review_all import review_all
from towerdesk.cli.demo.acting import KEYS
from towerdesk.cli.demo.arrivals import Arrival, arrivals
from towerdesk.cli.demo.handoffs import lately
from towerdesk.cli.demo.past_shop import PastShop, shop_of_the_past
from towerdesk.cli.demo.people import CUSTOMERS
from towerdesk.cli.demo.procedures import publish_all
from towerdesk.cli.demo.request import Request
from towerdesk.cli.demo.story import live
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

log = structlog.get_logger()

type Life = Iterator[datetime]


def is_told() -> bool:
    return _told().exists()


def tell(days: int = DAYS, tickets: int = TICKETS, *, until: datetime | None = None) -> None:
    """Takes a few minutes; the desk can be used meanwhile."""
    end = until or datetime.now(UTC)
    follow_with({})  # this process does what follows by itself, at the time it is told
    with only_one("clock"), only_one("deadlines"), connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        with shop_of_the_past(end - timedelta(days=days)) as shop:
            _live(_lives(days, tickets, end), end, tickets, shop)
        facts.fold(most=10**9)
    _told().write_text(json.dumps({"tickets": tickets, "days": days, "until": end.isoformat()}))


def _told() -> Path:
    return Path(settings.DATA_DIR) / "demo-past.json"


def _lives(days: int, tickets: int, end: datetime) -> list[tuple[datetime, Callable[[], Life]]]:
    generator = Generator(SEED)
    lives: list[tuple[datetime, Callable[[], Life]]] = []
    for number, arrival in enumerate(arrivals(days, tickets, SEED, until=(end + timedelta(days=1)).date())):
        is_stray = number % round(1 / STRAYS) == 0
        lives.append((arrival.at, partial(_customer, generator, arrival, is_stray)))
    begin = end - timedelta(days=days)
    lives.append((begin, lambda: _chores(CHORES, time_passes)))
    lives.append((begin, lambda: _chores(LOOKS, notice)))
    lives.append((begin + (end - begin) * FIT_AFTER, lambda: _once(_learn)))
    lives.append((begin + (end - begin) * FIT_AFTER, lambda: _once(_publish)))
    lives.append((begin + (end - begin) * FIT_AFTER + REVIEWS, lambda: _chores(REVIEWS, review_all)))
    lives.append((end - LATELY, lately))
    return lives


def _customer(generator: Generator, arrival: Arrival, is_stray: bool) -> Life:
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


def _live(lives: list[tuple[datetime, Callable[[], Life]]], end: datetime, tickets: int, shop: PastShop) -> None:
    """One queue of moments: whoever's turn is first acts, and says when they want to act again."""
    number = count()
    waiting: list[tuple[datetime, int, Callable[[], Life] | Life]] = [(at, next(number), life) for at, life in lives]
    heapq.heapify(waiting)
    begun = 0
    while waiting and waiting[0][0] <= end:
        at, _, life = heapq.heappop(waiting)
        if callable(life):
            life, begun = life(), begun + 1
            if begun % 100 == 0:
                log.warning("the demo's past is being told", tickets=begun, of=tickets, day=at.date().isoformat())
        with clock.at(at):
            shop.look()
            again = next(life, None)
        if again is not None:
            heapq.heappush(waiting, (max(again, at), next(number), life))
