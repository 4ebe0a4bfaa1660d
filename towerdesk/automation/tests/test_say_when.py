"""When somebody answers: by the calendar and the promise's clock, and no time that nobody promised."""

import re
from datetime import UTC, datetime

import pytest

from towerdesk.automation.say_when import WORDS, When, say_when, sentence, when
from towerdesk.events.models import Event
from towerdesk.hours.models import Calendar
from towerdesk.lib.clock import at
from towerdesk.sla.models import Policy, Target
from towerdesk.testing import cast
from towerdesk.tickets.ask_for_person import ask_for_person

OPENS, BY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC), datetime(2026, 11, 30, 12, 30, tzinfo=UTC)
SATURDAY, FRIDAY = datetime(2026, 11, 28, 10, 0, tzinfo=UTC), datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def promised(db):
    week = [[[540, 1020]]] * 5 + [[], []]
    policy = Policy.objects.create(name="Office", calendar=Calendar.objects.create(name="Office", week=week))
    Target.objects.create(policy=policy, kind="first_response", critical=240, high=240, normal=240, low=240)


def asked(desk, mara):
    ticket = cast.opened(desk, mara)
    ask_for_person(ticket, by=mara.actor())
    return ticket


def test_within_the_hours_what_is_promised(desk, mara, promised):
    with at(FRIDAY):
        ticket = asked(desk, mara)
        assert sentence(when(ticket), "en") == (
            "A person takes over from here and answers you by 14:00 UTC today at the latest: that is what we promise."
        )


def test_outside_them_it_says_so(desk, mara, promised):
    with at(SATURDAY):
        assert sentence(when(asked(desk, mara)), "de") == (
            "Wir haben gerade geschlossen und sind am Montag, 30. November um 09:00 UTC wieder da; "
            "ein Mensch antwortet Ihnen dann spätestens am Montag, 30. November um 13:00 UTC."
        )


def test_a_promise_that_is_broken_names_no_time(desk, mara, promised):
    with at(FRIDAY):
        ticket = asked(desk, mara)
    with at(FRIDAY.replace(hour=16)):
        assert sentence(when(ticket), "en") == WORDS["en"]["soon"]


def test_without_a_promise_and_a_calendar_there_is_no_number_in_it(desk, mara):
    ticket = asked(desk, mara)

    for language in WORDS:
        assert not re.search(r"\d", sentence(when(ticket), language))


@pytest.mark.parametrize("language", [*WORDS, "nl", "de-AT"])
def test_each_language_says_one_sentence_with_both_times(language):
    with at(SATURDAY):
        said = sentence(When(OPENS, BY), language)

    assert "08:00 UTC" in said
    assert "12:30 UTC" in said
    assert "{" not in said
    assert said.count(". ") <= (2 if language.startswith("de") else 0)  # a date's point is none of a sentence


def test_it_is_said_once_for_each_time_they_ask(desk, mara):
    ticket = asked(desk, mara)
    event = Event.objects.get(kind="ticket.person_asked")

    assert say_when(ticket, event)
    assert say_when(ticket, event) is None
