"""Deadlines: warnings before, the breach, and the steps that follow; and what changes when somebody edits a policy."""

import pytest

from towerdesk.automation.escalate import checked, escalate
from towerdesk.events.models import Event
from towerdesk.hours.delete import delete_calendar
from towerdesk.hours.models import Calendar
from towerdesk.hours.save import Plan as Hours
from towerdesk.hours.save import save_calendar
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.sla.notice import notice
from towerdesk.sla.review import review
from towerdesk.sla.save import delete_policy, move_policy
from towerdesk.sla.tests.conftest import DAY, at, clock_of, monday
from towerdesk.testing import cast
from towerdesk.tickets.change import change

RAISE = ("resolution", -30, [{"do": "change", "priority": "high"}])
GIVE = ("resolution", 60, [{"do": "assign", "team": "billing"}, {"do": "note", "text": "Who can help?"}])


def kinds(ticket):
    """What happened to its promises, without what was asked for because of it."""
    found = Event.objects.of(ticket.pk).filter(kind__startswith="sla.").exclude(kind="sla.asked")
    return list(found.values_list("kind", flat=True))


def act_on_all(ticket):
    for event in Event.objects.of(ticket.pk).filter(kind="sla.asked"):
        escalate(event)


def test_a_warning_a_breach_and_a_step_each_come_once(desk, mara, promise):
    promise(solution=120, steps=[RAISE, GIVE])
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    assert clock_of(ticket).next_at == monday("10:30")

    for time in ("10:29", "10:30", "10:31", "11:00", "11:01", "12:00", "13:01"):
        with at(time):
            notice()

    assert kinds(ticket) == ["sla.started", "sla.warned", "sla.breached", "sla.escalated"]
    assert clock_of(ticket).breached_at == monday("11:00")
    assert clock_of(ticket).next_at is None


def test_what_a_step_says_is_done_in_the_policys_name(desk, mara, promise):
    promise(solution=120, steps=[RAISE, GIVE])
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("15:00"):
        notice()
        act_on_all(ticket)
        act_on_all(ticket)  # a killed worker's job is run again

    ticket.refresh_from_db()
    assert (ticket.priority, ticket.team.slug) == ("high", "billing")
    assert kinds(ticket).count("sla.acted") == 2
    assert Event.objects.of(ticket.pk).get(kind="ticket.assigned").actor_name == "Standard"


def test_a_step_that_cannot_be_done_says_why(desk, mara, promise):
    promise(solution=120, steps=[("", 0, [{"do": "assign", "team": "pilots"}])])
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("12:00"):
        notice()
        act_on_all(ticket)

    assert "There is no team “pilots”" in Event.objects.of(ticket.pk).get(kind="sla.stuck").data["trouble"]


def test_a_clock_that_stands_still_is_never_noticed(desk, mara, ana, promise):
    promise(solution=120)
    with at("09:00"):
        ticket = cast.opened(desk, mara)
        change(ticket, status="pending", by=ana)
    with at("17:00", days=30):
        assert notice() == 0


def test_a_step_that_customers_would_see_is_refused():
    with pytest.raises(Invalid, match="can't “reply” by itself"):
        checked([("resolution", 0, [{"do": "reply", "text": "Sorry"}])])


def test_another_calendar_reckons_every_clock_anew(desk, mara, office, promise):
    promise(solution=120)
    with at("16:00"):
        ticket = cast.opened(desk, mara)
    assert clock_of(ticket).due_at == monday("10:00", days=1)

    with at("16:10"):
        save_calendar(office, Hours("Office hours", office.zone, [((540, 1200),)] * 7), by=CLOCK)
        review(Event.objects.filter(kind="calendar.saved").latest("id"))

    assert clock_of(ticket).due_at == monday("18:00")


def test_a_policy_for_a_desk_that_has_tickets_already(desk, mara, promise):
    """What is open counts from the moment the promise was made."""
    with at("09:00"):
        ticket = cast.opened(desk, mara)
    with at("10:00"):
        promise(first=60)
        review(Event.objects.filter(kind="policy.saved").latest("id"))

    assert clock_of(ticket, "first_response").due_at == monday("11:00")


def test_many_tickets_are_reviewed_a_batch_at_a_time(desk, mara, promise):
    first, second = cast.opened(desk, mara), cast.opened(desk, mara)
    promise(solution=120)
    saved = Event.objects.filter(kind="policy.saved").latest("id")

    assert review(saved, most=1) == first.number
    assert review(saved, first.number, most=2) is None
    assert clock_of(second).state == "running"


def test_a_calendar_in_use_is_kept(office, promise):
    promise(solution=120)

    with pytest.raises(Conflict, match="in use by “Standard”"):
        delete_calendar(office, by=CLOCK)
    assert Calendar.objects.exists()


def test_a_policy_that_clocks_ran_by_is_kept(desk, mara, promise):
    policy = promise(solution=120)
    cast.opened(desk, mara)

    with pytest.raises(Conflict, match="switch it off instead"):
        delete_policy(policy, by=CLOCK)


def test_the_first_policy_that_holds_decides(desk, mara, promise):
    promise(solution=480)
    special = promise("Repairs first", "team:repairs", solution=120)
    move_policy(special, up=True, by=CLOCK)

    assert clock_of(cast.opened(desk, mara)).minutes == 120


def test_ben_may_not_promise_things(ben, office):
    with pytest.raises(Refused):
        save_calendar(office, Hours("Mine", "UTC", [DAY] * 7), by=ben)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Hours("", "UTC", [DAY] * 7), "needs a name"),
        (Hours("X", "Europe/Brasswell", [DAY] * 7), "no time zone “Europe/Brasswell”"),
        (Hours("X", "UTC", [()] * 7), "never opens"),
        (Hours("X", "UTC", [DAY] * 7, "ZZ"), "choose a country of the list"),
        (Hours("X", "UTC", [DAY] * 7, "NL", "BY"), "no part “BY”"),
    ],
)
def test_a_bad_calendar_is_refused(db, plan, says):
    with pytest.raises(Invalid, match=says):
        save_calendar(None, plan, by=CLOCK)
