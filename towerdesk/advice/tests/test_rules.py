"""Rules in the shadow of others, rules that undo each other, rules that do nothing; promises; what is long late."""

from datetime import timedelta

import pytest

from towerdesk.advice.lint import CHECKS, lint
from towerdesk.automation.models import Rule
from towerdesk.automation.rules import run
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Refused
from towerdesk.sla.models import Clock
from towerdesk.sla.save import Plan, save_policy
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket

HIGH = [{"do": "change", "priority": "high"}]
LOW = [{"do": "change", "priority": "low"}]


@pytest.fixture
def rule(db, ana_user):
    def make(name, condition, actions, **more):
        values = {"owner": ana_user, "position": Rule.objects.count(), **more}
        return Rule.objects.create(name=name, condition=condition, actions=actions, **values)

    return make


def test_a_rule_that_asks_for_what_an_earlier_one_changed_never_fires(rule, said):
    rule("Mail is urgent", "channel:email", HIGH)
    rule("Slow mail waits", "channel:email priority:low,normal", [{"do": "tag", "add": ["slow"]}])

    [told] = said("rule-shadowed")
    assert told.startswith(
        "“Slow mail waits” can never fire: “Mail is urgent” stands before it, holds whenever it would"
    )
    assert told.endswith("and sets priority to high, while this one asks for low or normal.")


def test_a_rule_that_repeats_an_earlier_one_is_in_its_shadow(rule, said):
    rule("All", "drips", HIGH)
    rule("Some", "drips priority:low,high", HIGH)
    assert said("rule-shadowed") == ["“Some” does nothing that “All” before it has not done already."]

    Rule.objects.filter(name="Some").update(when="ticket.rated")
    assert said("rule-shadowed") == []  # another moment


def test_a_later_rule_that_always_undoes_is_told_and_an_exception_is_not(rule, said):
    rule("General", "drips", HIGH)
    rule("The exception", "drips language:de", LOW)
    assert said("rule-undone") == []

    rule("Everything is low", "", LOW)
    [told] = said("rule-undone")[:1]
    assert told == (
        "“Everything is low” undoes “General”: the earlier one sets priority to high, and the later one, which holds "
        "whenever it does, sets priority to low."
    )


def test_tags_count_too(rule, said):
    rule("Tag", "drips", [{"do": "tag", "add": ["leak"]}])
    rule("Untagged", "drips -tag:leak", HIGH)
    rule("Clean", "", [{"do": "tag", "remove": ["leak"]}])

    assert "adds the tag leak, which this one refuses" in said("rule-shadowed")[0]
    assert "takes off the tag leak" in said("rule-undone")[0]


def test_an_old_rule_that_did_nothing_and_a_rule_that_could_not_act(rule, came, ticket, said):
    long_ago = now() - timedelta(days=40)
    rule("Idle", "ufo", HIGH, created_at=long_ago)
    rule("Young", "ufo", HIGH)
    rule("Fires", "drips", HIGH, created_at=long_ago)
    rule("Broken", "drips", [{"do": "assign", "team": "gone"}], created_at=long_ago)
    run(Event.objects.get(kind="message.received"), ticket)
    came(100)

    assert said("rule-never-fires") == ["1 rule did nothing in 90 days: “Idle”."]
    assert said("rule-fails") == ["“Broken” held and could not act 1 time in 90 days."]


def test_nothing_promised_and_nothing_done_when_it_breaks(desk, said):
    assert "Nothing is promised" in said("no-promise")[0]
    save_policy(None, Plan("Standard", targets={"resolution": {"normal": 60}}), by=CLOCK)

    assert said("no-promise") == []
    assert said("no-escalation") == [
        "When a promise of “Standard” breaks, nothing happens: it has no step at or after the due time."
    ]


def test_a_promise_that_breaks_too_often_leads_to_its_tickets(came, desk):
    policy = save_policy(None, Plan("Standard", targets={"resolution": {"normal": 60}}), by=CLOCK)
    for number, ticket in enumerate(came(30)):
        broke = now() if number < 12 else None
        state = "missed" if broke else "met"
        Clock.objects.create(
            ticket=ticket,
            kind="resolution",
            policy=policy,
            minutes=60,
            started_at=now(),
            state=state,
            breached_at=broke,
        )

    [found] = [one.finding for one in lint(by=CLOCK) if one.check.name == "promise-broken"]

    assert "broke 40 % of its promises of a solution (12 of 30 in 90 days)" in found.what
    assert len(found.shows[0].path.split("%2C")) == 12


def test_what_is_long_late_is_found_by_the_very_filter(came, said):
    came(3, due_at=now() - timedelta(days=9))
    came(2, due_at=now() - timedelta(days=2))
    came(1, due_at=now() - timedelta(days=9), status="closed")
    [found] = [one.finding for one in lint(by=CLOCK) if one.check.name == "long-late"]

    assert found.what.startswith("3 waiting tickets were due more than a week ago")
    query = f"is:waiting due:<{found.shows[0].path[-10:]}"
    assert parse(query).apply(Ticket.objects.all(), CLOCK).count() == 3


def test_whoever_may_not_read_all_tickets_is_not_told(ben, desk):
    with pytest.raises(Refused):
        lint(by=ben)


def test_the_whole_desk_is_looked_at_with_a_dozen_queries(rule, came, leaks, django_assert_max_num_queries):
    rule("Drips", "drips", HIGH)
    save_policy(None, Plan("Standard", targets={"resolution": {"normal": 60}}), by=CLOCK)
    came(100, intent=leaks)

    with django_assert_max_num_queries(14):
        assert lint(by=CLOCK)
    assert len({check.name for check in CHECKS}) == len(CHECKS)
