"""Lists, fields, forms and intents through the screens, and the ticket that shows them."""

import re

import pytest

from towerdesk.events.models import Event
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.models import CustomField, Form, Intent, Ticket, Value
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import make_value, set_free, set_matrix
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_value_is_added_put_in_order_retired_and_deleted(web):
    web.post("/settings/lists/type/add", {"name": "Warranty claim", "description": "Within two years"})
    page = text_of(web.get("/settings/lists/type"))
    assert "Warranty claim" in page
    assert "Within two years" in page

    web.post("/settings/lists/type/order", {"key": "warranty-claim", "to": "up"})
    assert [key for key, _ in taxonomy().choosable("type")][-2:] == ["warranty-claim", "feature"]

    value = "/settings/lists/type/value?key=warranty-claim"
    web.post(value, {"does": "retire"})
    assert taxonomy().find("type", "warranty-claim").retired
    web.post(value, {"does": "remove"})
    assert not Value.objects.filter(key="warranty-claim").exists()


def test_one_in_use_shows_who_uses_it_and_is_not_deleted(web, ticket, ana):
    make_value("type", "Claim", by=ana)
    change(ticket, type="claim", by=ana)

    page = text_of(web.get("/settings/lists/type/value?key=claim"))
    assert "1 ticket, 1 of them open" in page
    assert 'value="remove"' not in page

    answer = web.post("/settings/lists/type/value?key=claim", {"does": "remove"})
    assert answer.status_code == 409
    assert "“Claim” is used by 1 ticket: retire it instead" in text_of(answer)


def test_a_merge_is_seen_done_and_its_tickets_are_moved_and_moved_back(web, ticket, ana):
    change(ticket, type="bug", by=ana)
    pair = "key=bug&into=incident"
    page = text_of(web.get(f"/settings/lists/type/merge?{pair}"))
    assert "1 ticket keep" in page
    assert "1 open ticket still has “Bug”" in page

    web.post("/settings/lists/type/merge", {"key": "bug", "into": "incident"})
    assert Ticket.objects.get(pk=ticket.pk).type == "bug"
    web.post("/settings/lists/type/move", {"key": "bug", "into": "incident"})
    assert Ticket.objects.get(pk=ticket.pk).type == "incident"

    moved = Event.objects.get(kind="taxonomy.moved")
    web.post(f"/settings/moves/{moved.pk}/back")
    assert Ticket.objects.get(pk=ticket.pk).type == "bug"


def test_the_matrix_is_filled_in(web, ana):
    assert "First say which" in text_of(web.get("/settings/matrix"))
    make_value("impact", "Shop", by=ana)
    make_value("urgency", "Now", by=ana)

    web.post("/settings/matrix", {"shop/now": "critical"})

    assert taxonomy().priority_of("shop", "now") == "critical"


def test_tags_are_closed_and_opened(web):
    web.post("/settings/lists/tag/free", {"free": "no"})
    assert "Only what is in the list can be chosen" in text_of(web.get("/settings/lists/tag"))


def test_a_field_is_made_demanded_and_filled_in_on_the_ticket(web, ticket):
    web.post("/settings/fields/add", {"name": "Serial number", "kind": "text", "help": "On the plate"})
    web.post("/settings/fields/serial_number", {"name": "Serial number", "required_for": "resolved", "does": "save"})

    refused = web.post(f"/tickets/{ticket.pk}/resolve", {"note": "Done"})
    assert "Fill in “Serial number” before" in text_of(refused)

    assert "On the plate" not in text_of(web.get(f"/tickets/{ticket.pk}"))
    web.post(f"/tickets/{ticket.pk}/do", {"subject": ticket.subject, "field.serial_number": "BW-1"})
    page = text_of(web.get(f"/tickets/{ticket.pk}"))
    assert "<dt>Serial number</dt><dd>BW-1</dd>" in page
    assert "Ana Reyes set Serial number to BW-1" in page


