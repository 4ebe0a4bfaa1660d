"""A desk that knows what is usual: four weeks of requests, and a helper that lets more come."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib import clock
from towerdesk.people.find import person_for
from towerdesk.problems.models import Member, Sighting, Surge
from towerdesk.problems.surges.like import middle
from towerdesk.problems.surges.watch import watch
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

TUESDAY = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
MODEL = "fake-1"


def toward(topic, chance, spread=0.7):
    """A unit vector near the direction of a topic, by its number."""
    made = chance.normal(size=384) * spread / np.sqrt(384)
    made[topic] += 1.0
    return (made / np.linalg.norm(made)).astype(np.float32)


class Arrivals:
    def __init__(self, desk):
        self.desk, self.chance, self.number = desk, np.random.default_rng(4), 0

    def ordinary(self, days=14, daily=10, topics=12):
        """In office hours of working days, of topics of all kinds; remembered, with one ticket behind each."""
        times = [
            TUESDAY - timedelta(days=days - day, hours=2) + timedelta(minutes=float(self.chance.uniform(0, 540)))
            for day in range(days)
            for _ in range(daily if (TUESDAY - timedelta(days=days - day)).weekday() < 5 else daily // 4)
        ]
        person = person_for("someone@example.com", "Some One")
        made = Ticket.objects.bulk_create(
            Ticket(
                subject="Ordinary", requester=person, inbox=self.desk.inbox, team=self.desk.repairs, created_at=at,
                next_step="x", due_at=at,
            )
            for at in times
        )  # fmt: skip
        Sighting.objects.bulk_create(
            Sighting(
                ticket=ticket, at=at, person=number, model=MODEL,
                vector=pack(toward(int(self.chance.integers(20, 20 + topics)), self.chance)[None]),
            )
            for number, (ticket, at) in enumerate(zip(made, times, strict=True))
        )  # fmt: skip

    def one(self, at=TUESDAY, topic=3, subject="Checkout fails", person=None, **more):
        """A ticket that comes in the ordinary way, and the lookout's eye on it."""
        self.number += 1
        who = person or person_for(f"customer{self.number}@example.com", f"Cora{self.number} Long")
        with clock.at(at):
            ticket = cast.opened(self.desk, who, f"{subject} {self.number}", "I can't pay.")
            for name, value in more.items():
                setattr(ticket, name, value)
            ticket.save()
            watch(ticket, toward(topic, self.chance), MODEL)
        return ticket

    def many(self, number=8, every=2, begin=TUESDAY, **more):
        return [self.one(begin + timedelta(minutes=every * each), **more) for each in range(number)]

    def proposed(self, number=6):
        """A surge as the lookout would propose it, without the weeks that it needs to know what is usual."""
        tickets = self.many(number)
        seen = Sighting.objects.filter(ticket__in=tickets).order_by("ticket")
        centre = middle(np.concatenate([unpack(one.vector) for one in seen]))
        surge = Surge.objects.create(
            about=tickets[0].subject, example=tickets[0], centre=pack(centre[None]), model=MODEL, count=number, minutes=20,
            expected=0.2, probability=1e-7, first_at=TUESDAY, last_at=tickets[-1].created_at, at=TUESDAY,
        )  # fmt: skip
        Member.objects.bulk_create(Member(surge=surge, ticket=one, near=0.8, was_type=one.type) for one in tickets)
        return surge


@pytest.fixture
def arrivals(desk):
    return Arrivals(desk)
