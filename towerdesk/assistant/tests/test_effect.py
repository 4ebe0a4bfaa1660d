"""What the hold-out shows: alone against people, with intervals, and no word where there are too few."""

from datetime import timedelta

import pytest

from towerdesk.assistant.effect import effects, newcombe
from towerdesk.assistant.models import Arm
from towerdesk.insights.models import TicketFact
from towerdesk.lib.clock import now
from towerdesk.testing import cast


def drawn(desk, mara, arm: str, minutes: list[float], back: int = 0) -> None:
    opened = now()
    for at, span in enumerate(minutes):
        ticket = cast.opened(desk, mara)
        Arm.objects.create(ticket=ticket, arm=arm, draw=0.1, share=0.5)
        end = opened + timedelta(minutes=span)
        TicketFact.objects.create(
            ticket_id=ticket.pk, opened_at=opened, first_reply_at=end, resolved_at=end, recontact=at < back
        )


def test_a_clear_difference_is_told_with_its_interval(desk, mara, ana):
    drawn(desk, mara, "alone", [1 + 0.1 * at for at in range(25)], back=3)
    drawn(desk, mara, "people", [60 + at for at in range(22)], back=2)
    found = {one.name: one for one in effects(ana)}

    assert found["frt"].alone == pytest.approx(2.2)
    assert found["frt"].low < found["frt"].alone - found["frt"].people < found["frt"].high < 0
    assert (found["frt"].says, found["recontact"].says) == ("better", "unclear")
    assert effects(ana) == effects(ana)  # seeded


def test_too_few_are_said_to_be_too_few(desk, mara, ana):
    drawn(desk, mara, "alone", [1.0, 2.0])
    assert {one.says for one in effects(ana)} == {"few"}


def test_newcombes_own_example():
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    low, high = newcombe([True] * 56 + [False] * 14, [True] * 48 + [False] * 32)
    assert (low, high) == (pytest.approx(0.0524, abs=2e-4), pytest.approx(0.3339, abs=2e-4))
