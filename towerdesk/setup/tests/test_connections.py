"""Connections go out without their secrets and come back beside those that are there."""

import pytest

from towerdesk.connectors.models import Call, Connection, ToolSetting
from towerdesk.connectors.set_up import connect, set_tool
from towerdesk.connectors.wanted import lacking
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid
from towerdesk.lib.vault import unseal
from towerdesk.setup.bring_in import bring_in, preview
from towerdesk.setup.export import export_text
from towerdesk.setup.say import lines
from towerdesk.setup.tree import read_text

SHOP = """base: https://shop.example
headers:
  Authorization: "Bearer {secret.token}"
tools:
  - name: get_order
    title: Look up an order
    effect: read
    path: /orders/{number}
    arguments:
      number: {}
  - name: refund
    title: Refund
    effect: final
    method: POST
    path: /refunds
    amount: amount
    arguments:
      order: {}
      amount: {kind: amount}
"""


@pytest.fixture
def shop(desk):
    made = connect(
        None, name="Shop", kind="http", settings={"description": SHOP}, secrets={"token": "s3cr3t-of-the-shop"},
        hosts=["shop.example"], by=CLOCK,
    )  # fmt: skip
    set_tool("shop.refund", enabled=True, approval="always", approver="lead", most_amount="150", by=CLOCK)
    return made


def test_no_secret_leaves_and_all_else_comes_back(shop):
    written = export_text(by=CLOCK)
    assert "s3cr3t" not in written
    assert "most_amount: '150.00'" in written
    shop.delete()

    done = bring_in(read_text(written), by=CLOCK)

    assert export_text(by=CLOCK) == written
    refund = ToolSetting.objects.get(tool="refund")
    assert (refund.enabled, refund.approval, refund.approver, refund.most_amount) == (True, "always", "lead", 150)
    assert lines(done)[-1] == (
        "! Secrets are missing, and no file brings them: connections shop needs “token”. Give them under Settings → Connections."
    )


def test_the_secret_that_is_there_stays(shop):
    written = export_text(by=CLOCK).replace("name: Shop", "name: The shop")

    done = bring_in(read_text(written), by=CLOCK)

    shop.refresh_from_db()
    assert (shop.name, unseal(shop.secrets["token"]), done.lacking) == ("The shop", "s3cr3t-of-the-shop", {})
    assert preview(read_text(written), by=CLOCK, prune=True).differences == []


def test_what_was_typed_into_the_description_does_not_leave_either_and_is_not_lost(shop):
    shop.settings = {"description": SHOP.replace("{secret.token}", "in-plain-sight")}
    shop.save()
    written = export_text(by=CLOCK)
    assert "in-plain-sight" not in written
    assert "{secret.authorization}" in written

    bring_in(read_text(written.replace("name: Shop", "name: The shop")), by=CLOCK)

    shop.refresh_from_db()
    assert unseal(shop.secrets["authorization"]) == "Bearer in-plain-sight"
    assert lacking(shop) == []


def test_a_tool_that_the_file_does_not_name_is_off(shop):
    bring_in(read_text(export_text(by=CLOCK).rpartition("    tools:")[0]), by=CLOCK)

    assert not ToolSetting.objects.filter(enabled=True).exists()


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("kind: http", "kind: sql", "can't be of the kind sql"),
        ("      refund:", "      repay:", "brings no tool “repay”"),
        ("- shop.example", "- https://shop.example", "hosts"),
    ],
)
def test_a_mistake_is_told_with_its_place(shop, was, now, why):
    written = export_text(by=CLOCK)
    assert was in written

    with pytest.raises(Invalid, match=f"line .*{why}"):
        bring_in(read_text(written.replace(was, now)), by=CLOCK)


def test_pruned_one_that_was_called_is_switched_off_and_one_that_never_was_goes(shop):
    call = Call.objects.create(
        connection=shop, tool="shop.get_order", effect="read", title="Look", key="k", state="done"
    )
    bring_in(read_text("connections: []\n"), by=CLOCK, prune=True)
    assert not Connection.objects.get().active

    call.delete()
    bring_in(read_text("connections: []\n"), by=CLOCK, prune=True)
    assert not Connection.objects.exists()
