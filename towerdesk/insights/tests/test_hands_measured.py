"""Handoffs and the time in each team's hands, as facts: folded as they come, and the same after a rebuild."""

from datetime import UTC, datetime, timedelta

import pytest
from django.forms.models import model_to_dict

from towerdesk.insights import facts
from towerdesk.insights.metrics import measure
from towerdesk.insights.models import TicketFact
from towerdesk.lib import clock
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.send_back import send_back

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WEEK = (NINE, NINE + timedelta(days=7))


@pytest.fixture
def week(desk, mara, jonas, ana):
    """Mara's ticket goes to Billing, back, and there again; Jonas's stays in Repairs for four hours."""
    cem = cast.acting(cast.agent("Cem Yildiz", desk.billing))
    with clock.at(NINE):
        mine, other = cast.opened(desk, mara), cast.opened(desk, jonas)
    for hour, does in (
        (2, lambda: hand_off(mine, desk.billing, "wrong_team", "Charged twice.", by=ana)),
        (3, lambda: send_back(mine, "Which invoice?", by=cem)),
        (4, lambda: resolve(other, "Gasket", by=ana)),
        (6, lambda: hand_off(mine, desk.billing, "wrong_team", "Invoice 4711.", by=ana)),
        (7, lambda: accept_handoff(mine, by=cem)),
        (14, lambda: resolve(mine, "Refunded", by=cem)),
    ):
        with clock.at(NINE + timedelta(hours=hour)):
            does()
        facts.fold()
    return mine, other


def test_handoffs_per_ticket(week, ana):
    figure = measure(ana, *WEEK)["handoffs"]

    assert (figure.value, figure.n) == (1.0, 2)
    assert figure.parts == {"never": 1, "once": 0, "more often": 1}


def test_the_median_hours_in_each_teams_hands(week, ana):
    figure = measure(ana, *WEEK)["hands"]

    assert figure.parts == {"Billing": 9.0, "Repairs": 4.5}  # 1 + 8; half way between 4 and 2 + 3
    assert figure.value == 5.0


def test_a_rebuild_gives_the_same(week):
    before = [model_to_dict(fact) for fact in TicketFact.objects.order_by("pk")]

    facts.rebuild()

    assert [model_to_dict(fact) for fact in TicketFact.objects.order_by("pk")] == before