def test_a_field_that_does_not_fit_keeps_what_was_typed(web, ticket, ana):
    save_field("cups", name="Cups", kind="number", by=ana)

    answer = web.post(f"/tickets/{ticket.pk}/do", {"subject": ticket.subject, "field.cups": "many"})

    assert answer.status_code == 422
    assert "“Cups” is a number" in text_of(answer)
    assert 'value="many"' in text_of(answer)


def test_a_form_is_made_and_a_ticket_written_down_with_it(web, desk, ana):
    save_field("cups", name="Cups", kind="number", by=ana)
    save_field("color", name="Color", kind="multi", by=ana)
    make_value("field.color", "Red", by=ana)
    form = {"name": "Big order", "type": "task", "team": "billing", "ask": ["cups", "color", "impact"]}
    web.post("/settings/forms/new", form | {"cups.place": "2", "cups.required": "on", "color.place": "1"})
    assert [one["ask"] for one in Form.objects.get().asks] == ["color", "cups"]

    said = {"form": "big-order", "email": "jonas@weber.example", "name": "Jonas", "subject": "Beans", "text": "Many"}
    refused = web.post("/tickets/new", said | {"field.color.there": "1"})
    assert "“Big order” needs “Cups”: fill it in." in text_of(refused)
    assert "Jonas" in text_of(refused)

    web.post("/tickets/new", said | {"field.color.there": "1", "field.color": ["red"], "field.cups": "40"})
    ticket = Ticket.objects.get()
    assert (ticket.type, ticket.team, ticket.fields) == ("task", desk.billing, {"color": ["red"], "cups": 40})
    assert ticket.messages.get().person.name == "Jonas"


def test_the_priority_says_where_it_comes_from(web, ticket, ana):
    make_value("impact", "Shop", by=ana)
    make_value("urgency", "Now", by=ana)
    set_matrix({"shop": {"now": "critical"}}, by=ana)

    same = {"subject": ticket.subject, "priority": "normal", "impact": "shop", "urgency": "now"}
    web.post(f"/tickets/{ticket.pk}/do", same)

    page = text_of(web.get(f"/tickets/{ticket.pk}"))
    assert "Shop × Now makes it critical." in page


def test_an_intent_is_made_changed_and_retired(web, desk):
    said = {"name": "Lost parcel", "team": "billing", "risk": "information", "priority": "high", "type": "question"}
    web.post("/settings/intents/new", said | {"examples": "Where is it?\n\nIt never came."})
    intent = Intent.objects.get(slug="lost-parcel")
    assert (intent.examples, intent.level) == (["Where is it?", "It never came."], "shadow")

    odd = web.post("/settings/intents/lost-parcel", {"does": "dance"})
    assert (odd.status_code, "Choose what is to be done" in odd.content.decode()) == (422, True)
    assert web.post("/settings/intents/new", {"does": "retire"}).status_code == 422

    web.post("/settings/intents/lost-parcel", {"does": "retire"})
    assert not Intent.objects.get(slug="lost-parcel").active


def test_an_agent_has_no_settings_of_lists(bens_web):
    for path in (
        "/settings/lists/type",
        "/settings/fields",
        "/settings/forms",
        "/settings/intents",
        "/settings/matrix",
    ):
        assert bens_web.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/settings/lists/nope", "/settings/fields/nope", "/settings/forms/nope"])
def test_what_is_not_there_is_not_found(web, path):
    assert web.get(path).status_code == 404


def test_a_closed_list_is_a_choice_on_the_ticket(web, ticket, ana):
    make_value("area", "Grinders", by=ana)
    set_free("area", False, by=ana)

    assert '<option value="Grinders">Grinders</option>' in text_of(web.get(f"/tickets/{ticket.pk}/do"))


def test_a_form_in_use_is_retired_and_offered_no_more(web, desk, mara, ana):
    save_form("repair", name="Repair", by=ana)
    Ticket.objects.filter(pk=cast.opened(desk, mara).pk).update(form="repair")

    web.post("/settings/forms/repair", {"does": "retire"})

    assert "form=repair" not in text_of(web.get("/tickets/new"))
    assert CustomField.objects.count() == 0
