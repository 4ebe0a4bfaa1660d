"""Whoever is named in a note watches the ticket."""

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.events.models import Event
from towerdesk.testing import cast
from towerdesk.tickets.mention import mentioned
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note


@pytest.mark.parametrize(
    "text", ["@ben please look", "Ask @Ben.Okafor.", "(@okafor)", "See @benokafor, and @ben", "@ben: now?"]
)
def test_ways_to_name_somebody(ana_user, ben_user, text):
    assert mentioned(text) == [ben_user]


@pytest.mark.parametrize("text", ["ben", "mail ben@brasswell.example", "@nobody", "@", "a@ben", "@@ben"])
def test_these_name_nobody(ben_user, text):
    assert mentioned(text) == []


def test_a_name_that_two_people_bear_names_neither(desk, ben_user):
    other = cast.agent("Benny Ben")

    assert mentioned("@ben") == []
    assert mentioned("@benny @okafor") == [other, ben_user]


def test_the_mentioned_watch_and_are_told_once(ticket, ana, ben_user):
    said = note(ticket, "@ben and @Ben: third one this week", by=ana)

    [event] = Event.objects.filter(kind="ticket.mentioned")
    assert (event.subject_id, event.data) == (said.pk, {"user": ben_user.pk, "name": "Ben Okafor"})
    assert list(ticket.watchers.all()) == [ben_user]


def test_nobody_is_told_of_what_they_may_not_read(desk, ticket, ana):
    desk.repairs.restricted = True
    desk.repairs.save()
    cast.agent("Ines Duarte", desk.billing)

    note(ticket, "@ines look", by=ana)

    assert not Event.objects.filter(kind="ticket.mentioned").exists()
    assert not Ticket.objects.filter(watchers__isnull=False).exists()


def test_mentioning_oneself_or_quoting_a_customer_tells_nobody(ticket, ana, ben_user):
    note(ticket, "@ana remembers", by=ana)
    note(ticket, "They wrote: ask @ben", by=THE_ASSISTANT)

    assert not Event.objects.filter(kind="ticket.mentioned").exists()
