"""A handoff stops no clock; the ticket is due when it is to be accepted, then when it was promised."""

from towerdesk.sla.tests.conftest import at, clock_of, monday
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.hand_off import hand_off


def test_clocks_go_on_while_it_is_handed_on(desk, mara, ben, promise):
    cem = cast.acting(cast.agent("Cem Yildiz", desk.billing))
    promise(first=300)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    before = clock_of(ticket, "first_response")
    with at("09:30"):
        handed = hand_off(ticket, desk.billing, "wrong_team", "Charged twice.", by=ben)
    ticket.refresh_from_db()
    assert ticket.due_at == handed.accept_by == monday("13:30")

    with at("09:45"):
        accept_handoff(ticket, by=cem)
    ticket.refresh_from_db()
    after = clock_of(ticket, "first_response")
    assert (after.due_at, after.state) == (before.due_at, "running")
    assert ticket.due_at == before.due_at == monday("15:00")
