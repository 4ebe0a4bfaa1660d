"""A program looks an order up on a ticket and refunds it: once for its key, and only what a call has found."""

import pytest

from towerdesk.connectors import registry
from towerdesk.connectors.contract import VOUCHED, Argument, ToolSpec, Value
from towerdesk.connectors.fake import FakeConnector, FakeTool, connect
from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.connectors.use import use
from towerdesk.people.models import Identity
from towerdesk.testing import cast

ORDER = {"arguments": {"order": "BW-1"}}


@pytest.fixture
def refund(desk, mara):
    mail = mara.identities.get(kind="email").value
    look = ToolSpec(
        "get_order", "Look it up", arguments=(Argument("order", pattern=r"BW-\d"),), effect="read", person="result.mail"
    )
    arguments = (Argument("order", sources=VOUCHED), Argument("amount", "amount"))
    tool = FakeTool(ToolSpec("refund", "Refund it", arguments=arguments, effect="final", amount="amount"))
    connect("shop", FakeTool(look, lambda given: {"order": given["order"], "mail": mail}), tool)
    yield tool
    registry.put("fake", None)


@pytest.fixture
def asked(desk, mara):
    Identity.objects.update(verified=True)
    ticket = cast.opened(desk, mara, "Money", "Please refund BW-1.")
    ticket.messages.update(trust={"verified": True}, sender=mara.identities.get(kind="email").value)
    return ticket


def test_looked_up_foreseen_and_done_once(api, asked, refund):
    where = f"/tickets/{asked.pk}/tools"
    [look, other] = api.get(where).json()["items"]
    assert (look["name"], look["effect"], other["effect"]) == ("shop.get_order", "read", "final")
    assert look["arguments"][0]["known"] == [{"value": "BW-1", "source": "customer", "taken": True}]
    assert other["arguments"][0]["known"] == [{"value": "BW-1", "source": "customer", "taken": False}]
    said = {"arguments": {"order": "BW-1", "amount": "12.50"}}
    assert api.post(f"{where}/shop.refund/preview", said).status_code == 403

    assert api.post(f"{where}/shop.get_order", ORDER).json()["content"]["order"] == "BW-1"
    foreseen = api.post(f"{where}/shop.refund/preview", said).json()
    assert (foreseen["sentence"], foreseen["waits"]) == ("Refund it: order BW-1, amount 12.50", "")
    assert api.post(f"{where}/shop.refund", said).status_code == 422
    first, again = (api.post(f"{where}/shop.refund", said, Idempotency_Key="one").json() for _ in range(2))

    assert (first["state"], first["id"], len(refund.calls)) == ("done", again["id"], 1)
    assert Call.objects.get(pk=first["id"]).by_kind == "key"
    other = {"arguments": {"order": "BW-1", "amount": "13.00"}}
    assert api.post(f"{where}/shop.refund", other, Idempotency_Key="one").status_code == 409


def test_what_a_program_wants_waits_for_a_person_unless_its_tool_says_otherwise(api, asked, refund):
    where = f"/tickets/{asked.pk}/tools"
    ToolSetting.objects.filter(tool="refund").update(approval="unlicensed")
    api.post(f"{where}/shop.get_order", ORDER)
    said = {"arguments": {"order": "BW-1", "amount": "12.50"}}

    assert api.post(f"{where}/shop.refund", said, Idempotency_Key="one").json()["state"] == "planned"
    assert not refund.calls
    ToolSetting.objects.update(enabled=False)
    assert api.get(where).json()["items"] == []
    assert api.post(f"{where}/shop.get_order", ORDER).status_code == 404


def test_what_an_agent_answered_for_is_no_programs_leave(api, asked, refund, mara, ana):
    """Ana looks at a friend's order: it is shown to her, and a program still refunds only what is the requester's."""
    theirs = FakeTool(
        registry.tool("shop.get_order").spec, lambda given: {"order": given["order"], "mail": "jo@else.example"}
    )
    registry.put("fake", FakeConnector(theirs, refund))
    mail = mara.identities.get(kind="email").value
    given = {"order": Value("BW-1", "agent", str(ana.user_id))}
    assert use("shop.get_order", given, key="look", by=ana, ticket=asked.pk, person=mail).state == "done"

    where, said = f"/tickets/{asked.pk}/tools", {"arguments": {"order": "BW-1", "amount": "12.50"}}
    assert api.post(f"{where}/shop.refund/preview", said).status_code == 403
    assert api.post(f"{where}/shop.refund", said, Idempotency_Key="one").status_code == 403
    assert not refund.calls
