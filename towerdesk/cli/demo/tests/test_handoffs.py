"""What the demo's people pass on: with words that fit, answered or waiting, and told to whoever signs in."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.accounts.actors import agent
from towerdesk.accounts.models import Team, User
from towerdesk.channels.models import Inbox
from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.handoffs import _passings, lately, passed_on
from towerdesk.cli.demo.prepare import set_up
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.notifications.models import Notification
from towerdesk.notifications.notify import notify
from towerdesk.people.find import person_for
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Handoff, Intent, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.taxonomy import taxonomy

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def demo(db):
    set_up(company(), "a password of the demo")


def asked(intent: str, number: int) -> Ticket:
    person = person_for(f"mara{number}@lindqvist.example", "Mara Lindqvist")
    ticket = open_ticket(f"About {intent}", requester=person, inbox=Inbox.objects.first(), by=person.actor())
    ticket.intent = Intent.objects.get(slug=intent)
    ticket.team = ticket.intent.team
    ticket.save()
    return ticket


def lived(life):
    """To its end, at the times at which it wants to act; returns what it returns."""
    at = clock.now()
    while True:
        with clock.at(at):
            try:
                at = next(life)
            except StopIteration as end:
                return end.value


def test_all_that_is_passed_on_names_intents_teams_and_reasons_that_there_are(demo):
    for told in _passings().values():
        intent = company().intent(told.intent)
        assert told.to != intent.team
        assert not told.to or Team.objects.filter(slug=told.to).exists()
        assert taxonomy().find("handoff", told.reason)


def test_some_are_accepted_and_some_sent_back_and_somebody_always_answers(demo):
    with clock.at(MONDAY):
        for number in range(60):
            ticket = asked("damaged-on-arrival", number)
            klara = User.objects.get(name="Klara Vogt")
            assign(ticket, klara, by=agent(klara))
            answers = lived(passed_on(ticket, agent(klara), dice("handed", number)))
            assert ticket.assignee_id == answers.user_id

    states = list(Handoff.objects.values_list("state", flat=True))
    assert set(states) == {"accepted", "returned"}
    assert 2 <= len(states) <= 10
    assert not Handoff.objects.filter(note__contains="{").exists()


def test_whoever_signs_in_finds_answers_and_handoffs_that_wait_for_them(demo):
    with clock.at(MONDAY - timedelta(hours=1)):
        for number, intent in enumerate(("damaged-on-arrival", "product-question", "lost-parcel", "double-charge")):
            asked(intent, number)
    with clock.at(MONDAY):
        lived(lately())
        ana = User.objects.get(name="Ana Reyes")
        waiting = Handoff.objects.asked()

        assert sorted(Handoff.objects.values_list("state", flat=True)) == ["accepted", "asked", "asked", "returned"]
        assert all(handoff.waits and handoff.is_asked_of(agent(ana)) for handoff in waiting)
        for job in ProcrastinateJob.objects.filter(args__follower="notify").order_by("id"):
            notify(Event.objects.get(pk=job.args["event"]))
        assert Notification.objects.at_desk_of(agent(ana)).count() == 4
