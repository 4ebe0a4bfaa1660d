"""Twelve generated customers, a real shop over HTTP: most are helped to the end, nobody wrongly."""

import pytest

from tests.customers.live import TOKEN, fill_shop, live, set_up_desk, shares
from tests.customers.wishes import KINDS
from towerdesk.cli.demo.shop.server import serving
from towerdesk.testing import cast

THEIRS = {"cancel-order", "change-address", "subscription-change", "invoice-copy", "order-status", "return-how-to"}


@pytest.mark.django_db
def test_most_customers_are_helped_and_nobody_wrongly(tmp_path):
    books = fill_shop(tmp_path / "shop.sqlite")
    with serving(books, TOKEN) as shop:
        inbox = set_up_desk(shop.url, THEIRS)
        ana = cast.acting(cast.agent("Ana Reyes", inbox.team))
        seen = list(live(books, inbox, ana, 10, 7, books.now().date()))

    assert [one.why for one in seen if one.outcome == "wrong"] == []
    assert shares(seen)["resolved"] >= 0.5
    begun = [one for one in seen if one.why != "no procedure began"]
    assert all(one.complete for one in begun)
    assert len({one.customer.kind for one in seen}) >= len(KINDS) - 3
