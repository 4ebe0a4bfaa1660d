"""A program hands a ticket on; the key of the other team answers."""

import pytest

from towerdesk.api.tests.program import program
from towerdesk.tickets.models import Handoff

SAID = {"team": "billing", "reason": "wrong_team", "note": "Charged twice."}


@pytest.fixture
def handed(api, ticket):
    return api.post(f"/tickets/{ticket.pk}/hand_off", SAID).json()


def test_handed_on_and_listed(api, ticket, handed):
    assert (handed["team"], handed["assignee"]) == ("billing", None)
    assert "accepts this from" in handed["next_step"]["sentence"]

    told = api.get(f"/tickets/{ticket.pk}/handoffs").json()
    [one] = told["handoffs"]
    assert (one["from_team"], one["to_team"], one["state"], one["reason"]) == (
        "Repairs",
        "Billing",
        "asked",
        "wrong_team",
    )
    assert set(told["hours"]) == {"Repairs", "Billing"}


def test_a_note_must_be_there(api, ticket):
    assert api.post(f"/tickets/{ticket.pk}/hand_off", {**SAID, "note": ""}).status_code == 422
    assert api.post(f"/tickets/{ticket.pk}/hand_off", {**SAID, "reason": "because"}).status_code == 422
    assert api.post(f"/tickets/{ticket.pk}/handoff/return", {"note": "No"}).status_code == 409
    assert not Handoff.objects.exists()


def test_up_to_the_lead(api, ticket, ana_user):
    went = api.post(f"/tickets/{ticket.pk}/escalate", {"reason": "decision", "note": "900 euros"}).json()

    assert went["assignee"] == ana_user.email


def test_the_key_of_the_other_team_accepts_or_sends_back(api, desk, ticket, handed):
    billing = program("agent", desk.billing)

    assert api.post(f"/tickets/{ticket.pk}/handoff/accept", {}).status_code == 403
    back = billing.post(f"/tickets/{ticket.pk}/handoff/return", {"note": "Which invoice?"}).json()
    assert back["team"] == "repairs"
    api.post(f"/tickets/{ticket.pk}/hand_off", {**SAID, "note": "Invoice 4711."})
    went = billing.post(f"/tickets/{ticket.pk}/handoff/accept", {}).json()
    assert went["next_step"]["sentence"] == "Someone in Billing answers Mara"
    states = [one["state"] for one in api.get(f"/tickets/{ticket.pk}/handoffs").json()["handoffs"]]
    assert states == ["returned", "accepted"]
