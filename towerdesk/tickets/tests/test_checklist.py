"""Point by point."""

import pytest

from towerdesk.events.models import Event
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.tickets.checklist import MOST, add_points, take_off, tick


def test_points_are_put_on_ticked_off_and_taken_away(ticket, ana, ben):
    ring, pump = add_points(ticket, ["Ask for the serial number", " Order  the ring "], by=ana)
    tick(ring, by=ben)
    tick(ring, by=ana)
    take_off(pump, by=ana)

    [left] = ticket.points.all()
    assert (left.text, left.done_by) == ("Ask for the serial number", "Ben Okafor")
    told = Event.objects.of(ticket.pk).filter(kind="ticket.ticked").values_list("data__did", "actor_name")
    assert list(told) == [("ticked off", "Ben Okafor"), ("took off the checklist", "Ana Reyes")]

    tick(left, False, by=ana)
    assert ticket.points.get().done_at is None


def test_the_same_point_is_not_put_there_twice(ticket, ana):
    add_points(ticket, ["Ring Mara"], by=ana)

    assert add_points(ticket, ["Ring Mara"], by=ana) == []
    assert ticket.points.count() == 1


def test_a_checklist_has_an_end(ticket, ana):
    with pytest.raises(Invalid, match="at most"):
        add_points(ticket, [str(number) for number in range(MOST + 1)], by=ana)
    with pytest.raises(Invalid, match="what is to be done"):
        add_points(ticket, ["  "], by=ana)


def test_what_is_gone_cannot_be_ticked(ticket, ana):
    [point] = add_points(ticket, ["Ring Mara"], by=ana)
    again = ticket.points.get()
    take_off(point, by=ana)

    with pytest.raises(NotFound, match="no longer on the checklist"):
        tick(again, by=ana)
