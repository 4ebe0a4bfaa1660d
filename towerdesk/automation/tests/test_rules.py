"""Rules answer what comes from outside, in order, and a broken one loses nothing."""

import pytest

from towerdesk.automation.models import Rule
from towerdesk.automation.rules import run
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.testing import cast
from towerdesk.tickets.note import note


def rule(name, condition="", actions=({"do": "tag", "add": ["seen"]},), **more):
    return Rule.objects.create(name=name, condition=condition, actions=list(actions), **more)


def arrived(ticket):
    return Event.objects.filter(ticket_id=ticket.pk, kind="message.received").latest("id")


def test_a_rule_that_holds_acts_in_its_own_name(ticket):
    rule("Drips are urgent", "drips team:repairs", [{"do": "change", "priority": "high"}])
    event = arrived(ticket)

    [fired] = run(event, ticket)

    ticket.refresh_from_db()
    assert (fired.rule, fired.did, ticket.priority) == ("Drips are urgent", ("change",), "high")
    changed = Event.objects.get(ticket_id=ticket.pk, kind="ticket.changed")
    assert (changed.actor_kind, changed.actor_name, changed.cause_id) == ("rule", "Drips are urgent", event.pk)
    assert Event.objects.get(kind="rule.fired").data == {"rule": "Drips are urgent", "version": 1, "did": ["change"]}


def test_rules_act_in_order_and_see_what_the_one_before_did(ticket):
    rule("Second", "tag:first", [{"do": "tag", "add": ["second"]}], position=2)
    rule("First", "", [{"do": "tag", "add": ["first"]}], position=1)
    rule("Asleep", "", active=False)

    assert [fired.rule for fired in run(arrived(ticket), ticket)] == ["First", "Second"]
    assert ticket.tags == ["first", "second"]


def test_what_rules_do_sets_off_no_rules(ticket, ana):
    rule("Any note", "", when="message.noted")
    noted = note(ticket, "hm", by=Actor("rule", 1, "Some rule", frozenset({"*"})))
    event = Event.objects.get(kind="message.noted", subject_id=noted.pk)

    assert run(event, ticket) == []


def test_a_rule_for_opened_tickets_looks_at_the_first_message_only(ticket):
    rule("Greets", "drips", when="ticket.opened")

    assert [fired.rule for fired in run(arrived(ticket), ticket)] == ["Greets"]
    cast.says(ticket, "It still drips")
    assert run(arrived(ticket), ticket) == []


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"condition": "sttus:open"}, "no condition “sttus:”"),
        ({"actions": [{"do": "explode"}]}, "no such action"),
        ({"actions": [{"do": "tag", "add": ["half"]}, {"do": "assign", "team": "nowhere"}]}, "no team “nowhere”"),
        ({"actions": "rubbish"}, "Actions are a list"),
    ],
)
def test_a_broken_rule_is_told_of_undone_and_stops_nobody(ticket, broken, says):
    Rule.objects.create(name="Broken", position=1, **{"actions": [{"do": "tag", "add": ["x"]}], **broken})
    rule("Whole", position=2)

    fired = run(arrived(ticket), ticket)

    assert [one.rule for one in fired] == ["Broken", "Whole"]
    assert says in fired[0].trouble
    assert ticket.tags == ["seen"]
    assert says in Event.objects.get(kind="rule.failed").data["trouble"]


def test_a_repeated_job_does_not_let_a_rule_act_twice(ticket):
    rule("Notes", "", [{"do": "note", "text": "Look here"}])
    event = arrived(ticket)

    run(event, ticket)

    assert run(event, ticket) == []
    assert ticket.messages.filter(public=False).count() == 1


def test_a_changed_rule_is_read_again(ticket):
    changing = rule("Changing", "status:closed")
    event = arrived(ticket)
    assert run(event, ticket) == []

    changing.condition = "is:waiting"
    changing.save()

    assert [fired.rule for fired in run(event, ticket)] == ["Changing"]


def test_a_machine_is_not_answered_by_a_machine(ticket):
    rule("Thanks", "", [{"do": "reply", "text": "We have it", "then": "keep"}])
    cast.says(ticket, "I am away until Monday", auto="vacation")

    [fired] = run(arrived(ticket), ticket)

    assert "sent automatically" in fired.trouble
    assert not ticket.messages.filter(direction="out").exists()


def test_rules_kept_ready_cost_one_query_when_none_holds(ticket, django_assert_num_queries):
    rule("Never", "status:closed")
    run(arrived(ticket), ticket)
    event = arrived(ticket)

    with django_assert_num_queries(1):  # are they still the same
        run(event, ticket)
