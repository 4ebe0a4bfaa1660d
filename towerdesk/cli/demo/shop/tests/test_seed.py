"""The shop and what customers write tell the same story."""

from datetime import UTC, datetime

from towerdesk.cli.demo.shop.books import Books
from towerdesk.cli.demo.shop.look import order
from towerdesk.cli.demo.shop.orders import customers
from towerdesk.cli.demo.shop.seed import seed
from towerdesk.cli.demo.traffic import Generator


def test_customers_write_of_orders_that_are_theirs(tmp_path):
    books, now = Books(tmp_path / "shop.sqlite3"), datetime.now(UTC)
    seed(books)
    seed(books)
    writer = Generator(3, customers())
    requests = [writer.request(now, "cancel-order") for _ in range(60)]

    with books.open() as link:
        found = {one.person.email: order(link, one.slots["order"], now.date()) for one in requests}
        count = link.execute("SELECT count(*) AS n FROM accounts").fetchone()["n"]

    theirs = [mail for mail, one in found.items() if one["mail"] == mail]
    assert len(theirs) > 0.9 * len(found)
    assert {one["status"] for one in found.values()} >= {"confirmed", "delivered"}
    assert count == len(customers())
