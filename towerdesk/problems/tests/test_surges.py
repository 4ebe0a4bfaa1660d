"""Many write about the same at once: the desk proposes one problem, a person decides, and it can be taken back."""

from datetime import timedelta

import pytest

from towerdesk.knowledge.index import pack
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict
from towerdesk.problems.models import Member, Sighting, Surge
from towerdesk.problems.surges.decide import accept, dismiss, end_solved, leave_out, take_back
from towerdesk.problems.surges.hold import why_held
from towerdesk.problems.surges.past import usual_before
from towerdesk.problems.surges.watch import forget, pass_by
from towerdesk.problems.tests.conftest import MODEL, TUESDAY, toward
from towerdesk.tickets.link import incidents_of
from towerdesk.tickets.models import Link
from towerdesk.tickets.resolve import resolve

pytestmark = pytest.mark.django_db


@pytest.fixture
def surge(arrivals):
    return arrivals.proposed()


def test_many_like_requests_propose_one_problem(arrivals):
    arrivals.ordinary()
    arrivals.many(8)

    surge = Surge.objects.get()
    assert surge.state == "proposed"
    assert surge.count >= 5
    assert surge.minutes in (10, 20)
    assert surge.expected < 0.5
    assert "Checkout fails" in surge.about
    assert surge.members.count() == 8


def test_ordinary_requests_of_many_kinds_propose_nothing(arrivals):
    arrivals.ordinary()
    for number in range(20):
        arrivals.one(TUESDAY + timedelta(minutes=number), topic=40 + number)

    assert not Surge.objects.exists()


def test_one_person_who_writes_ten_times_is_no_surge(arrivals, mara):
    arrivals.ordinary()
    arrivals.many(10, person=mara)

    assert not Surge.objects.exists()


def test_a_desk_that_knows_nothing_yet_proposes_nothing(arrivals):
    arrivals.many(12)

    assert not Surge.objects.exists()


def test_what_was_usual_all_along_is_no_surge(arrivals):
    """Eight an hour of one kind is what this desk lives on."""
    arrivals.ordinary(daily=50, topics=1)
    for number in range(8):
        arrivals.one(TUESDAY + timedelta(minutes=7 * number), topic=20)

    assert not Surge.objects.exists()


def test_accepting_it_makes_the_problem_and_links_all_of_them(surge, ana, desk):
    problem = accept(surge, by=ana)

    assert (problem.type, problem.team, problem.priority) == ("problem", desk.repairs, "high")
    assert incidents_of(problem).count() == 6
    assert problem.messages.get(public=False).text.startswith(f"{surge.count} like requests came")
    assert problem.requester.name == "Ana Reyes"


def test_what_comes_while_it_lasts_is_linked_by_itself(surge, arrivals, ana):
    problem = accept(surge, by=ana)

    late = arrivals.one(TUESDAY + timedelta(hours=1))

    assert Link.objects.get(ticket=late).other == problem
    assert Surge.objects.count() == 1


def test_what_a_surge_explains_is_not_counted_for_another(arrivals):
    """Near some of its requests, but not near the middle of them all."""
    arrivals.ordinary()
    arrivals.many(8)

    Surge.objects.update(centre=pack(toward(300, arrivals.chance)[None]))
    arrivals.many(2, begin=TUESDAY + timedelta(minutes=20))

    assert Surge.objects.count() == 1


def test_something_else_is_not_linked(surge, arrivals, ana):
    accept(surge, by=ana)

    other = arrivals.one(TUESDAY + timedelta(hours=1), topic=200, subject="Leak")

    assert not Link.objects.filter(ticket=other).exists()


def test_taking_it_back_leaves_everything_as_it_was(surge, ana):
    problem = accept(surge, by=ana)

    take_back(surge, by=ana)

    surge.refresh_from_db()
    problem.refresh_from_db()
    assert surge.state == "proposed"
    assert problem.status == "closed"
    assert not Link.objects.filter(other=problem).exists()
    assert set(surge.members.values_list("ticket__type", flat=True)) == {"question"}


def test_whoever_comes_second_is_told_who_was_first(surge, ana, ben):
    accept(surge, by=ana)

    with pytest.raises(Conflict, match="ongoing by Ana Reyes"):
        dismiss(surge, by=ben)


def test_what_was_turned_down_is_not_proposed_again_for_a_while(surge, arrivals, ana):
    with clock.at(TUESDAY + timedelta(minutes=20)):
        dismiss(surge, by=ana, why="A newsletter went out")

    arrivals.many(8, begin=TUESDAY + timedelta(minutes=30))

    assert Surge.objects.count() == 1
    assert surge.members.count() == 6


def test_one_that_is_about_something_else_is_left_out(surge, ana):
    problem = accept(surge, by=ana)
    stray = surge.members.order_by("ticket_id").first().ticket

    leave_out(surge, stray, by=ana)

    assert incidents_of(problem).count() == 5
    assert Member.objects.get(ticket=stray).state == "left_out"


def test_while_it_lasts_the_assistants_own_answers_wait(surge, arrivals, ana):
    problem = accept(surge, by=ana)
    asked = toward(3, arrivals.chance)

    assert why_held(None, lambda: asked, MODEL) == f"Many report this just now: it belongs to problem {problem.pk}"
    assert why_held(None, lambda: toward(200, arrivals.chance), MODEL) == ""

    resolve(problem, "The bank is back", by=ana)
    end_solved()
    assert why_held(None, lambda: asked, MODEL) == ""
    assert Surge.objects.get().state == "over"


def test_a_proposal_that_nobody_takes_up_passes(surge):
    with clock.at(TUESDAY + timedelta(hours=13)):
        assert pass_by() == 1

    surge.refresh_from_db()
    assert surge.state == "passed"


def test_what_is_older_than_what_is_learnt_from_is_forgotten(surge):
    with clock.at(TUESDAY + timedelta(days=40)):
        forget()

    assert not Sighting.objects.exists()


def test_what_is_usual_is_read_once_and_again_when_a_surge_was_judged(arrivals, ana, django_assert_num_queries):
    arrivals.ordinary()
    last = arrivals.one()
    sighting = Sighting.objects.get(ticket=last)
    seen, _ = usual_before(sighting)
    with django_assert_num_queries(1):
        again, _ = usual_before(sighting)
    assert again is seen
    assert len(seen) == Sighting.objects.filter(at__lt=TUESDAY - timedelta(hours=6)).count()

    surge = arrivals.proposed()
    accept(surge, by=ana)
    surge.members.filter(ticket=surge.example).update(ticket=Sighting.objects.earliest("at", "ticket").ticket_id)
    fresh, _ = usual_before(sighting)
    assert len(fresh) == len(seen) - 1
