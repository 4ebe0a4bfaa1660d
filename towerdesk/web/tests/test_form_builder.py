"""A form is built on its screen: order, conditions in words, the page for customers, the preview, a test."""

import re

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.testing import cast
from towerdesk.tickets.models import Form, Ticket
from towerdesk.tickets.taxonomy.edit import make_value
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form

ASKS = {
    "ask": ["machine", "serial", "weight"],
    "machine.place": "1",
    "machine.required": "on",
    "serial.place": "2",
    "serial.required": "on",
    "serial.when.0.ask": "machine",
    "serial.when.0.says": "any_of",
    "serial.when.0.values": "Solo 2, Duo",
    "serial.when.1.ask": "",
}
PAGE = {
    "page.there": "1",
    "page.public": "on",
    "page.language": "de",
    "page.inbox": "",
    "page.sites": "https://shop.example\nhttps://www.shop.example",
    "page.files": "2",
    "page.megabytes": "5",
    "page.thanks": "We ring you.",
}


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def fields(ana):
    save_field("machine", name="Machine", kind="choice", by=ana)
    for name in ("Solo 2", "Duo", "Grinder"):
        make_value("field.machine", name, by=ana)
    save_field("serial", name="Serial number", kind="text", by=ana)
    save_field("weight", name="Weight", kind="number", by=ana)


def test_a_form_is_built_with_a_condition_and_a_page(web, fields):
    web.post("/settings/forms/new", {"name": "Repair", "does": "save", **ASKS, **PAGE})

    form = Form.objects.get()
    assert form.asks[1]["when"] == [{"ask": "machine", "says": "any_of", "values": ["solo-2", "duo"]}]
    assert form.page == {
        "public": True,
        "language": "de",
        "sites": ["https://shop.example", "https://www.shop.example"],
        "files": 2,
        "megabytes": 5,
        "answers": False,
        "thanks": "We ring you.",
    }
    page = text_of(web.get("/settings/forms/repair"))
    assert "Asked when “Machine” is Solo 2 or Duo" in page
    assert "data-form=&quot;repair&quot; async" in page
    assert "Works on https://shop.example, https://www.shop.example and nowhere else." in page
    assert "Deutsch" in text_of(web.get("/settings/forms"))


def test_what_was_typed_is_kept_when_it_is_refused(web, fields, ana):
    save_form("repair", name="Repair", by=ana)
    late = {"serial.place": "1", "machine.place": "2"}

    refused = web.post("/settings/forms/repair", {"name": "Repairs!", "does": "save", **ASKS, **late, **PAGE})

    assert refused.status_code == 422
    page = text_of(refused)
    assert "“Serial number” can depend only on what is asked before it" in page
    assert 'value="Repairs!"' in page
    assert 'value="We ring you."' in page
    assert "https://www.shop.example</textarea>" in page
    assert 'value="Solo 2, Duo"' in page
    assert Form.objects.get().page == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [({"serial.when.0.values": "Sollo"}, "There is no"), ({"page.sites": "shop"}, "is no site")],
)
def test_a_condition_or_site_that_can_not_be_is_refused(web, fields, values, said):
    answer = web.post("/settings/forms/new", {"name": "Repair", "does": "save", **ASKS, **PAGE, **values})

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Form.objects.exists()


def test_the_preview_shows_what_is_not_saved_yet(web, fields):
    said = text_of(web.post("/settings/forms/preview", {"name": "Reparatur", **ASKS, **PAGE}))

    assert "Reparatur" in said
    assert "Absenden" in said
    assert "Nur wenn: Machine: Solo 2 / Duo" in said
    assert '"says": "any_of"' in said
    assert not Form.objects.exists()
    assert "is no site" in text_of(
        web.post("/settings/forms/preview", {"name": "x", **ASKS, **PAGE, "page.sites": "x"})
    )


def test_a_test_goes_the_whole_way(web, desk, fields, ana):
    web.post("/settings/forms/new", {"name": "Repair", "does": "save", **ASKS, **PAGE})

    answer = web.post("/settings/forms/repair", {"does": "test"})

    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == f"/tickets/{ticket.pk}"
    assert ticket.fields == {"machine": "solo-2", "serial": "A test"}
    assert ticket.messages.get().trust["sentence"] == "A test of the form “Repair”."
    assert ticket.confirmation.address == "ana@brasswell.example"


def test_a_test_without_an_inbox_says_what_to_do(web, fields, ana):
    save_form("repair", name="Repair", by=ana)
    Inbox.objects.all().delete()

    answer = web.post("/settings/forms/repair", {"does": "test"})

    assert answer.status_code == 409
    assert "open one first" in text_of(answer)


def test_who_may_not_change_the_set_up_sees_no_preview(client, desk):
    client.force_login(cast.agent("Ben Okafor", desk.repairs))

    assert client.post("/settings/forms/preview", {"name": "x"}).status_code == 403


def test_the_sheet_of_a_ticket_says_which_form_it_came_by(web, desk, fields, ana):
    save_form("repair", name="Repair", by=ana)
    web.post("/settings/forms/repair", {"does": "test"})

    page = text_of(web.get(f"/tickets/{Ticket.objects.get().pk}"))
    assert "by web form" in page
    assert "A test of the form “Repair”." in page


def test_who_fills_it_in_for_somebody_is_asked_by_the_same_conditions(web, desk, fields, ana):
    web.post("/settings/forms/new", {"name": "Repair", "does": "save", **ASKS})
    said = {
        "form": "repair",
        "email": "mara@lindqvist.example",
        "subject": "Loud",
        "text": "It grinds.",
        "field.serial": "left",
    }

    demanded = web.post("/tickets/new", said | {"field.machine": "duo", "field.serial": ""})
    assert "“Repair” needs “Serial number”" in text_of(demanded)

    web.post("/tickets/new", said | {"field.machine": "grinder"})
    assert Ticket.objects.get().fields == {"machine": "grinder"}
    assert "Form</dt><dd>Repair" in text_of(web.get(f"/tickets/{Ticket.objects.get().pk}"))
