"""Handing off, accepting and sending back, on the ticket's page."""

from datetime import timedelta

import pytest

from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.testing import cast
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.models import Handoff
from towerdesk.web.tests.conftest import signed_in
from towerdesk.web.tests.test_ticket import page_of

NOTE = "Charged twice.\nThe second one is from Monday."


@pytest.fixture
def cems_web(desk):
    return signed_in(cast.agent("Cem Yildiz", desk.billing))


def asks(web, ticket, to, **values):
    return web.post(f"/tickets/{ticket.pk}/handoff", {"to": to, "reason": "wrong_team", "note": NOTE, **values})


def test_a_dialog_asks_to_whom_why_and_what_they_need_to_know(bens_web, ana_user, desk, ticket):
    form = bens_web.get(f"/tickets/{ticket.pk}/handoff", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in form
    assert f'value="team:{desk.billing.pk}">Billing' in form
    assert f'value="lead:{ana_user.pk}">Ana Reyes' in form
    assert f'value="level:{desk.billing.pk}"' in form
    assert f'value="team:{desk.repairs.pk}"' not in form
    assert "Belongs to another team" in form
    assert f'href="/tickets/{ticket.pk}/handoff" data-key="h"' in page_of(bens_web, ticket)


def test_handed_off_accepted_and_told(bens_web, cems_web, desk, ticket):
    assert asks(bens_web, ticket, f"team:{desk.billing.pk}").headers["Location"] == f"/tickets/{ticket.pk}"
    page = page_of(bens_web, ticket)
    assert "Ben Okafor handed this to Billing (Belongs to another team): Charged twice." in page
    assert "Someone in Billing accepts this from Ben or sends it back" in page
    assert "handoff/accept" not in page

    assert "handoff/accept" in page_of(cems_web, ticket)
    cems_web.post(f"/tickets/{ticket.pk}/handoff/accept")
    page = page_of(cems_web, ticket)
    assert "Cem Yildiz accepted this from Ben Okafor" in page
    assert "Accepted by Cem Yildiz" in page
    assert Handoff.objects.get().state == "accepted"


def test_sent_back_with_a_note_that_is_asked_for(bens_web, cems_web, desk, ticket):
    asks(bens_web, ticket, f"team:{desk.billing.pk}")

    refused = cems_web.post(f"/tickets/{ticket.pk}/handoff/return", {"note": " "})
    assert refused.status_code == 422
    assert "why it goes back" in refused.content.decode()

    cems_web.post(f"/tickets/{ticket.pk}/handoff/return", {"note": "Which invoice?"})
    page = page_of(bens_web, ticket)
    assert "Cem Yildiz sent this back to Repairs: Which invoice?" in page
    assert "Sent back by Cem Yildiz" in page


def test_what_was_typed_survives_a_refusal(bens_web, desk, ticket):
    to = f"team:{desk.billing.pk}"
    for values, says in ({"reason": ""}, "choose a reason"), ({"to": "team:x"}, "Choose to whom it goes"):
        answer = asks(bens_web, ticket, **{"to": to, **values})
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert "Charged twice." in answer.content.decode()
    assert f'value="{to}" selected' in asks(bens_web, ticket, to, reason="").content.decode()
    assert not Handoff.objects.exists()


def test_up_to_a_lead(bens_web, web, ana_user, ticket):
    asks(bens_web, ticket, f"lead:{ana_user.pk}")

    assert "Ben Okafor escalated this to Ana Reyes" in page_of(bens_web, ticket)
    assert "Repairs up to Ana Reyes" in page_of(web, ticket)
    assert "handoff/accept" in page_of(web, ticket)


def test_whoever_asked_is_not_asked_though_of_that_team_too(bens_web, ben_user, cems_web, desk, ticket):
    ben_user.teams.add(desk.billing)
    asks(bens_web, ticket, f"team:{desk.billing.pk}")

    assert "handoff/accept" not in page_of(bens_web, ticket)
    assert "handoff/accept" in page_of(cems_web, ticket)


def test_who_is_asked_finds_the_answer_beside_the_next_step(bens_web, cems_web, desk, ticket):
    asks(bens_web, ticket, f"team:{desk.billing.pk}")

    steps = page_of(cems_web, ticket).partition('id="panel"')[2].partition("</section>")[0]
    assert "handoff/accept" in steps
    assert "handoff/return" in steps
    assert "/take" not in steps


def test_beyond_what_the_sender_may_read_leads_to_the_tower(bens_web, desk, ticket):
    desk.billing.restricted = True
    desk.billing.save()

    assert asks(bens_web, ticket, f"team:{desk.billing.pk}").headers["Location"] == "/"
    assert "Billing is asked to take" in bens_web.get("/").content.decode()


def test_a_bar_says_how_long_each_team_had_it(bens_web, ben, desk, ticket):
    assert 'class="hands"' not in page_of(bens_web, ticket)
    hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)
    Event.objects.filter(ticket_id=ticket.pk, kind="ticket.opened").update(at=now() - timedelta(hours=3, minutes=5))
    Event.objects.filter(ticket_id=ticket.pk, kind="ticket.handed_off").update(at=now() - timedelta(minutes=9))

    page = page_of(bens_web, ticket)
    assert "Repairs 2 h 56 m" in page
    assert "Billing 9 m" in page
