"""Tickets that belong together say so on both sides."""

import pytest

from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid, NotFound
from towerdesk.testing import cast
from towerdesk.tickets.link import incidents_of, link, unlink
from towerdesk.tickets.models import Link
from towerdesk.tickets.resolve import resolve


@pytest.fixture
def other(desk, jonas):
    return cast.opened(desk, jonas, "Mine drips, too")


def told(ticket):
    return Event.objects.of(ticket.pk).filter(kind__in=("ticket.linked", "ticket.unlinked")).last().data


def test_a_duplicate_is_told_on_both(ticket, other, ana):
    link(other, ticket, "duplicate", by=ana)
    link(other, ticket, "duplicate", by=ana)

    assert Link.objects.count() == 1
    assert told(other) == {"link": "duplicate", "says": "a duplicate of", "other": ticket.number}
    assert told(ticket) == {"link": "duplicate", "says": "the original of", "other": other.number}


def test_an_incident_and_its_problem_are_called_so(ticket, other, ana, desk, mara):
    problem = cast.opened(desk, mara, "The August batch drips")
    for one in (ticket, other):
        link(one, problem, "incident", by=ana)
    resolve(other, by=ana)

    problem.refresh_from_db()
    assert (problem.type, ticket.type) == ("problem", "incident")
    assert list(incidents_of(problem)) == [ticket]


def test_a_link_taken_away_is_gone(ticket, other, ana):
    link(other, ticket, "child", by=ana)
    there = Link.objects.get()
    unlink(there, by=ana)

    assert told(ticket)["says"] == "the whole that includes"
    with pytest.raises(NotFound, match="taken away already"):
        unlink(there, by=ana)


def test_links_that_make_no_sense(ticket, other, ana, desk, mara):
    third = cast.opened(desk, mara)
    link(ticket, other, "child", by=ana)
    link(other, third, "child", by=ana)

    with pytest.raises(Invalid, match="the other way round"):
        link(third, ticket, "child", by=ana)
    with pytest.raises(Conflict, match="take that link away first"):
        link(ticket, third, "child", by=ana)
    with pytest.raises(Invalid, match="to itself"):
        link(ticket, ticket, "duplicate", by=ana)
    with pytest.raises(Invalid, match="linked as"):
        link(ticket, other, "cousin", by=ana)


def test_links_lead_only_to_tickets_that_one_may_see(ticket, other, ana, ben, desk):
    link(ticket, other, "duplicate", by=ana)
    desk.billing.restricted = True
    desk.billing.save()
    other.team = desk.billing
    other.save()

    assert not Link.objects.around(ticket, ben).exists()
    assert Link.objects.around(ticket, ana).count() == 1
