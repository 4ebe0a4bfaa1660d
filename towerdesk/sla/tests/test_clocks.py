"""Clocks as people live them: promised, paused, kept, missed, and reckoned anew when something changes."""

from datetime import timedelta

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import together
from towerdesk.sla.explain import explain
from towerdesk.sla.follow import MOVING
from towerdesk.sla.models import Clock
from towerdesk.sla.tests.conftest import at, clock_of, monday
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.tag import tag
from towerdesk.tickets.withdraw import withdraw
from towerdesk.web.sentences import sentence


def told(ticket):
    """What the timeline says about promises."""
    return [sentence(event) for event in Event.objects.of(ticket.pk).filter(kind__startswith="sla.")]


def test_without_a_policy_nothing_is_promised(desk, mara):
    ticket = cast.opened(desk, mara)

    assert not Clock.objects.exists()
    assert told(ticket) == []


def test_a_ticket_is_due_when_its_first_promise_is(desk, mara, promise):
    promise(first=60, solution=480)
    with at("16:30"):
        ticket = cast.opened(desk, mara)

    ticket.refresh_from_db()
    assert ticket.due_at == monday("09:30", days=1)
    assert clock_of(ticket).due_at == monday("09:30", days=2)  # seven hours are a day
    assert told(ticket) == ["Standard promises a first answer within 1 h and a solution within 8 h (Office hours)"]


def test_an_answer_in_time(desk, mara, ana, promise):
    promise(first=60, solution=480)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("09:32"):
        reply(ticket, "Tighten the screw.", by=ana)

    first = clock_of(ticket, "first_response")
    assert (first.state, first.used_seconds) == ("met", 32 * 60)
    assert told(ticket)[1:] == [
        "The clocks stand still: waiting on the customer",
        "First answer in time: 32 min of the promised 1 h",
    ]


def test_a_late_answer_that_nobody_had_noticed(desk, mara, ana, promise):
    promise(first=60)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("11:00"):
        reply(ticket, "Sorry.", by=ana)

    first = clock_of(ticket, "first_response")
    assert (first.state, first.breached_at) == ("missed", monday("10:00"))
    assert told(ticket)[1:] == [
        "First answer is late: 1 h were promised",
        "First answer too late: 2 h instead of the promised 1 h",
    ]


def test_the_clock_stands_still_while_mara_is_asked(desk, mara, ana, promise):
    promise(solution=240)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("10:00"):
        reply(ticket, "Which machine is it?", by=ana)
    assert (clock_of(ticket).state, clock_of(ticket).due_at) == ("paused", None)

    with at("15:00"):
        cast.says(ticket, "The Solo 2.")
    ticket.refresh_from_db()

    assert clock_of(ticket).due_at == monday("10:00", days=1)  # 1 h used, 3 left
    assert ticket.due_at == clock_of(ticket).due_at
    assert told(ticket)[-1] == "The clocks run again: 3 h left"


def test_the_clock_explains_every_second(desk, mara, ana, promise):
    promise(solution=240)
    with at("11:00"):
        ticket = cast.opened(desk, mara)
    with at("14:00"):
        change(ticket, status="hold", by=ana)
    with at("14:30"):
        change(ticket, status="open", by=ana)

    explained = explain(clock_of(ticket), monday("16:00"))

    assert explained.sums == [
        ("running", timedelta(hours=3.5)),
        ("outside hours", timedelta(hours=1)),
        ("paused: waiting on others", timedelta(minutes=30)),
    ]
    assert explained.sentence == "Running: 30 min left"
    assert sum((piece.length for piece in explained.pieces), timedelta(0)) == timedelta(hours=5)


def test_a_higher_priority_counts_from_the_start(desk, mara, ana, promise):
    """Two hours are gone when it becomes critical; one hour was promised for that: it is late at once."""
    promise(solution={"critical": 60, "high": 240, "normal": 480, "low": 960})
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("11:00"):
        change(ticket, priority="critical", by=ana)

    assert clock_of(ticket).due_at == monday("10:00")
    assert clock_of(ticket).breached_at == monday("10:00")
    assert told(ticket)[-1] == "Now Standard promises a solution within 1 h (Office hours); reckoned from the start"


