"""Rules of the clock act once per ticket until somebody touches it."""

from towerdesk.automation.rules.clock import run_clock_rules
from towerdesk.events.models import Event
from towerdesk.testing import cast


def test_a_rule_of_the_clock_acts_once_until_somebody_touches_the_ticket(written, ticket):
    written("Stuck", "is:unassigned", [{"do": "note", "text": "Nobody has this"}], when="clock")

    assert [run_clock_rules(), run_clock_rules()] == [1, 0]
    cast.says(ticket, "Anybody there?")
    assert [run_clock_rules(), run_clock_rules()] == [1, 0]
    assert Event.objects.filter(kind="rule.fired", cause_id=None).count() == 2


def test_one_that_cannot_act_says_so_once(written, ticket, desk):
    written("To billing", "", [{"do": "assign", "team": "billing"}], when="clock")
    desk.billing.delete()

    assert [run_clock_rules(), run_clock_rules()] == [1, 0]
    assert "no team “billing”" in Event.objects.get(kind="rule.failed").data["trouble"]
