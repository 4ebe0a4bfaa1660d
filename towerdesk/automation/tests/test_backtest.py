"""What a rule would have done, told from the log before it is switched on."""

from datetime import timedelta

import pytest

from towerdesk.automation.models import Rule
from towerdesk.automation.past.backtest import backtest
from towerdesk.automation.past.rewind import Names, rewind
from towerdesk.events.models import Event
from towerdesk.lib.clock import at, now
from towerdesk.lib.errors import Invalid
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.tag import tag


def rule(condition, *actions, when="message.received"):
    return Rule(name="Tried", when=when, condition=condition, actions=list(actions) or [{"do": "tag", "add": ["x"]}])


@pytest.fixture
def lived(desk, mara, jonas, ana, ben_user):
    """Two months: Mara's ticket was urgent for a while, and is closed now; Jonas' is new."""
    begin = now() - timedelta(days=60)
    with at(begin):
        ticket = cast.opened(desk, mara)
    with at(begin + timedelta(hours=1)):
        assign(ticket, ben_user, by=ana)
        change(ticket, priority="high", by=ana)
        tag(ticket, add=["vip"], by=ana)
        reply(ticket, "Turn the ring.", by=ana)
    with at(begin + timedelta(days=1)):
        cast.says(ticket, "It still drips, the gasket is flat.")
    with at(begin + timedelta(days=2)):
        assign(ticket, desk.billing, by=ana)
        change(ticket, priority="low", by=ana)
        tag(ticket, remove=["vip"], by=ana)
        resolve(ticket, by=ana)
        close(ticket, by=ana)
    cast.opened(desk, jonas, "Where is my parcel?", "It has not come.")
    return ticket


def test_it_asks_of_the_ticket_as_it_was(lived, ana):
    test = backtest(rule("priority:high tag:vip team:repairs is:waiting"), by=ana)

    [would] = test.changed
    assert (would.ticket.pk, would.at) == (lived.pk, Event.objects.filter(kind="message.received").order_by("pk")[1].at)
    assert would.would == ("Adds the tag x.",)
    assert would.about == ()
    assert "changed 1 of 2 tickets, looking 3 times" in test.says()


def test_words_count_from_when_they_were_said(lived, ana):
    test = backtest(rule("gasket"), by=ana)

    assert [would.at for would in test.changed] == [Event.objects.filter(kind="message.received").order_by("pk")[1].at]


def test_what_it_would_change_is_told_from_then(lived, ana):
    [would] = backtest(rule("tag:vip", {"do": "change", "priority": "critical"}), by=ana).changed

    assert would.would == ("Sets the priority from “high” to “critical”.",)


def test_what_would_have_changed_nothing_is_not_counted(lived, ana):
    test = backtest(rule("tag:vip", {"do": "change", "priority": "high"}), by=ana)

    assert (test.held, test.changed) == (1, [])


def test_only_the_days_asked_for(lived, ana):
    assert [one.ticket.requester.name for one in backtest(rule(""), days=30, by=ana).changed] == ["Jonas Weber"]


def test_a_rule_for_opened_tickets_looks_at_first_messages(lived, ana):
    assert backtest(rule("drips", when="ticket.opened"), by=ana).looked == 2


def test_what_the_log_does_not_hold_is_said(lived, ana):
    [jonas, *_] = backtest(rule("step:answer,none"), by=ana).changed

    assert jonas.about == ("step",)


def test_nothing_is_written_and_nothing_hidden_is_shown(lived, ben, desk):
    before = Event.objects.count()
    desk.billing.restricted = True
    desk.billing.save()

    test = backtest(rule(""), by=ben)

    assert {one.ticket.requester.name for one in test.changed} == {"Jonas Weber"}
    assert Event.objects.count() == before


def test_a_machines_mail_would_not_have_been_answered(ticket, ana):
    cast.says(ticket, "I am away", auto="vacation")

    test = backtest(rule("away", {"do": "reply", "text": "Hello", "then": "keep"}), by=ana)

    assert (test.held, test.changed) == (1, [])


def test_a_rule_of_the_clock_is_tested_on_the_tickets_of_now(lived, ana):
    test = backtest(rule("is:waiting", when="clock"), by=ana)

    assert [one.ticket.requester.name for one in test.changed] == ["Jonas Weber"]
    assert test.says() == "Now it would change 1 of the tickets that are not closed."


def test_a_rule_that_cannot_be_read_is_one_sentence(lived, ana):
    with pytest.raises(Invalid, match="no condition “sttus:”"):
        backtest(rule("sttus:open"), by=ana)


def test_a_limit_takes_the_newest_tickets_and_says_so(lived, ana):
    test = backtest(rule(""), by=ana, most=1)

    assert ({one.ticket.requester.name for one in test.changed}, test.partial) == ({"Jonas Weber"}, True)


def test_the_whole_way_back_of_one_ticket(lived):
    ticket = Ticket.objects.for_strips().get(pk=lived.pk)
    events = list(Event.objects.of(ticket.pk))

    def then(kind, place=0):
        at_event = [event for event in events if event.kind == kind][place]
        was = rewind(ticket, events, at_event, Names.read()).ticket
        return was.status, was.priority, was.tags, was.owner_name, was.resolution

    assert then("ticket.opened") == ("new", "normal", [], "Repairs", "")
    assert then("ticket.assigned") == ("open", "normal", [], "Ben Okafor", "")
    assert then("message.queued") == ("pending", "high", ["vip"], "Ben Okafor", "")
    assert then("message.received", 1) == ("open", "high", ["vip"], "Ben Okafor", "")
    assert then("ticket.resolved") == ("resolved", "low", [], "Billing", "solved")
    assert then("ticket.closed") == ("closed", "low", [], "Billing", "solved")
    assert (ticket.status, ticket.tags, ticket.priority) == ("closed", [], "low")