def test_clocks_are_the_same_whether_the_ticket_is_at_hand_or_read(desk, mara, jonas, ana, promise):
    """Of what is recorded together about a ticket, the one that everything was written by way of is followed."""
    promise("Wholesale", "tag:wholesale", first=30, solution=120)
    promise(solution={"critical": 60, "high": 240, "normal": 480, "low": 960})
    with at("09:00"):
        one, other = cast.opened(desk, mara), cast.opened(desk, jonas)
    with at("11:00"), transaction.atomic(), together(one):
        change(one.hold(), priority="critical", by=ana, held=True)
        tag(one, add=["wholesale"], by=ana)
    with at("11:00"), transaction.atomic(), together():
        change(other, priority="critical", by=ana)
        tag(other, add=["wholesale"], by=ana)

    clocks = [list(Clock.objects.filter(ticket=each).order_by("kind").values(*MOVING)) for each in (one, other)]
    assert len(clocks[0]) == 2
    assert clocks[0] == clocks[1]
    assert told(one) == told(other)
    assert [Ticket.objects.get(pk=each.pk).due_at for each in (one, other)] == [one.due_at] * 2


def test_another_policy_keeps_the_pauses(desk, mara, ana, promise):
    promise("Wholesale", "priority:high", solution=120)
    promise(solution=480)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("09:30"):
        change(ticket, status="pending", by=ana)
    with at("11:30"):
        change(ticket, status="open", by=ana)
    with at("11:45"):
        change(ticket, priority="high", by=ana)

    assert clock_of(ticket).policy.name == "Wholesale"
    assert clock_of(ticket).due_at == monday(
        "14:00"
    )  # half an hour before the pause, half an hour after, one after lunch


def test_after_an_answer_the_next_message_starts_the_next_clock(desk, mara, ana, promise):
    promise(first=60, next=30)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("09:10"):
        reply(ticket, "Tighten the screw.", by=ana)
    with at("10:00"):
        cast.says(ticket, "Which one?")
        cast.says(ticket, "Hello?")

    assert clock_of(ticket, "next_response").due_at == monday("10:30")
    assert Clock.objects.filter(ticket=ticket, kind="next_response").count() == 1


def test_an_answer_that_was_stopped_is_none(desk, mara, ana, promise):
    promise(first=60)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("09:10"):
        message = reply(ticket, "Tighten …", by=ana, pause=timedelta(seconds=15))
    with at("09:10:05"):
        withdraw(Message.objects.get(pk=message.pk), "Ben stopped it", by=ana)

    first = clock_of(ticket, "first_response")
    assert (first.state, first.due_at) == ("running", monday("10:00:05"))  # it stood still while the reply waited


def test_resolved_and_opened_again(desk, mara, ana, promise):
    """What it lay resolved does not count, but it runs on from where it stood."""
    promise(solution=240)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("10:00"):
        resolve(ticket, "Done", by=ana)
    assert clock_of(ticket).state == "met"

    with at("14:00"):
        reopen(ticket, "It drips again", by=ana)

    assert (clock_of(ticket).state, clock_of(ticket).due_at) == ("running", monday("17:00"))
    assert told(ticket)[-1] == "The clocks run again: 3 h left"


def test_a_merged_ticket_has_no_clocks_any_more(desk, mara, ana, promise):
    promise(solution=240)
    with at("09:00"):
        ticket, other = cast.opened(desk, mara), cast.opened(desk, mara)
        merge(ticket, other, by=ana)

    assert clock_of(ticket).state == "ended"
    assert told(ticket)[-1] == f"The clocks ended: merged into {other.number}"


def test_a_time_that_ana_gave_herself_stands_when_it_is_earlier(desk, mara, ana, promise):
    promise(solution=480)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
        change(ticket, next_step="Ana rings the technician", due_at=monday("09:30"), by=ana)
    ticket.refresh_from_db()
    assert ticket.due_at == monday("09:30")

    with at("10:00"):
        cast.says(ticket, "Any news?")
    ticket.refresh_from_db()
    assert ticket.due_at == monday("10:00", days=1)


def test_a_receipt_sent_by_a_rule_keeps_no_promise(desk, mara, promise):
    from towerdesk.accounts.actors import rule

    promise(first=60)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
        reply(ticket, "We have got your message.", then="keep", by=rule(1, "Receipt"))

    assert clock_of(ticket, "first_response").state == "running"


def test_a_ticket_just_opened_has_the_same_clocks_as_one_that_is_read(promise, desk, mara):
    """What was opened in this very transaction is not read again; its conditions and due time are as if it were."""
    promise("Coffee", "tag:grinder", first=30, solution=240)
    promise(first=60, solution=480)
    with at("10:00"):
        tagged = open_ticket("It hums", requester=mara, inbox=desk.inbox, by=mara.actor(), tags=["grinder"])
        plain = open_ticket("Where is my order?", requester=mara, inbox=desk.inbox, by=mara.actor())
    for ticket, policy, due in ((tagged, "Coffee", "10:30"), (plain, "Standard", "11:00")):
        assert clock_of(ticket).policy.name == policy
        assert ticket.due_at == Ticket.objects.get(pk=ticket.pk).due_at == monday(due)
