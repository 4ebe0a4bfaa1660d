"""Who hears of an event, and when: listeners in its transaction, followers by jobs."""

import contextlib

import pytest
from django.db import connection, transaction

from towerdesk.events import record as recording
from towerdesk.events.record import follow_with, listen_with, record, together
from towerdesk.lib.actor import CLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What a listener hears, as lists of (kind, ticket); the desk's own listeners and followers are back afterwards."""
    followers, for_outside = dict(recording._followers), set(recording._for_outside)
    only_if, first_if = dict(recording._only_if), dict(recording._first_if)
    listeners, they_go_by, calls = dict(recording._listeners), recording._they_go_by, []
    listen_with(dict.fromkeys(("ticket.closed", "ticket.watched"), (lambda events: calls.append(_said(events)),)))
    yield calls
    follow_with(followers, for_outside=for_outside, only_if=only_if, first_if=first_if)
    listen_with(listeners, by=they_go_by)


def _said(events):
    return [(event.kind, event.ticket_id) for event in events]


def closed(ticket):
    return record("ticket.closed", by=CLOCK, ticket=ticket, why="")


def watched(ticket):
    return record("ticket.watched", by=CLOCK, ticket=ticket, did="watches")


def test_an_event_is_heard_at_once(heard):
    closed(1)
    watched(1)
    assert heard == [[("ticket.closed", 1)], [("ticket.watched", 1)]]


def test_what_is_recorded_together_is_heard_once_for_each_ticket(heard):
    with together():
        closed(1)
        watched(2)
        with together():
            watched(1)
        assert heard == []
    assert heard == [[("ticket.closed", 1), ("ticket.watched", 1)], [("ticket.watched", 2)]]


def test_what_a_listener_records_is_heard_as_well(heard):
    listen_with(
        {"ticket.closed": (lambda events: watched(7),), "ticket.watched": recording._listeners["ticket.watched"]}
    )
    with together():
        closed(1)
    assert heard == [[("ticket.watched", 7)]]


def test_what_failed_is_not_heard_and_does_not_hold_up_the_next(heard):
    def fails():
        with together():
            closed(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    watched(1)
    assert heard == [[("ticket.watched", 1)]]


def test_what_was_undone_within_a_whole_that_goes_on_is_not_heard(heard):
    """An answer that was refused, say, after it had stopped an earlier one."""
    with together():
        watched(1)
        with contextlib.suppress(ZeroDivisionError), transaction.atomic(), together():
            closed(1)
            raise ZeroDivisionError
    assert heard == [[("ticket.watched", 1)]]


def test_no_job_is_made_for_a_follower_that_the_event_does_not_concern(heard):
    follow_with({"ticket.closed": ("learn", "notify")}, only_if={"notify": lambda event: event.data["why"] != ""})
    assert [jobs_of(closed(1)), jobs_of(record("ticket.closed", by=CLOCK, ticket=1, why="done"))] == [
        ["learn"],
        ["learn", "notify"],
    ]


def test_a_job_that_somebody_waits_for_goes_before_all_others(heard):
    follow_with(
        {"ticket.closed": ("learn", "notify")}, first_if={"notify": lambda event: event.data["why"] == "in a hurry"}
    )
    closed(1)
    urgent = record("ticket.closed", by=CLOCK, ticket=2, why="in a hurry")

    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'follower', args->>'event' FROM procrastinate_jobs ORDER BY priority DESC, id")
        assert cursor.fetchone() == ("notify", str(urgent.pk))


def jobs_of(event):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'follower' FROM procrastinate_jobs WHERE args->>'event' = %s ORDER BY 1", [str(event.pk)]
        )
        return [row[0] for row in cursor.fetchall()]
