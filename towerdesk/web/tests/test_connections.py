"""An administrator connects a system and says what may be done there; an agent gives their word on a ticket."""

import pytest
from django.test import Client

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.cli.demo.shop.connect import BASE, TOOLS
from towerdesk.cli.demo.shop.server import serving
from towerdesk.cli.demo.shop.small import small_shop
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument, FateUnknown, ToolSpec, Undo, Value
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.models import Call, Connection, ToolSetting
from towerdesk.connectors.use import use
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

TOKEN = "s3cret-" * 6


@pytest.fixture
def admin(desk: cast.Desk) -> Client:
    client = Client()
    client.force_login(cast.agent("Tomasz Wilk", desk.repairs, role="admin"))
    return client


@pytest.fixture
def shop(tmp_path, settings):
    with serving(small_shop(tmp_path / "shop.sqlite3"), TOKEN) as running:
        settings.CONNECTOR_HOSTS = [running.url.removeprefix("http://")]
        yield running


def fill_in(shop, **more):
    text = TOOLS.read_text().replace(BASE, shop.url)
    values = {"kind": "http", "name": "Shop", "description": text, "hosts": shop.url}
    return values | {"secret_name": ["token", ""], "secret": [TOKEN, ""]} | more


def test_a_system_is_connected_tried_and_its_tools_are_let_loose(admin, shop):
    assert "No system is connected yet" in admin.get("/settings/connections").content.decode()
    admin.post("/settings/connections/new", fill_in(shop))
    page = admin.post("/settings/connections/shop/do", {"does": "try"}, follow=True).content.decode()

    assert "It answers (200)." in page
    assert TOKEN not in page
    assert ToolSetting.objects.get(tool="get_order").enabled
    assert not ToolSetting.objects.get(tool="refund_order").enabled

    where = "/settings/connections/shop/tools/refund_order"
    rule = {"enabled": "1", "approval": "always", "approver": "lead", "most_amount": "60,00", "most_a_day": "9"}
    admin.post(where, {**rule, "does": "save"})

    setting = ToolSetting.objects.get(tool="refund_order")
    assert (setting.enabled, setting.approver, str(setting.most_amount), setting.most_a_day) == (
        True,
        "lead",
        "60.00",
        9,
    )
    tried = {"does": "try", "a.order": "B-20003", "a.account": "C-1", "a.amount": "12.5"}
    page = admin.post(where, tried).content.decode()
    assert "Refund 12.50 of order B-20003 to the card of Mara Lindqvist" in page
    assert "It would wait: a second person approves each of these." in page
    assert not Call.objects.exists()
    read = admin.post("/settings/connections/shop/tools/get_order", {"does": "try", "a.order": "B-20003"})
    assert "Order B-20003 is delivered" in read.content.decode()
    assert "Order B-20003 is delivered" in admin.get("/settings/connections/shop").content.decode()


def test_a_secret_that_is_left_empty_stays(admin, shop):
    admin.post("/settings/connections/new", fill_in(shop))
    admin.post("/settings/connections/shop", fill_in(shop, name="The shop", secret=["", ""]))

    connection = Connection.objects.get()
    assert (connection.name, registry.account_of(connection).secrets) == ("The shop", {"token": TOKEN})
    assert TOKEN not in str(connection.secrets)


def test_a_description_that_makes_no_sense_is_said_and_kept_to_be_mended(admin, shop):
    said = admin.post("/settings/connections/new", fill_in(shop, description="base: https://a.example\ntools: [{}]"))

    assert said.status_code == 422
    assert "tools → 0 → name: Field required" in said.content.decode()
    assert "tools: [{}]" in said.content.decode()
    assert not Connection.objects.exists()


def test_an_openapi_document_is_a_beginning(admin):
    document = """{"openapi": "3.1.0", "info": {"title": "Store"}, "servers": [{"url": "https://api.store.example/v2"}],
      "paths": {"/orders/{orderId}": {"get": {"operationId": "getOrder", "summary": "One order",
      "parameters": [{"name": "orderId", "in": "path"}]}}}}"""
    page = admin.post("/settings/connections/new", {"kind": "http", "does": "import", "document": document})

    assert "path: /orders/{order_id}" in page.content.decode()
    assert "api.store.example" in page.content.decode()
    assert not Connection.objects.exists()


def test_an_agent_changes_no_connection(desk, ben_user):
    client = Client()
    client.force_login(ben_user)

    for path in ("/settings/connections", "/settings/connections/new"):
        assert client.get(path).status_code == 403


@pytest.fixture
def send(desk):
    arguments = (Argument("part"),)
    back = FakeTool(ToolSpec("fetch", "Fetch it back", arguments=arguments))
    tool = FakeTool(ToolSpec("send", "Send a part", arguments=arguments, undo=Undo("fetch", {"part": "argument.part"})))
    connect("store", tool, back, approval="unlicensed")
    yield tool
    registry.put("fake", None)


def wish(ticket: Ticket, by=THE_ASSISTANT) -> Call:
    return use("store.send", {"part": Value("gasket", "procedure")}, key="k", by=by, ticket=ticket.pk)


def test_an_agent_approves_on_the_ticket_and_takes_it_back(send, ticket, ben_user):
    client = Client()
    client.force_login(ben_user)
    call = wish(ticket)
    page = client.get(f"/tickets/{ticket.pk}").content.decode()
    assert "Assistant wants this; no licence covers this, so a person approves it." in page

    client.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "approve"})
    call.refresh_from_db()
    assert (call.state, call.decided_by) == ("done", "Ben Okafor")
    assert "Take it back" in client.get(f"/tickets/{ticket.pk}").content.decode()

    client.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "undo"})
    call.refresh_from_db()
    assert call.state == "undone"


def test_an_agent_says_whether_it_happened(send, ticket, ben, ben_user):
    client = Client()
    client.force_login(ben_user)
    send.says_nothing, send.goes_wrong = True, [FateUnknown("The line broke.")]
    call = wish(ticket, by=ben)
    assert "It did not" in client.get(f"/tickets/{ticket.pk}").content.decode()

    client.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "happened"})

    call.refresh_from_db()
    assert call.note == "Ben Okafor found that it happened."


def test_of_what_is_on_no_ticket_an_administrator_is_asked(admin, send, ben):
    send.says_nothing, send.goes_wrong = True, [FateUnknown("The line broke.")]
    call = use("store.send", {"part": Value("gasket", "agent")}, key="k", by=ben)
    assert "It did not" in admin.get("/settings/connections/store").content.decode()

    admin.post("/settings/connections/store/do", {"does": "did_not", "call": str(call.pk)})

    call.refresh_from_db()
    assert (call.state, call.again) == ("failed", True)


def test_nobody_decides_on_a_ticket_that_they_may_not_see(send, ticket, desk):
    client = Client()
    client.force_login(cast.agent("Fatou Diallo", desk.repairs, role="viewer"))
    call = wish(ticket)

    assert client.post(f"/tickets/{ticket.pk}/tools/{call.pk}", {"word": "approve"}).status_code == 403
    assert client.post(f"/tickets/{ticket.pk + 1}/tools/{call.pk}", {"word": "approve"}).status_code == 404
