"""Whoever filled in a form hears by mail that it came in: once, by the rules for automatic mail, without their own words."""

from datetime import timedelta

import pytest

from towerdesk.channels.webform.said import Said
from towerdesk.delivery.confirm import confirm_due
from towerdesk.events.models import Event
from towerdesk.intake.hand_in import hand_in
from towerdesk.lib import clock
from towerdesk.testing.mails import arrives, mail
from towerdesk.tickets.models import Confirmation, Ticket


def filled(desk, key="a1", **more):
    said = {
        "form": "repair",
        "form_name": "Repair",
        "key": key,
        "email": "mara@lindqvist.example",
        "subject": "BUY PILLS NOW",
    }
    return hand_in(Said(**said | {"text": "pills at http://spam.example"} | more), desk.inbox, network="192.0.2.0/24")


def test_it_leaves_once_as_an_automatic_mail_that_repeats_nothing_they_wrote(desk, server):
    handed = filled(desk)
    assert confirm_due() == 1
    assert confirm_due() == 0

    [told] = server.mails
    assert told["Auto-Submitted"] == "auto-replied"
    assert told["X-Auto-Response-Suppress"] == "All"
    assert told["To"] == "mara@lindqvist.example"
    assert f"[#{handed.ticket}]" in told["Subject"]
    body = told.get_body(("plain",)).get_content()
    assert f"has the number {handed.ticket}." in body
    assert "pills" not in told.as_string().lower()
    assert Event.objects.get(kind="form.confirmed").ticket_id == handed.ticket
    assert f"t{handed.ticket}." in told["Reply-To"]


def test_an_answer_to_it_lands_on_the_ticket(desk, server):
    handed = filled(desk)
    confirm_due()
    told = server.mails[0]

    arrives(
        mail("It is a Solo 2.", sender="mara@lindqvist.example", to=str(told["Reply-To"].addresses[0].addr_spec)),
        desk.inbox,
    )

    assert Ticket.objects.get(pk=handed.ticket).messages.filter(direction="in").count() == 2


def test_it_is_no_first_reply(desk, server):
    handed = filled(desk)
    confirm_due()

    ticket = Ticket.objects.get(pk=handed.ticket)
    assert ticket.first_reply_at is None
    assert ticket.status == "new"


def test_it_waits_for_a_relay_but_not_for_ever(desk, settings):
    settings.RELAY_URL = ""
    filled(desk)
    assert confirm_due() == 0
    assert Confirmation.objects.get().outcome == ""

    with clock.at(clock.now() + timedelta(days=2)):
        confirm_due()
    assert Confirmation.objects.get().outcome == "unsent"


def test_a_relay_that_is_away_is_asked_again_and_an_interrupted_one_is_not(desk, settings):
    settings.RELAY_URL = "smtp://127.0.0.1:9"
    filled(desk)
    assert confirm_due() == 0
    assert Confirmation.objects.get().claimed_at is None

    Confirmation.objects.update(claimed_at=clock.now() - timedelta(hours=1))
    confirm_due()
    assert Confirmation.objects.get().outcome == "unsure"


@pytest.mark.parametrize("address", ["noreply@shop.example", "mailer-daemon@shop.example", "support@brasswell.example"])
def test_machines_and_we_ourselves_get_none(desk, server, address):
    filled(desk, email=address)

    assert confirm_due() == 0
    assert Event.objects.get(kind="form.unconfirmed").data["to"] == address
