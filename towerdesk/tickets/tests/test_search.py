"""Searching: newest match first, each ticket once, whole over all pages, and nothing that the actor may not see."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.lib.clock import at
from towerdesk.lib.errors import Invalid
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.matches import FAR, Reach
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.search import search

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def every_page(text, actor, limit=2, reach=FAR):
    hits, after = [], None
    while True:
        page = search(text, actor, after=after, limit=limit, reach=reach)
        assert len(page.items) <= limit
        hits += page.items
        after = page.next
        if after is None:
            return hits


@pytest.fixture
def kettles(desk, mara, jonas):
    """Seven tickets an hour apart, by turns of Mara and Jonas; the first is written to again at the end."""
    made = []
    for hour in range(7):
        with at(MONDAY + timedelta(hours=hour)):
            made.append(cast.opened(desk, (mara, jonas)[hour % 2], f"Order {hour}", f"My kettle number {hour} hums"))
    with at(MONDAY + timedelta(hours=9)):
        cast.says(made[0], "The kettle hums louder now")
    return made


WAYS = {
    "rare": Reach(few=0),
    "frequent": Reach(frequent=1, few=0, stretches=(1, 2, 4, 8)),
    "frequent among few": Reach(frequent=1),
    "frequent and old": Reach(frequent=1, few=0, stretches=(2, 1)),
}
"""The same answers by every way that a search can take; the limits are what a bigger desk would reach."""


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def test_each_ticket_comes_once_newest_match_first(kettles, ana, way):
    hits = every_page("kettle hums", ana, reach=way)

    assert [hit.ticket for hit in hits] == [kettles[0], *reversed(kettles[1:])]
    assert hits[0].snippet.text == "The kettle hums louder now"


def test_conditions_and_words_go_together(kettles, ana, jonas, way):
    hits = every_page("requester:jonas kettle", ana, reach=way)

    assert [hit.ticket for hit in hits] == [kettles[5], kettles[3], kettles[1]]
    assert every_page("kettle status:closed", ana, reach=way) == []


def test_new_mail_does_not_shift_the_pages(desk, mara, kettles, ana, way):
    first = search("kettle", ana, limit=3, reach=way)
    cast.opened(desk, mara, "Another", "A new kettle")

    second = search("kettle", ana, limit=3, after=first.next, reach=way)

    assert [hit.ticket for hit in second.items] == [kettles[4], kettles[3], kettles[2]]


def test_a_hit_shows_only_what_its_reader_may_read(desk, kettles, ana, mara, jonas, way):
    note(kettles[1], "This kettle is a lemon", by=ana)
    desk.repairs.restricted = True
    desk.repairs.save()
    otto = cast.acting(cast.agent("Otto Wolf", desk.billing))

    assert every_page("kettle", otto, reach=way) == []
    assert every_page("lemon", jonas.actor(), reach=way) == []
    assert {hit.ticket.requester for hit in every_page("kettle", mara.actor(), reach=way)} == {mara}
    assert [hit.ticket for hit in every_page("lemon", ana, reach=way)] == [kettles[1]]


@pytest.mark.parametrize("text", ["mara", "Mára Lindqvist"])
def test_a_name_finds_what_that_person_wrote(kettles, ana, text):
    assert [hit.ticket for hit in every_page(text, ana)] == [kettles[0], kettles[6], kettles[4], kettles[2]]


@pytest.mark.parametrize("text", ["m.lind@brew.example", "brew.example", "brew", "lind"])
def test_an_address_or_its_parts_find_what_came_from_it(kettles, ana, text):
    cast.says(kettles[4], "From my new address", sender="m.lind@brew.example")

    assert [hit.ticket for hit in every_page(text, ana)] == [kettles[4]]


def test_a_number_finds_its_ticket_first_and_once(desk, mara, kettles, ana):
    number = kettles[2].number
    cast.says(kettles[2], f"This is about {number}")
    naming = cast.opened(desk, mara, "Follow-up", f"See {number} please")

    assert [hit.ticket for hit in every_page(f"{number}", ana, limit=1)] == [kettles[2], naming]
    assert [hit.ticket for hit in every_page(f"#{number} is:resolved", ana)] == []


def test_without_words_the_newest_change_comes_first(kettles, ana, ana_user):
    assign(kettles[3], ana_user, by=ana)

    assert [hit.ticket for hit in every_page("", ana)][:2] == [kettles[3], kettles[0]]
    assert [hit.ticket for hit in every_page("assignee:me", ana)] == [kettles[3]]


def test_words_inside_or_and_not_are_found_too(kettles, ana):
    assert {hit.ticket for hit in every_page("louder OR requester:jonas", ana)} == {
        kettles[0], kettles[1], kettles[3], kettles[5],
    }  # fmt: skip
    assert kettles[0] not in {hit.ticket for hit in every_page("kettle -louder", ana)}


def test_a_cursor_of_another_search_is_refused(kettles, ana):
    page = search("kettle", ana, limit=2)

    for stolen in (page.next, "rubbish", "é", "AAAA"):
        with pytest.raises(Invalid, match="page marker"):
            search("hums", ana, after=stolen)


def test_a_page_of_hits_needs_few_queries(kettles, ana, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        for hit in search("kettle is:waiting team:repairs", ana).items:
            assert hit.ticket.requester.name
            assert hit.ticket.team.name


@pytest.mark.parametrize(
    "text", ["'; drop table tickets_ticket; --", "%s %d", "???", '"or"', "a & b | !c", "\\", "-\\"]
)
def test_odd_words_are_only_words(kettles, ana, text):
    every_page(text, ana)
    assert Ticket.objects.count() == 7


def test_reading_a_message_leaves_its_word_index_in_the_database(ticket):
    said = ticket.messages.get()

    assert "search" in said.get_deferred_fields()
    assert "drips" in said.search
