"""Who gets a ticket, and why; offers that pass on; nothing is ever unowned."""

from datetime import timedelta

import pytest

from towerdesk.accounts.models import User
from towerdesk.automation.models import Placement, Profile, Route
from towerdesk.automation.routing.accept import accept, let_pass
from towerdesk.automation.routing.next_ticket import next_ticket
from towerdesk.automation.routing.route import route
from towerdesk.automation.routing.save import (
    Draft,
    add_absence,
    delete_route,
    save_person,
    save_route,
    save_skill,
    save_weight,
    set_available,
)
from towerdesk.automation.routing.tend import tend_routing
from towerdesk.automation.routing.working import is_working
from towerdesk.events.models import Event
from towerdesk.lib.clock import at, now
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Refused
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cleo(desk) -> User:
    return cast.agent("Cleo Marsh", desk.repairs)


@pytest.fixture
def routed(ana, ana_user):
    """Call it: a route that is on."""

    def make(**said) -> Route:
        return save_route(None, Draft(**{"name": "Everything", "owner": ana_user, "active": True, **said}), by=ana)

    return make


def told(ticket):
    return [
        event.data["why"] for event in Event.objects.filter(ticket_id=ticket.pk, kind="ticket.routed").order_by("id")
    ]


def opened(desk, person, text="It drips", **changes):
    ticket = cast.opened(desk, person, text)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.save()
    return Ticket.objects.for_strips().get(pk=ticket.pk)


def test_whoever_has_the_least_gets_it_and_the_ticket_says_why(routed, desk, mara, ana, ben_user, cleo):
    routed()
    set_available(User.objects.get(name="Ana Reyes"), on=False, by=ana)
    assign(opened(desk, mara), ben_user, by=ana)
    ticket = opened(desk, mara)

    route(ticket)

    assert ticket.assignee == cleo
    assert told(ticket) == ["Cleo has 0 of 12, the least of all"]
    assert ticket.team == desk.repairs


def test_those_with_equal_hands_take_turns(routed, desk, jonas, ana, ben_user, cleo):
    routed(sticky=False)
    given = []
    for _ in range(6):
        ticket = opened(desk, jonas)
        route(ticket)
        given.append(ticket.assignee.first_name)

    assert sorted(given[:3]) == sorted(given[3:]) == ["Ana", "Ben", "Cleo"]


def test_whoever_knows_the_customer_comes_first(routed, desk, mara, ben, ben_user, cleo):
    routed()
    first = opened(desk, mara)
    reply(first, "Turn the ring", by=ben)
    ticket = opened(desk, mara)

    route(ticket)

    assert ticket.assignee == ben_user
    assert told(ticket) == ["Ben knows Mara"]


def test_only_those_with_the_skill(routed, desk, mara, ana, cleo):
    grinders = save_skill("mend grinders", by=ana)
    save_person(cleo, most=12, skills=[grinders], by=ana)
    routed(skills=[grinders], condition="grinder")
    ticket = opened(desk, mara, "My grinder hums")
    other = opened(desk, mara, "It drips")

    route(ticket)
    route(other)

    assert (ticket.assignee, other.assignee) == (cleo, None)
    assert told(ticket) == ["Cleo can mend grinders, has 0 of 12 and is the only one with room"]


def test_those_who_speak_the_language_and_else_anybody(routed, desk, mara, ana, ana_user, ben_user, cleo):
    routed(sticky=False)
    save_person(cleo, most=12, languages=["de", "en"], by=ana)
    for user in (ana_user, ben_user):
        save_person(user, most=12, languages=["en"], by=ana)
    german, finnish = opened(desk, mara, language="de"), opened(desk, mara, language="fi")

    route(german)
    route(finnish)

    assert german.assignee == cleo
    assert told(finnish)[0].endswith("nobody free speaks fi")


def test_capacity_counts_weights_and_each_channel(routed, desk, mara, ana, ana_user, ben_user, cleo):
    routed(sticky=False)
    save_weight("email", 3, by=ana)
    save_person(ana_user, most=0, by=ana)
    save_person(ben_user, most=20, limits={"email": 3}, by=ana)
    save_person(cleo, most=7, by=ana)
    tickets = [opened(desk, mara) for _ in range(4)]

    for ticket in tickets:
        route(ticket)

    owners = [str(ticket.assignee) for ticket in tickets]
    assert sorted(owners) == ["Ben Okafor", "Cleo Marsh", "Cleo Marsh", "None"]
    assert told(tickets[3]) == ["Everybody of Repairs who is at work has their hands full: it waits in Repairs"]
    assert tickets[3].team == desk.repairs


