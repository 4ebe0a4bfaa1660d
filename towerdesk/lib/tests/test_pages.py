"""Pages by cursor."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.events.models import Event
from towerdesk.lib.errors import Invalid
from towerdesk.lib.pages import page_of, read_cursor, write_cursor

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def event(minutes):
    return Event.objects.create(kind="x", at=NOON + timedelta(minutes=minutes), actor_kind="clock", actor_name="Clock")


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [("at", "id"), ("-at", "-id"), ("-at", "id"), ("id",)])
def test_all_pages_together_are_the_list(keys):
    for minutes in (3, 1, 1, 2, 1, 3, 0):
        event(minutes)
    seen, after = [], None
    while True:
        page = page_of(Event.objects.all(), *keys, after=after, limit=2)
        seen += page.items
        after = page.next
        if after is None:
            break

    assert seen == list(Event.objects.order_by(*keys))


def test_a_cursor_keeps_its_values_and_its_list():
    cursor = write_cursor("events", NOON, 7, "é")

    assert read_cursor(cursor, "events") == [NOON, 7, "é"]
    for wrong in (cursor[:-2] + "AA", "", "é", "=", "A" * 50):
        with pytest.raises(Invalid):
            read_cursor(wrong, "events")
    with pytest.raises(Invalid):
        read_cursor(cursor, "tickets")


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_a_size_that_makes_sense(limit):
    with pytest.raises(Invalid, match="1 to 200"):
        page_of(Event.objects.all(), "id", limit=limit)
