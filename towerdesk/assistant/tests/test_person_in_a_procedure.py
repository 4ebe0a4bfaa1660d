"""In the middle of a procedure somebody wants a person: it goes no further, whatever it is licensed to."""

import pytest

from towerdesk.assistant.consider import consider
from towerdesk.assistant.leave_to_people import leave_to_people
from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.tests.shop import licensed, says
from towerdesk.tickets.ask_for_person import ask_for_person, heed


@pytest.mark.parametrize("pressed", [True, False])
def test_whoever_asks_for_a_person_hears_no_further_step_of_it(asked, taught, sender, pressed):
    licensed(taught["invoice-copy"])
    ticket = consider(asked("I need a copy of my invoice for BW-10001")).ticket
    ticket.refresh_from_db()
    if pressed:
        ask_for_person(ticket, by=ticket.requester.actor())
        leave_to_people(ticket)
    else:
        assert heed(says(ticket, "No, agent please"))
        consider(ticket.messages.latest("pk"))

    run = consider(says(ticket, "Yes, thank you."))

    assert (run.outcome, run.sent, sender.calls) == ("handed_over", None, [])
    assert ProcedureRun.objects.get(ticket=ticket).state == "handed_over"
    ticket.refresh_from_db()
    assert ticket.step_kind == "answer"