def test_what_waits_finds_whoever_is_free_again(routed, desk, mara, ana, ana_user, ben_user):
    routed()
    save_person(ana_user, most=0, by=ana)
    save_person(ben_user, most=1, by=ana)
    first, second = opened(desk, mara), opened(desk, mara)
    route(first)
    route(second)
    assert tend_routing() == 0
    resolve(first, by=ana)

    assert tend_routing() == 1
    second.refresh_from_db()
    assert second.assignee == ben_user
    assert not Placement.objects.exists()


def test_those_who_are_away_or_switched_off_get_nothing(routed, desk, mara, ana, ana_user, ben, ben_user, cleo):
    routed(sticky=False)
    add_absence(ben_user, now() - MINUTE, now() + timedelta(days=3), "holiday", by=ben)
    set_available(ana_user, on=False, by=ana)

    for _ in range(3):
        ticket = opened(desk, mara)
        route(ticket)
        assert ticket.assignee == cleo
    assert not is_working(ben_user, now())
    assert is_working(ben_user, now() + timedelta(days=4))


def test_an_absent_persons_ticket_goes_on_when_the_customer_writes(routed, desk, mara, ana, ben_user, cleo):
    routed(sticky=False)
    ticket = opened(desk, mara)
    assign(ticket, ben_user, by=ana)
    route(ticket)
    assert ticket.assignee == ben_user
    add_absence(ben_user, now() - MINUTE, now() + timedelta(days=3), by=ana)

    route(ticket)

    assert ticket.assignee != ben_user
    assert ticket.assignee is not None


def test_the_assistants_and_other_peoples_tickets_are_left_alone(routed, desk, mara, ana):
    routed()
    waiting, closed = opened(desk, mara), opened(desk, mara)
    change(waiting, status="pending", by=ana)
    resolve(closed, by=ana)

    for ticket in (waiting, closed):
        route(ticket)
        assert ticket.assignee is None


def test_an_offer_is_accepted_or_goes_to_somebody_else(routed, desk, mara, ana, ana_user, ben, ben_user):
    routed(accept_within=15 * MINUTE, sticky=False)
    save_person(ana_user, most=0, by=ana)
    ticket = opened(desk, mara)
    route(ticket)
    accept(ticket, ben_user, by=ben)
    assert not Placement.objects.exists()

    other, cleo = opened(desk, mara), cast.agent("Cleo Marsh", desk.repairs)
    route(other)
    let_pass(other, other.assignee, why="too hard", by=ana)

    other.refresh_from_db()
    assert other.assignee in (ben_user, cleo)
    assert Placement.objects.get().tried != [other.assignee_id]
    with pytest.raises(Conflict, match="no longer offered"):
        accept(ticket, ben_user, by=ben)


def test_what_is_not_accepted_in_time_is_offered_again_and_then_overflows(routed, desk, mara, ana, ana_user, ben_user):
    ruth = cast.agent("Ruth Castellan", desk.billing)
    routed(accept_within=15 * MINUTE, overflow=desk.billing, overflow_after=30 * MINUTE, sticky=False)
    set_available(ana_user, on=False, by=ana)
    ticket = opened(desk, mara)
    route(ticket)
    assert ticket.assignee == ben_user

    with at(now() + 16 * MINUTE):
        assert tend_routing() == 1
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.team) == (None, desk.repairs)
    with at(now() + 31 * MINUTE):
        assert tend_routing() == 1

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.team) == (ruth, desk.billing)
    assert told(ticket)[-2] == "Nobody of Repairs took it in time: it overflows to Billing"
    assert Event.objects.get(kind="ticket.passed").data == {"who": "Ben Okafor", "why": "did not accept it in time"}


def test_what_waits_in_a_queue_is_left_alone_until_it_overflows(routed, desk, mara, ana, django_assert_num_queries):
    routed(mode="queue", overflow=desk.billing, overflow_after=30 * MINUTE)
    first, second, taken = opened(desk, mara), opened(desk, mara), opened(desk, mara)
    for ticket in (first, second, taken):
        route(ticket)
    resolve(taken, by=ana)

    assert tend_routing() == 0
    assert set(Placement.objects.values_list("ticket_id", flat=True)) == {first.pk, second.pk}
    with django_assert_num_queries(1):
        assert tend_routing() == 0

    with at(now() + 31 * MINUTE):
        assert tend_routing() == 2
        with django_assert_num_queries(1):
            assert tend_routing() == 0
    first.refresh_from_db()
    assert first.team == desk.billing


def test_working_on_it_accepts_it_too(routed, desk, mara, ana, ana_user, ben, ben_user):
    routed(accept_within=15 * MINUTE)
    save_person(ana_user, most=0, by=ana)
    ticket = opened(desk, mara)
    route(ticket)
    reply(ticket, "Turn the ring", by=ben, then="keep")

    with at(now() + 16 * MINUTE):
        assert tend_routing() == 0
    ticket.refresh_from_db()
    assert ticket.assignee == ben_user


