"""The past that is told: broken off, it goes on where it was, and whoever looks at the desk meanwhile is told so."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.accounts.models import User
from towerdesk.channels.models import Inbox
from towerdesk.cli.demo import past
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.prepare import SIGN_IN, set_up
from towerdesk.cli.demo.shop.connect import connect_shop
from towerdesk.cli.demo.telling import Telling, is_about_to_begin
from towerdesk.clockwork import do
from towerdesk.events import record
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.under_way import end as under_way_ends
from towerdesk.lib.under_way import under_way
from towerdesk.people.find import person_for
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.time_passes import time_passes

DAYS, CUSTOMERS, THURSDAY = 3, 8, datetime(2026, 3, 12, 20, 0, tzinfo=UTC)


class Stopped(Exception):
    pass


@pytest.fixture
def demo(db, tmp_path, settings, monkeypatch):
    monkeypatch.setenv("TOWERDESK_DATA", str(tmp_path))
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(past, "FIT_AFTER", 2)  # nothing is learnt in so short a past
    for name in ("_followers", "_for_outside", "_only_if", "_first_if"):
        monkeypatch.setattr(record, name, type(getattr(record, name))())
    set_up(company(), "a password of the demo")
    connect_shop()
    return tmp_path


def stop_at(customers, monkeypatch):
    comes_to = Telling.comes_to

    def or_stops(self, at):
        comes_to(self, at)
        if self.begun == customers:
            raise Stopped

    monkeypatch.setattr(Telling, "comes_to", or_stops)


def test_a_past_that_was_broken_off_goes_on_where_it_was(demo, monkeypatch):
    with monkeypatch.context() as for_now:
        stop_at(4, for_now)
        with pytest.raises(Stopped):
            past.tell(DAYS, CUSTOMERS, until=THURSDAY)
    assert not past.is_told()
    assert (under_way().done, under_way().whole) == (4, CUSTOMERS)
    assert "4 of 8 tickets" in under_way().says
    begun = set(Ticket.objects.values_list("pk", flat=True))
    assert Ticket.objects.waiting().filter(pk__in=begun).exists()
    me = person_for("you@home.example", "You")
    mine = open_ticket("My machine drips", requester=me, inbox=Inbox.objects.first(), by=me.actor())

    past.tell(until=THURSDAY + timedelta(days=2))

    assert past.is_told()
    assert under_way() is None
    assert Raw.objects.values("digest").distinct().count() == Raw.objects.count()
    assert Ticket.objects.exclude(pk=mine.pk).count() in range(arrived() - 1, arrived() + 1), (
        "only who came just then is lost"
    )
    assert not Ticket.objects.waiting().filter(pk__in=begun).exists()
    assert Ticket.objects.get(pk=mine.pk).is_waiting
    assert sorted(file.name for file in demo.glob("*past*")) == ["demo-past.json"]


def arrived():
    until = (THURSDAY + timedelta(days=1)).date()
    return sum(one.at <= THURSDAY for one in past.arrivals(DAYS, CUSTOMERS, past.SEED, until=until))


def test_the_tower_says_that_it_is_under_way(demo, client):
    client.force_login(User.objects.get(email=SIGN_IN))
    assert "is-under-way" not in client.get("/problems/band").content.decode()
    Telling(DAYS, CUSTOMERS, THURSDAY, THURSDAY - timedelta(days=DAYS)).comes_to(THURSDAY - timedelta(days=2))
    page = client.get("/problems/band").content.decode()
    assert "1 of 8 tickets, up to 10 March" in page
    assert 'hx-trigger="every 5s"' in page
    for broken in ("", "[]", "{}", '{"says"'):  # as a full disk or another version may leave it
        (demo / "under-way.json").write_text(broken)
        assert "is-under-way" not in client.get("/problems/band").content.decode()


def test_what_the_clock_does_waits_until_the_clock_is_right_again(demo):
    """Else a desk that starts again would close today what was answered in the past."""
    me = person_for("you@home.example", "You")
    with clock.at(THURSDAY):
        ticket = open_ticket("My machine drips", requester=me, inbox=Inbox.objects.first(), by=me.actor())
        resolve(ticket, "Descaled", kind="solved", by=CLOCK)
    is_about_to_begin()
    do((time_passes,))
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"
    under_way_ends()
    do((time_passes,))
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"
