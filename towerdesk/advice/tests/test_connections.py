"""A connection that can't do its work is found before a procedure needs it."""

import pytest

from towerdesk.advice.lint import lint
from towerdesk.cli.checks.inside import _connections
from towerdesk.connectors.models import Connection
from towerdesk.connectors.set_up import connect, set_tool
from towerdesk.lib.actor import CLOCK
from towerdesk.setup.tests.test_connections import SHOP


@pytest.fixture
def shop(desk):
    given = {"settings": {"description": SHOP}, "secrets": {"token": "t"}, "hosts": ["shop.example"]}
    return connect(None, name="Shop", kind="http", by=CLOCK, **given)


def told(check):
    return [one.finding.what for one in lint(by=CLOCK) if one.check.name == check]


def test_one_that_has_all_it_needs_is_not_told(shop):
    assert [told(check) for check in ("connection-fails", "secret-in-sight", "tool-no-limit")] == [[], [], []]
    assert _connections().sentence == "1 without trouble."


def test_a_missing_secret_is_told_by_its_name(shop):
    Connection.objects.update(secrets={})

    assert told("connection-fails") == ["The connection “Shop” lacks the secret “token”."]
    assert _connections().sentence == "Shop lacks the secret token."


def test_a_secret_in_the_description_is_told_without_its_value(shop):
    Connection.objects.update(settings={"description": SHOP.replace("{secret.token}", "plain")})

    [said] = told("secret-in-sight")
    assert "authorization" in said
    assert "plain" not in said


def test_money_without_a_bound_is_told_until_there_is_one(shop):
    set_tool("shop.refund", enabled=True, approval="never", by=CLOCK)
    assert told("tool-no-limit") == ["“shop.refund” moves money without an approval and without a limit."]

    set_tool("shop.refund", most_amount="50", by=CLOCK)
    assert told("tool-no-limit") == []