def test_the_first_route_that_fits_decides_and_a_broken_one_is_passed_over(routed, desk, mara, ana):
    routed(name="Broken", condition="drips")
    Route.objects.update(condition="sttus:open")
    routed(name="To billing", condition="drips", team=desk.billing, mode="queue")
    routed(name="Rest")
    ticket = opened(desk, mara)

    route(ticket)

    assert (ticket.team, ticket.assignee) == (desk.billing, None)
    assert told(ticket) == ["It waits in Billing for whoever takes the next ticket"]


def test_the_next_ticket_is_the_most_urgent_that_one_may_take(desk, mara, jonas, ana, ben, ben_user):
    late = opened(desk, mara, due_at=now() - MINUTE)
    soon = opened(desk, mara, due_at=now() + MINUTE)
    critical = opened(desk, jonas, priority="critical", due_at=now() + 50 * MINUTE)
    elsewhere = opened(desk, mara, team=desk.billing)

    taken = [next_ticket(ben_user, by=ben).pk for _ in range(3)]

    assert taken == [critical.pk, late.pk, soon.pk]
    with pytest.raises(NotFound, match="Nothing waits that Ben can take"):
        next_ticket(ben_user, by=ben)
    elsewhere.refresh_from_db()
    assert elsewhere.assignee is None
    assert told(critical) == ["Ben took the next: critical"]


def test_nobody_takes_more_than_they_can_carry(desk, mara, ana, ben, ben_user):
    save_person(ben_user, most=1, by=ana)
    opened(desk, mara)
    opened(desk, mara)
    next_ticket(ben_user, by=ben)

    with pytest.raises(Conflict, match="Ben has 1 of 1: finish or give away one"):
        next_ticket(ben_user, by=ben)


def test_the_next_ticket_fits_skills_and_languages(routed, desk, mara, ana, ben, ben_user, cleo):
    grinders = save_skill("mend grinders", by=ana)
    save_person(cleo, most=12, skills=[grinders], by=ana)
    save_person(ben_user, most=12, languages=["en"], by=ana)
    routed(condition="grinder", skills=[grinders], mode="queue")
    hard, german, mine = opened(desk, mara, "My grinder hums"), opened(desk, mara, language="de"), opened(desk, mara)
    route(hard)

    assert next_ticket(ben_user, by=ben).pk == mine.pk
    assert next_ticket(cleo, by=cast.acting(cleo)).pk == hard.pk
    assert next_ticket(cleo, by=cast.acting(cleo)).pk == german.pk


def test_a_viewer_takes_no_tickets(desk, ana):
    vera = cast.agent("Vera Lind", desk.repairs, role="viewer")

    with pytest.raises(Refused, match="takes no tickets"):
        next_ticket(vera, by=ana)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "has no name"),
        ({"condition": "team:repair"}, "Did you mean “repairs”"),
        ({"mode": "throw"}, "Choose whether"),
        ({"accept_within": timedelta(seconds=5)}, "from one minute to seven days"),
        ({"owner": None}, "choose an owner"),
    ],
)
def test_a_bad_route_is_refused_with_what_to_change(routed, desk, wrong, says):
    with pytest.raises(Invalid, match=says):
        routed(**wrong)


def test_a_route_needs_somebody_who_can(routed, desk, ana):
    skill = save_skill("speak to lawyers", by=ana)

    with pytest.raises(Invalid, match="Nobody in Billing can speak to lawyers"):
        routed(team=desk.billing, skills=[skill])
    with pytest.raises(Invalid, match="can't overflow to Billing"):
        routed(team=desk.billing, overflow=desk.billing)


def test_a_route_in_use_is_not_deleted_by_accident(routed, ana, ana_user):
    made = routed()
    with pytest.raises(Conflict, match="switch it off first"):
        delete_route(made, "Everything", by=ana)
    save_route(made, Draft("Everything", owner=ana_user), by=ana)
    delete_route(made, "Everything", by=ana)

    assert not Route.objects.exists()


def test_ones_own_switch_and_absence_are_ones_own(desk, ben, ben_user, cleo):
    set_available(ben_user, on=False, by=ben)
    assert not Profile.objects.get(user=ben_user).available
    with pytest.raises(Refused):
        set_available(cleo, on=False, by=ben)
    with pytest.raises(Refused):
        add_absence(cleo, now(), now() + MINUTE, by=ben)
    moment = now()
    with pytest.raises(Invalid, match="ends after it begins"):
        add_absence(ben_user, moment, moment, by=ben)
