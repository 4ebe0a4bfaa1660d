"""Which rules fired on a ticket, which did not, and why."""

from towerdesk.automation.past.explain import occasions, verdicts
from towerdesk.automation.rules import run
from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.rules.switch import switch
from towerdesk.events.models import Event
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.tag import tag


def told(ticket, event):
    events = list(Event.objects.of(ticket.pk))
    return {one.rule: one for one in verdicts(Ticket.objects.for_strips().get(pk=ticket.pk), events, event)}


def test_each_rule_says_what_it_did_or_which_part_was_missing(written, ticket, ana):
    written("Drips", "drips")
    written("Urgent drips", "drips priority:high")
    written("Broken", "drips", [{"do": "tag", "add": ["x"]}, {"do": "reply", "text": "Thanks"}])
    asleep = written("Asleep", "drips", on=False)
    cast.says(ticket, "It drips again", auto="vacation")
    event = Event.objects.filter(kind="message.received").latest("id")
    run(event, ticket)
    switch(asleep, on=True, by=ana)
    tag(ticket, add=["later"], by=ana)

    found = told(ticket, event)

    assert (found["Drips"].outcome, found["Drips"].recorded) == ("fired", True)
    assert found["Drips"].why == "did: tag (version 1)"
    assert (found["Broken"].outcome, "automatically" in found["Broken"].why) == ("failed", True)
    urgent = found["Urgent drips"]
    assert (urgent.outcome, urgent.recorded, urgent.why) == ("not", False, "priority:high did not hold.")
    assert [(part.text, part.has, part.holds) for part in urgent.parts] == [
        ("priority:high", "normal", False),
        ("drips", "", True),
    ]
    assert found["Asleep"].why == "It was switched off then."


def test_a_rule_is_asked_in_the_words_it_had_then(written, ticket, ana, ana_user):
    rule = written("Leaks", "leaks")
    cast.says(ticket, "Hm, it drips more")
    event = Event.objects.filter(kind="message.received").latest("id")
    run(event, ticket)

    save_rule(rule, Draft("Leaks", condition="drips", actions=rule.actions, owner=ana_user), by=ana)

    assert told(ticket, event)["Leaks"].why == "leaks did not hold."


def test_a_rule_that_came_later_is_not_blamed(written, ticket):
    event = Event.objects.get(kind="message.received")
    written("Later", "drips")

    assert told(ticket, event) == {}


def test_only_what_comes_from_outside_is_an_occasion(written, ticket):
    written("Drips", "drips")
    cast.says(ticket, "It drips")
    run(Event.objects.filter(kind="message.received").latest("id"), ticket)

    kinds = [event.kind for event in occasions(Event.objects.of(ticket.pk))]

    assert kinds == ["message.received", "message.received", "ticket.opened"]


def test_explaining_costs_the_same_for_many_rules(written, ticket, django_assert_max_num_queries):
    for number in range(30):
        written(f"Rule {number}", f"word{number} team:repairs")
    cast.says(ticket, "word7")
    event, events = Event.objects.filter(kind="message.received").latest("id"), list(Event.objects.of(ticket.pk))
    one = Ticket.objects.for_strips().get(pk=ticket.pk)

    with django_assert_max_num_queries(7):
        verdicts(one, events, event)
