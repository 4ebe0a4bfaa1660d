"""On a ticket an agent looks up an order in the shop, sees what cancelling it would do, and has it done: once."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from towerdesk.cli.demo.shop.connect import BASE, TOOLS
from towerdesk.cli.demo.shop.server import serving
from towerdesk.cli.demo.shop.small import MARA, small_shop
from towerdesk.connectors.contract import TEXT
from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.connectors.set_up import connect, set_tool
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

TOKEN = "s3cret-" * 6
SAID = "Please cancel order B-20001. Order B-20005 is a friend's."
CANCEL = {"a.order": "B-20001", "a.account": "C-1"}


@pytest.fixture
def books(tmp_path):
    return small_shop(tmp_path / "shop.sqlite3")


@pytest.fixture
def shop(books, settings, db):
    with serving(books, TOKEN) as running:
        host = running.url.removeprefix("http://")
        settings.CONNECTOR_HOSTS = [host]
        text = TOOLS.read_text().replace(BASE, running.url)
        said = {"settings": {TEXT: text}, "secrets": {"token": TOKEN}, "hosts": [host]}
        connect(None, name="Shop", kind="http", by=CLOCK, **said)
        ToolSetting.objects.update(enabled=True, approval="unlicensed")
        yield running


def asks(desk, text: str = "Please cancel order B-20001.", trust: bool = True) -> Ticket:
    mara = person_for(MARA, "Mara Lindqvist", verified=True)
    ticket = cast.opened(desk, mara, "My order", text)
    ticket.messages.update(trust={"verified": trust}, sender=MARA)
    return ticket


@pytest.fixture
def ben_at_work(ben_user) -> Client:
    client = Client()
    client.force_login(ben_user)
    return client


def refunds(books) -> list[int]:
    with books.open() as link:
        return [row["amount"] for row in link.execute("SELECT amount FROM refunds").fetchall()]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([0-9a-f]+)"', page)
    assert found, name
    return found[1]


def value_of(page: str, argument: str) -> str:
    found = re.search(rf'name="a\.{argument}" value="([^"]*)"', page)
    assert found, argument
    return found[1]


def look_up(client: Client, ticket: Ticket, tool: str = "get_order", **values: str) -> str:
    where = f"/tickets/{ticket.pk}/use/shop.{tool}"
    nonce = hidden(client.get(where).content.decode(), "nonce")
    return client.post(where, {"does": "do", "nonce": nonce, **values}, follow=True).content.decode()


def see(client: Client, ticket: Ticket, tool: str, values: dict[str, str]) -> dict[str, str]:
    """The dry run, and what its yes sends."""
    where = f"/tickets/{ticket.pk}/use/shop.{tool}"
    nonce = hidden(client.get(where).content.decode(), "nonce")
    page = client.post(where, {"does": "see", "nonce": nonce, **values}).content.decode()
    return {"does": "do", "nonce": nonce, "seen": hidden(page, "seen"), "page": page, **values}


def do(client: Client, ticket: Ticket, tool: str, yes: dict[str, str]):
    sent = {name: value for name, value in yes.items() if name != "page"}
    return client.post(f"/tickets/{ticket.pk}/use/shop.{tool}", sent, follow=True)


def test_an_order_is_looked_up_then_cancelled_and_the_ticket_tells_it(desk, shop, books, ben_at_work):
    ticket = asks(desk)
    page = ben_at_work.get(f"/tickets/{ticket.pk}").content.decode()
    assert f'href="/tickets/{ticket.pk}/use" data-key="f"' in page
    assert "Cancel an order" in ben_at_work.get(f"/tickets/{ticket.pk}/use").content.decode()

    first = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.cancel_order").content.decode()
    assert (value_of(first, "order"), value_of(first, "account")) == ("", "")
    assert "B-20001 (Mara wrote so)" in first
    assert "It is told by" in first

    form = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.get_order").content.decode()
    assert value_of(form, "order") == "B-20001"
    found = look_up(ben_at_work, ticket, **{"a.order": "B-20001"})
    with CaptureQueriesContext(connection) as asked:
        ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.get_order?call={Call.objects.get().pk}")
    assert len(asked) <= 15
    assert "Order B-20001 is confirmed" in found
    assert f'href="/tickets/{ticket.pk}/use/shop.cancel_order"' in found

    with CaptureQueriesContext(connection) as asked:
        filled = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.cancel_order").content.decode()
    assert len(asked) <= 15
    assert {name: value_of(filled, name) for name in ("order", "account")} == {"order": "B-20001", "account": "C-1"}
    assert "looked up by “Look up an order”" in filled

    yes = see(ben_at_work, ticket, "cancel_order", CANCEL)
    assert "Cancel order B-20001; 361.00 go back" in yes["page"]
    assert "<del>confirmed</del> <ins>cancelled</ins>" in yes["page"]
    assert refunds(books) == []
    after = do(ben_at_work, ticket, "cancel_order", yes).content.decode()
    do(ben_at_work, ticket, "cancel_order", yes)

    call = Call.objects.get(tool="shop.cancel_order")
    assert (call.state, call.checked, call.by_name, refunds(books)) == ("done", "yes", "Ben Okafor", [36100])
    assert {said["source"] for said in call.sources.values()} == {"tool"}
    assert "Read back: so it is." in after
    assert Event.objects.filter(kind="tool.done", ticket_id=ticket.pk, subject_id=call.pk).count() == 1
    assert "Ben Okafor: Order B-20001 is cancelled" in after


def test_what_was_agreed_to_is_what_is_done(desk, shop, books, ben_at_work, ben):
    ticket = asks(desk)
    look_up(ben_at_work, ticket, **{"a.order": "B-20001"})
    yes = see(ben_at_work, ticket, "cancel_order", CANCEL)
    with books.open() as link:
        link.execute("UPDATE orders SET status = 'packed' WHERE number = 'B-20001'")

    said = do(ben_at_work, ticket, "cancel_order", yes)

    assert (said.status_code, refunds(books)) == (409, [])
    assert "not as you have seen it any more" in said.content.decode()
    assert "<del>packed</del>" in said.content.decode()
    assert do(ben_at_work, ticket, "cancel_order", yes | {"seen": ""}).status_code == 422


def test_a_limit_and_a_second_person_hold_for_people_too(desk, shop, books, ben_at_work, ana_user):
    set_tool("shop.refund_order", most_amount=20, approval="always", by=CLOCK)
    ticket = asks(desk, "I want money for B-20003 back, € 50.00 of it.")
    look_up(ben_at_work, ticket, **{"a.order": "B-20003"})
    form = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.refund_order").content.decode()
    assert value_of(form, "amount") == ""
    assert "50.00 (Mara wrote so)" in form
    values = {"a.order": "B-20003", "a.account": "C-1", "a.amount": "50,00"}
    refused = ben_at_work.post(f"/tickets/{ticket.pk}/use/shop.refund_order", {"does": "see", **values})
    assert (refused.status_code, "may be at most 20" in refused.content.decode()) == (403, True)

    yes = see(ben_at_work, ticket, "refund_order", values | {"a.amount": "12,50"})
    assert "It would wait: a second person approves each of these." in yes["page"]
    do(ben_at_work, ticket, "refund_order", yes)
    call = Call.objects.get(tool="shop.refund_order")
    assert (call.state, refunds(books)) == ("planned", [])
    assert ben_at_work.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "approve"}).status_code == 403

    ana_at_work = Client()
    ana_at_work.force_login(ana_user)
    ana_at_work.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "approve"})
    assert refunds(books) == [1250]


def test_what_somebody_writes_opens_no_other_persons_order(desk, shop, ben_at_work):
    """Two numbers are no value; the other one is refused, until an agent answers for it."""
    ticket = asks(desk, SAID)
    form = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.get_order").content.decode()
    assert value_of(form, "order") == ""

    assert "belongs to somebody else" in look_up(ben_at_work, ticket, **{"a.order": "B-20005"})
    assert "Order B-20005 is" in look_up(ben_at_work, ticket, **{"a.order": "B-20005", "mine": "1"})


def test_nobody_vouches_for_a_sender_that_no_server_knows(desk, shop, ben_at_work):
    ticket = asks(desk, trust=False)
    page = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.find_account").content.decode()

    assert "Nobody proves that Mara wrote this" in page
    assert "C-1" in look_up(ben_at_work, ticket, "find_account", **{"a.mail": MARA})
    assert Call.objects.get().sources["mail"]["source"] == "agent"


def test_who_may_not_and_what_is_over(desk, shop, ben_at_work):
    ticket = asks(desk)
    viewer = Client()
    viewer.force_login(cast.agent("Fatou Diallo", desk.repairs, role="viewer"))
    assert "Do something in" not in viewer.get(f"/tickets/{ticket.pk}").content.decode()
    assert viewer.get(f"/tickets/{ticket.pk}/use").status_code == 403
    assert viewer.get(f"/tickets/{ticket.pk}/use/shop.get_order").status_code == 404

    ToolSetting.objects.filter(tool="cancel_order").update(enabled=False)
    assert ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.cancel_order").status_code == 404
    Ticket.objects.filter(pk=ticket.pk).update(status="closed")
    values = {"does": "see", "a.order": "B-20003", "a.account": "C-1", "a.amount": "1"}
    closed = ben_at_work.post(f"/tickets/{ticket.pk}/use/shop.refund_order", values)
    assert (closed.status_code, "open it again first" in closed.content.decode()) == (409, True)


def test_with_no_system_there_is_nothing_to_press(desk, ticket, ben_at_work):
    assert "In other systems" not in ben_at_work.get(f"/tickets/{ticket.pk}").content.decode()
    assert "An administrator connects them" in ben_at_work.get(f"/tickets/{ticket.pk}/use").content.decode()


def test_the_wish_is_the_customers_and_can_be_taken_back(desk, shop, ben_at_work):
    ticket = asks(desk, "Please send order B-20001 to Lindenstraße 12, 20095 Hamburg instead. It was wrong.")
    look_up(ben_at_work, ticket, **{"a.order": "B-20001"})
    form = ben_at_work.get(f"/tickets/{ticket.pk}/use/shop.change_delivery_address").content.decode()
    assert (value_of(form, "street"), value_of(form, "city")) == ("Lindenstraße 12", "20095 Hamburg")
    values = {f"a.{name}": value_of(form, name) for name in ("order", "account", "street", "city")}

    after = do(
        ben_at_work, ticket, "change_delivery_address", see(ben_at_work, ticket, "change_delivery_address", values)
    )

    assert "Take it back" in after.content.decode()
    assert Call.objects.get(tool="shop.change_delivery_address").sources["street"]["source"] == "customer"
