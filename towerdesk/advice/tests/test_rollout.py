"""Three phases with live signals, and which intents go first."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.advice.rollout.phases import rollout
from towerdesk.advice.rollout.rank import rank
from towerdesk.insights import facts
from towerdesk.insights.metrics import measure
from towerdesk.insights.models import TicketFact
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Refused
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Intent
from towerdesk.tickets.rate import rate
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve


def signal(title):
    return next(one for phase in rollout(by=CLOCK).phases for one in phase.signals if one.title == title)


def arrived(desk, state, **more):
    Raw.objects.create(inbox=desk.inbox, door="smtp", content=b"x", size=1, digest="0" * 64, state=state, **more)


def test_an_empty_desk_is_in_phase_one_and_says_what_to_do(desk):
    found = rollout(by=CLOCK)

    assert found.now == 1
    assert [block.mend.path for block in found.phases[0].blocks] == [
        "/settings",
        "/settings/intents/new",
        "/settings/policies/new",
    ]
    assert signal("Arrivals accounted for").value is None


def test_hidden_work_is_what_failed_and_what_is_late_in_nobodys_hands(desk, ana, ana_user, ticket):
    arrived(desk, "message")
    arrived(desk, "set_aside")
    arrived(desk, "stored")  # on its way
    arrived(desk, "failed")
    other = cast.opened(desk, ticket.requester)
    type(ticket).objects.update(due_at=now() - timedelta(hours=1))

    assert signal("Arrivals accounted for").value == 0.75
    assert signal("Work that somebody sees").value == 0
    assign(other, ana_user, by=ana)
    assert signal("Work that somebody sees").value == 0.5
    blocks = [block.what for block in rollout(by=CLOCK).phases[0].blocks]
    assert "1 waiting ticket is late and in nobody's hands." in blocks


def test_a_ticket_that_goes_round_is_counted_each_time(desk, ana, ana_user, ben_user, ticket):
    assign(ticket, ana_user, by=ana)
    assert signal("Passed on again").value == 0

    assign(ticket, desk.billing, by=ana)
    assign(ticket, ben_user, by=ana)
    assert signal("Passed on again").value == 2
    assert not signal("Passed on again").is_reached


def test_autonomous_resolution_is_the_same_number_as_in_the_reports(desk, mara, jonas, ana):
    reply(cast.opened(desk, mara), "Turn the gasket.", by=ana, then="resolve")
    alone = cast.opened(desk, jonas)
    reply(alone, "30 days.", by=THE_ASSISTANT, warrant="licence:1", then="keep")
    resolve(alone, "Answered", by=THE_ASSISTANT)
    rate(alone, 3, by=jonas.actor())
    facts.fold()
    until = now() + timedelta(minutes=1)

    figure = measure(ana, until - timedelta(days=30), until)["autonomous"]

    found = signal("Resolved before an agent steps in")
    assert (found.value, found.n) == (figure.value, figure.n) == (0.5, 2)
    assert signal("Replies that nobody typed anew").value == 0.5


@pytest.fixture
def intents(desk):
    """A frequent and easy one, a frequent one that takes long, a rare one, one about money."""
    made = {}
    for slug, risk, came, easy in (
        ("leak", "information", 60, 54),
        ("complaint", "information", 60, 12),
        ("odd", "information", 3, 3),
        ("refund", "money", 50, 50),
        ("where", "information", 40, 40),
    ):
        made[slug] = Intent.objects.create(slug=slug, name=slug.capitalize(), team=desk.repairs, risk=risk)
        base = TicketFact.objects.count()
        TicketFact.objects.bulk_create(
            TicketFact(
                ticket_id=10_000 + base + number,
                opened_at=now(),
                intent=slug,
                resolved_at=now(),
                replies_person=1 if number < easy else 3,
            )
            for number in range(came)
        )
    return made


def test_what_is_frequent_repeatable_and_owned_goes_first(intents, came):
    for intent in intents.values():
        came(2, intent=intent)

    found = rank(now())

    assert [one.intent.slug for one in found] == ["leak", "where", "complaint", "refund", "odd"]
    assert found[0].why == "60 tickets, 90 % settled by one reply, 100 % stay with Repairs."
    assert found[0].worth == 54
    assert found[2].why == "One reply settled only 20 %."
    assert found[3].why == "Money and legal matters need a person's approval."
    assert [one.is_exception for one in found] == [False, False, True, True, True]


def test_an_intent_whose_tickets_wander_off_has_no_clear_owner(intents, came, desk):
    came(2, intent=intents["leak"], team=desk.billing)

    found = {one.intent.slug: one for one in rank(now())}

    assert found["leak"].why == "Only 0 % stay with Repairs."


def test_an_intent_set_by_hand_counts_from_the_log(desk, ana, leaks, ticket):
    change(ticket, intent=leaks, by=ana)
    facts.fold()

    assert signal("Tickets with an intent").value == 1
    assert rank(now())[0].tickets == 1


def test_whoever_may_not_read_all_tickets_sees_no_roll_out(ben, desk):
    with pytest.raises(Refused):
        rollout(by=ben)
