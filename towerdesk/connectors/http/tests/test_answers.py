"""What an answer means for what was asked: done, a no, or nothing known yet."""

import pytest

from towerdesk.connectors.calling import must_be_allowed
from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.http.answers import meaning_of
from towerdesk.connectors.http.description import ToolIs

READ = ToolIs(name="order", title="Look up an order", effect="read", method="GET", path="/orders")


@pytest.mark.parametrize(
    ("status", "means"),
    [(200, "done"), (404, "not_done"), (401, "later"), (403, "later"), (429, "later"), (503, "later")],
)
def test_whoever_is_not_let_in_knows_nothing(status, means):
    """“There is no such order” must never be said because our own key ran out."""
    assert meaning_of(status, READ) == means


@pytest.mark.parametrize("url", ["http://shop.example/orders", "https://elsewhere.example/orders", "https://[broken"])
def test_a_connection_that_is_set_up_wrongly_says_nothing_about_the_order(url):
    with pytest.raises(NotDone) as refused:
        must_be_allowed(url, Account(slug="shop", hosts=["shop.example"]))

    assert refused.value.later
