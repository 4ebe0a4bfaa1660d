"""How long each team had it, told from the log alone."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.assign import assign
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.hands import KINDS, Moment, fold
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.send_back import send_back

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OPENED = {"team": "Repairs"}


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def hours(spent: dict[str, float]) -> dict[str, float]:
    return {team: seconds / 3600 for team, seconds in spent.items()}


@pytest.mark.parametrize(
    ("told", "spent"),
    [
        ([], {"Repairs": 10}),
        ([("ticket.assigned", 1, {"now": "Ben", "team": "Repairs"})], {"Repairs": 10}),
        ([("ticket.handed_off", 3, {"now": "Billing", "team": "Billing"})], {"Repairs": 3, "Billing": 7}),
        ([("ticket.assigned", 4, {"now": "Billing"})], {"Repairs": 4, "Billing": 6}),  # as it was told before handoffs
        ([("ticket.assigned", 4, {"now": "Ben"})], {"Repairs": 10}),
        ([("ticket.resolved", 2, {})], {"Repairs": 2}),
        ([("ticket.resolved", 2, {}), ("ticket.reopened", 5, {})], {"Repairs": 7}),
        (
            [("ticket.resolved", 2, {}), ("ticket.assigned", 3, {"now": "Billing"}), ("ticket.reopened", 5, {})],
            {"Repairs": 2, "Billing": 5},
        ),
        ([("ticket.merged_into", 2, {}), ("ticket.unmerged_from", 6, {"status": "open"})], {"Repairs": 6}),
        (
            [
                ("ticket.handed_off", 3, {"now": "Billing", "team": "Billing"}),
                ("ticket.restored", 4, {"changes": {"team": ["Billing", "Repairs"]}}),
            ],
            {"Repairs": 9, "Billing": 1},
        ),
    ],
)
def test_the_fold(told, spent):
    moments = [Moment("ticket.opened", at(0), OPENED), *(Moment(kind, at(hour), data) for kind, hour, data in told)]

    assert hours(fold(moments, {"Repairs", "Billing"}).by(at(10))) == spent


def test_the_log_of_a_ticket_that_went_to_and_fro(desk, mara, ben, ben_user):
    cem = cast.acting(cast.agent("Cem Yildiz", desk.billing))
    with clock.at(at(0)):
        ticket = cast.opened(desk, mara)
    with clock.at(at(1)):
        assign(ticket, ben_user, by=ben)
    with clock.at(at(3)):
        hand_off(ticket, desk.billing, "wrong_team", "Charged twice.", by=ben)
    with clock.at(at(4)):
        send_back(ticket, "Which invoice?", by=cem)
    with clock.at(at(6)):
        hand_off(ticket, desk.billing, "wrong_team", "Invoice 4711.", by=ben)
    with clock.at(at(7)):
        accept_handoff(ticket, by=cem)
    with clock.at(at(30)):
        resolve(ticket, "Refunded", by=cem)
    with clock.at(at(40)):
        reopen(ticket, "Not there yet", by=cem)

    told = Event.objects.of(ticket.pk).filter(kind__in=KINDS).values_list("kind", "at", "data")
    assert hours(fold(Moment(*one) for one in told).by(at(41))) == {"Repairs": 5, "Billing": 26}
