"""Teams without cover, intents nobody answers for, routes nobody can take, automation without an owner."""

from datetime import UTC, datetime, timedelta

import pytest

from towerdesk.automation.models import Route, Rule, Skill
from towerdesk.automation.routing.save import add_absence, set_available
from towerdesk.hours.save import Plan as Week
from towerdesk.hours.save import save_calendar
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.sla.save import Plan, save_policy
from towerdesk.testing import cast
from towerdesk.tickets.models import Intent

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def office(db):
    """Weekdays from nine to five, in which a first answer is promised."""
    calendar = save_calendar(None, Week("Office", "UTC", [((540, 1020),)] * 5 + [(), ()]), by=CLOCK)
    targets = {"first_response": {"normal": 60}}
    return save_policy(None, Plan("Standard", "", calendar, targets=targets), by=CLOCK)


def test_a_team_that_work_comes_to_needs_somebody(desk, said):
    assert said("team-no-cover") == ["Work comes to Repairs, and nobody who works here belongs to it."]

    cast.agent("Ana Reyes", desk.repairs)
    assert said("team-no-cover") == []


def test_everybody_away_on_the_same_working_days_is_told_ahead(desk, office, ana, ana_user, ben_user, said):
    with clock.at(MONDAY):
        add_absence(ana_user, MONDAY + DAY, MONDAY + 5 * DAY, "leave", by=ana)
        assert said("team-no-cover") == []
        add_absence(ben_user, MONDAY + 3 * DAY, MONDAY + 7 * DAY, "leave", by=ana)

        assert said("team-no-cover") == [
            "Nobody of Repairs is at work on Fri 27 Nov, though promises run in those hours."
        ]


def test_outside_of_the_hours_nobody_needs_to_be_there(desk, office, ana, ana_user, said):
    with clock.at(MONDAY):
        add_absence(ana_user, MONDAY + 5 * DAY, MONDAY + 6 * DAY, "weekend", by=ana)
        assert said("team-no-cover") == []


def test_whoever_switches_off_leaves_the_team_bare_now(desk, office, ana, ana_user, said):
    with clock.at(MONDAY):
        set_available(ana_user, on=False, by=ana)
        assert "Nobody of Repairs is at work now" in said("team-no-cover")[0]
    with clock.at(MONDAY + timedelta(hours=12)):
        assert said("team-no-cover") == []


def test_an_intent_whose_team_is_empty(desk, ana_user, leaks, said):
    Intent.objects.create(slug="refund", name="Refund", team=desk.billing)

    assert said("intent-no-team") == ["1 intent goes to a team in which nobody works: Refund (Billing)."]


def test_a_route_asks_for_what_nobody_in_its_team_can(desk, ana_user, ben_user, said):
    grinders, letters = Skill.objects.create(name="mend grinders"), Skill.objects.create(name="read letters")
    grinders.people.add(ana_user)
    letters.people.add(ben_user)
    route = Route.objects.create(name="Grinders", team=desk.repairs, mode="push", active=True, owner=ana_user)
    route.skills.add(grinders)
    assert said("route-no-skill") == []

    route.skills.add(letters)  # each can one of the two
    assert said("route-no-skill") == [
        "The route “Grinders” asks for mend grinders and read letters, which nobody in Repairs can do."
    ]


def test_what_was_whose_who_left_is_nobodys(desk, ben_user, said):
    Rule.objects.create(name="Drips", owner=ben_user)
    Rule.objects.create(name="Off", active=False)
    assert said("no-owner") == []

    ben_user.is_active = False
    ben_user.save()
    assert said("no-owner") == ["The rule “Drips” has no owner who works here."]
