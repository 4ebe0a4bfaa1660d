"""The shop of the past shows each day as it was, and what was done there stands in the real books when all is told."""

from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest

from towerdesk.assistant.models import Grade, ProcedureRun, ProcedureVersion, Run
from towerdesk.assistant.procedures.by_hand import begin_by_hand
from towerdesk.cli.demo.acting import KEYS, does_what_is_asked, goes_where_they_said, let_it_go_on
from towerdesk.cli.demo.past_shop import shop_of_the_past
from towerdesk.cli.demo.procedures import publish_all
from towerdesk.cli.demo.shop.connect import connect_shop
from towerdesk.cli.demo.shop.small import MARA, small_shop
from towerdesk.connectors.contract import Value
from towerdesk.connectors.use import use
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket


@pytest.fixture
def books(db, tmp_path, monkeypatch):
    monkeypatch.setenv("TOWERDESK_DATA", str(tmp_path))
    return small_shop(tmp_path / "shop.sqlite3")


def status_in(books, number):
    with books.open() as link:
        return link.execute("SELECT status FROM orders WHERE number = ?", [number]).fetchone()["status"]


def test_an_order_is_cancelled_while_it_was_confirmed_and_another_was_not_there_yet(books, ana):
    connect_shop()
    end = now()

    def say(tool, **given):
        values = {name: Value(value, "agent") for name, value in given.items()}
        return use(f"shop.{tool}", values, key=f"{tool} {given} {now()}", by=ana, person=MARA)

    with shop_of_the_past(end - timedelta(days=30)) as shop:
        for days, status in ((9.5, "confirmed"), (6, "shipped")):
            with clock.at(end - timedelta(days=days)):
                shop.look()
                assert say("get_order", order="B-20003").content["status"] == status
                assert {one["order"] for one in say("list_orders", account="C-1").content["orders"]} == {
                    "B-20003",
                    "B-20004",
                }
        with clock.at(end - timedelta(days=2.5)):
            shop.look()
            assert say("cancel_order", order="B-20002", account="C-1").state == "done"
            assert status_in(books, "B-20002") == "packed"

    assert (status_in(books, "B-20002"), status_in(books, "B-20003")) == ("cancelled", "delivered")
    with books.open() as link:
        [refund] = link.execute("SELECT number, started_on FROM refunds").fetchall()
    assert refund == {"number": "B-20002", "started_on": (end - timedelta(days=2.5)).date().isoformat()}


def test_an_agent_lets_it_go_on_while_it_does_what_was_asked_and_grades_it_by_that(books, desk, ana):
    connect_shop()
    publish_all(by=CLOCK, only=KEYS)
    asked = SimpleNamespace(needs_person=True, language="en", slots={"order": "B-20002"})
    mara, end = person_for(MARA, "Mara Lindqvist", verified=True), now()

    with shop_of_the_past(end - timedelta(days=30)) as shop, clock.at(end - timedelta(days=2.5)):
        shop.look()
        ticket = cast.opened(desk, mara, "Order", "Please cancel order B-20002.")
        begin_by_hand(ticket, ProcedureVersion.objects.get(procedure__key="cancel-order"), by=ana)
        begun = Run.objects.get()
        assert does_what_is_asked(begun, asked)
        assert not does_what_is_asked(begun, SimpleNamespace(needs_person=False, slots=asked.slots))
        assert not does_what_is_asked(begun, SimpleNamespace(needs_person=True, slots={"order": "B-20003"}))

        def answers(sent, text):
            message = cast.says(ticket, text, sender=MARA, trust={"verified": True})
            message.ticket = Ticket.objects.select_related("requester", "inbox", "team", "intent").get(pk=ticket.pk)
            return message

        settled, last = whole(let_it_go_on(asked, begun, ana, Random(1), lambda sent: None, answers))

    assert (settled, ProcedureRun.objects.get(pk=last.procedure_run_id).state, status_in(books, "B-20002")) == (
        True,
        "done",
        "cancelled",
    )
    assert list(Grade.objects.values_list("right", "verdict").order_by("id")) == [(True, "approved")] * 2
    assert "Order B-20002 is cancelled." in ticket.messages.filter(direction="out").last().text


@pytest.mark.parametrize(
    ("street", "right"),
    [
        ("Am Mühlbach 46", True),
        ("am mühlbahc 46", True),
        ("right one is Am Mühlbach 46", False),
        ("Am Mühlbach 4", False),
    ],
)
def test_a_parcel_that_would_go_elsewhere_is_not_what_was_asked(street, right):
    asked = SimpleNamespace(slots={"street": "Am Mühlbach 46", "city": "Freiburg"})
    assert goes_where_they_said({"street": street, "city": "Freiburg"}, asked) == right


def whole(life):
    """What it comes to in the end."""
    while True:
        try:
            next(life)
        except StopIteration as end:
            return end.value
