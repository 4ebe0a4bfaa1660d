"""Ana sets up hours and promises, and a ticket shows its clocks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.hours.models import Calendar
from towerdesk.lib import clock
from towerdesk.sla.models import Clock, Policy
from towerdesk.sla.tests.conftest import at, monday
from towerdesk.testing import cast
from towerdesk.tickets.change import change

WEEK = {f"day{number}": "9-12, 13-17" if number < 5 else "closed" for number in range(7)}
OFFICE = {"name": "Office hours", "zone": "Europe/Amsterdam", "country": "NL", "subdivision": "", "days": "", **WEEK}
EMPTY = {"step_kind": "", "step_when": "before", "step_span": "", "step_act": "", "step_value": ""}
STANDARD = {"name": "Standard", "condition": "", "pauses": ["pending", "hold"], "active": "on", **EMPTY}


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def office(web) -> Calendar:
    web.post("/settings/hours/new", OFFICE)
    return Calendar.objects.get()


@pytest.fixture
def standard(web, office) -> Policy:
    web.post("/settings/policies/new", STANDARD | {"calendar": office.pk, "resolution_normal": "8 h"})
    return Policy.objects.get()


def test_a_calendar_is_made_and_shows_its_week_and_holidays(web, office):
    with clock.at(monday("09:00")):
        page = text_of(web.get(f"/settings/hours/{office.pk}"))

    assert "Monday: 09:00–12:00, 13:00–17:00" in page
    assert "Eerste kerstdag" in page


def test_a_day_of_our_own_outranks_the_holiday(web, office):
    web.post(f"/settings/hours/{office.pk}", OFFICE | {"days": "2026-12-25 09:00–10:00 # Only the phone"})
    with clock.at(monday("09:00")):
        page = text_of(web.get(f"/settings/hours/{office.pk}"))

    assert "Only the phone" in page
    assert "09:00–10:00" in page


def test_from_when_until_when(web, office):
    page = text_of(web.get(f"/settings/hours/{office.pk}?from=2026-11-27T15:30&length=4+h"))

    assert "to <b>Mon 30 Nov 2026 11:30</b> we work 4 h" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"day2": "9 to five"}, "Wednesday: “9 to five” can’t be understood"),
        ({"day2": "17-9"}, "Wednesday: 17:00–09:00 ends before it begins"),
        ({"day2": "9-12, 11-17"}, "two intervals overlap at 11:00"),
        ({"day2": "9-25"}, "Wednesday: there is no time 25:00"),
        ({"zone": "Amsterdam"}, "no time zone “Amsterdam”"),
        ({"country": "XX"}, "choose a country of the list"),
        ({"days": "Christmas"}, "“Christmas” is no day"),
        ({"days": "2026-12-24 closed\n2026-12-24 9-10"}, "2026-12-24 is there twice"),
    ],
)
def test_a_bad_calendar_is_refused_and_keeps_what_was_typed(web, desk, wrong, says):
    answer = web.post("/settings/hours/new", OFFICE | wrong)

    assert answer.status_code == 422
    assert says in text_of(answer).replace("&#x27;", "’")
    assert 'value="Office hours"' in text_of(answer)
    assert not Calendar.objects.exists()


def test_a_calendar_in_use_cannot_be_deleted(web, office, standard):
    answer = web.post(f"/settings/hours/{office.pk}/delete")

    assert answer.status_code == 409
    assert "in use by “Standard”" in text_of(answer)
    assert Calendar.objects.exists()


def test_a_policy_says_in_sentences_what_it_promises(web, office):
    steps = {
        "step_kind": "resolution",
        "step_when": "after",
        "step_span": "2 h",
        "step_act": "team",
        "step_value": "billing",
    }
    form = STANDARD | steps | {"calendar": office.pk, "first_response_critical": "30 min", "resolution_critical": "4 h"}
    web.post("/settings/policies/new", form)
    with clock.at(monday("16:00")):
        page = text_of(web.get("/settings/policies"))

    assert "A first answer within 30 min (critical) of Office hours." in page
    assert "A critical one that begins now is due" in page
    assert "2 h after a solution is due: give it to billing." in page
    assert "stand still while a ticket waits on the customer or on others" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "promises nothing"),
        ({"resolution_high": "soon"}, "Solution, high: “soon” is no length of time"),
        ({"resolution_high": "2 d"}, "days are not all equally long"),
        ({"resolution_high": "4 h", "condition": "prioritty:high"}, "Did you mean “priority:”"),
        ({"resolution_high": "4 h", "step_span": "1 h", "step_act": "team"}, "say what, or choose"),
        ({"resolution_high": "4 h", "step_span": "1 h", "step_act": "priority", "step_value": "top"}, "can’t be used"),
    ],
)
def test_a_bad_policy_is_refused(web, office, wrong, says):
    answer = web.post("/settings/policies/new", STANDARD | {"calendar": office.pk} | wrong)

    assert answer.status_code == 422
    assert says in text_of(answer).replace("&#x27;", "’")
    assert not Policy.objects.exists()


def test_what_was_saved_comes_back_in_the_form(web, standard, office):
    steps = {
        "step_kind": "",
        "step_when": "before",
        "step_span": "30 min",
        "step_act": "priority",
        "step_value": "high",
    }
    form = STANDARD | steps | {"calendar": office.pk, "next_response_low": "1 h 30 min"}
    web.post(f"/settings/policies/{standard.pk}", form)
    page = text_of(web.get(f"/settings/policies/{standard.pk}"))

    assert 'value="1 h 30 min"' in page
    assert Policy.objects.get().steps.get().actions == [{"do": "change", "priority": "high"}]


def test_ben_may_not_change_promises(bens_web, desk):
    assert bens_web.get("/settings/policies").status_code == 403
    assert bens_web.post("/settings/hours/new", OFFICE).status_code == 403


def test_the_ticket_shows_its_clocks(web, desk, mara, ana, standard):
    with at("11:00"):
        ticket = cast.opened(desk, mara)
    with at("14:00"):
        change(ticket, status="pending", by=ana)
    with at("15:10"):
        page = text_of(web.get(f"/tickets/{ticket.pk}"))

    assert "Stands still, waiting on the customer: 6 h left" in page
    assert "<dt>paused: waiting on the customer</dt><dd>1 h 10 min</dd>" in page
    assert "<dt>outside hours</dt><dd>1 h</dd>" in page


@pytest.mark.parametrize(
    "path", ["hours", "hours/new", "hours/{calendar}", "policies", "policies/new", "policies/{policy}"]
)
def test_the_pages_ask_little(web, desk, mara, office, standard, path):
    cast.opened(desk, mara)
    address = "/settings/" + path.format(calendar=office.pk, policy=standard.pk)
    with CaptureQueriesContext(connection) as asked:
        assert web.get(address).status_code == 200

    assert len(asked) <= 15


def test_a_ticket_page_with_clocks_asks_little(web, desk, mara, standard):
    ticket = cast.opened(desk, mara)
    assert Clock.objects.exists()
    with CaptureQueriesContext(connection) as asked:
        web.get(f"/tickets/{ticket.pk}")

    assert len(asked) <= 15
