"""A surge, from the line above the bays to everybody's answer, through the pages that Ana uses."""

from datetime import timedelta

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.lib import clock
from towerdesk.problems.models import Banner, Telling
from towerdesk.problems.telling import tell
from towerdesk.problems.tests.conftest import TUESDAY, Arrivals
from towerdesk.testing import cast
from towerdesk.tickets.link import incidents_of, link
from towerdesk.tickets.models import CustomField, Message, Ticket
from towerdesk.tickets.rate import rate
from towerdesk.tickets.taxonomy import forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrivals(desk):
    return Arrivals(desk)


@pytest.fixture
def surge(arrivals):
    return arrivals.proposed()


@pytest.fixture
def anas(client, ana_user):
    client.force_login(ana_user)
    return client


@pytest.fixture
def problem(anas, surge):
    anas.post(f"/problems/surges/{surge.pk}/problem")
    return Ticket.objects.get(type="problem")


def tells(anas, problem, kind="known", **more):
    texts = {
        "text-en": "Dear {{requester.first_name}}, we know.\n{{me.first_name}}",
        "text-de": "Guten Tag {{requester.first_name}}, wir wissen es.",
    }
    answer = anas.post(f"/tickets/{problem.pk}/tell", {"kind": kind, **texts, **more})
    assert answer.status_code == 302, answer.content.decode()
    telling = Telling.objects.order_by("-id").first()
    tell.run(telling.pk)
    return telling


def test_the_tower_says_it_in_one_line_and_one_click_makes_the_problem(anas, surge):
    assert "/problems/band" in anas.get("/").content.decode()
    tower = anas.get("/problems/band").content.decode()
    assert "6 like requests in 20 minutes, usually none" in tower

    answer = anas.post(f"/problems/surges/{surge.pk}/problem", follow=True).content.decode()

    problem = Ticket.objects.get(type="problem")
    assert incidents_of(problem).count() == 6
    assert f"/problems/surges/{surge.pk}/back" in answer  # the undo


def test_undo_makes_it_a_proposal_again(anas, surge, problem):
    anas.post(f"/problems/surges/{surge.pk}/back")

    surge.refresh_from_db()
    assert surge.state == "proposed"


def test_every_page_of_it_opens(anas, surge, problem):
    for path in (
        "/problems",
        f"/problems/surges/{surge.pk}",
        f"/tickets/{problem.pk}/tell",
        "/problems/banners",
        f"/tickets/{problem.pk}",
    ):
        assert anas.get(path).status_code == 200, path


def test_a_page_of_a_surge_asks_few_questions(anas, surge, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        anas.get(f"/problems/surges/{surge.pk}")


def test_what_is_of_a_closed_team_is_shown_to_nobody_else(client, surge, desk):
    desk.repairs.restricted = True
    desk.repairs.save()
    client.force_login(cast.agent("Cleo Hart", desk.billing))

    assert "like requests" not in client.get("/problems/band").content.decode()
    assert client.get(f"/problems/surges/{surge.pk}").status_code == 404


def test_everybody_is_told_once_in_their_language_and_waits_for_the_problem(anas, surge, problem, mara):
    first = incidents_of(problem).order_by("pk").first()
    Ticket.objects.filter(pk=first.pk).update(language="de")
    again = cast.opened(cast.Desk(problem.team, problem.team, problem.inbox), first.requester, "Still broken")
    link(again, problem, "incident", by=cast.acting(cast.agent("Rosa Diaz", problem.team, role="lead")))

    tells(anas, problem)

    said = Message.objects.filter(direction="out", public=True)
    assert said.count() == 6
    assert said.get(ticket=again).text.startswith("Dear Cora1, we know.\nAna")  # the newest ticket is answered
    assert not said.filter(ticket=first).exists()
    first.refresh_from_db()
    assert (first.status, first.next_step) == ("hold", f"Waits until {problem.pk} is solved")


def test_no_field_of_each_ticket_is_demanded_of_whoever_tells_all(anas, surge, problem):
    CustomField.objects.create(key="model", name="Model", kind="text", required_for=["hold", "resolved"])
    forget()

    tells(anas, problem)
    assert set(incidents_of(problem).values_list("status", flat=True)) == {"hold"}
    refused = anas.post(f"/tickets/{problem.pk}/tell", {"kind": "over", "text-en": "It is over."})
    assert "Fill in “Model”" in refused.content.decode()
    assert Telling.objects.count() == 1
    Ticket.objects.filter(pk=problem.pk).update(fields={"model": "all"})
    tells(anas, problem, kind="over")
    assert not incidents_of(problem).exists()


def test_german_customers_read_german(anas, surge, problem):
    Ticket.objects.filter(links__other=problem).update(language="de")

    tells(anas, problem)

    assert all(one.text.startswith("Guten Tag") for one in Message.objects.filter(direction="out", public=True))


def test_machines_and_those_who_complained_are_left_out_and_the_page_says_so(anas, surge, problem):
    one, two = incidents_of(problem).order_by("pk")[:2]
    one.messages.update(auto="auto_reply")
    two.requester.identities.update(complained_at=TUESDAY)

    shown = anas.get(f"/tickets/{problem.pk}/tell").content.decode()
    tells(anas, problem)

    assert "A machine wrote it" in shown
    assert "They called a mail of ours spam" in shown
    assert not Message.objects.filter(direction="out", public=True, ticket__in=[one, two]).exists()


def test_nobody_hears_the_same_twice(anas, surge, problem):
    tells(anas, problem)

    answer = anas.post(f"/tickets/{problem.pk}/tell", {"kind": "known", "text-en": "We know."})

    assert answer.status_code == 422
    assert "Nobody is left to be told" in answer.content.decode()


def test_until_the_pause_is_over_it_can_all_be_taken_back(anas, surge, problem):
    telling = tells(anas, problem)

    anas.post(f"/tellings/{telling.pk}/stop")

    assert set(Message.objects.filter(direction="out", public=True).values_list("delivery", flat=True)) == {"withdrawn"}
    assert set(incidents_of(problem).values_list("status", flat=True)) == {"new"}
    assert tells(anas, problem).told.filter(result="told").count() == 6  # and may be told anew


def test_what_comes_later_is_linked_and_hears_the_same_from_the_assistant(anas, surge, problem, arrivals):
    tells(anas, problem, tells_new="on")

    late = arrivals.one(TUESDAY + timedelta(hours=1))

    said = Message.objects.get(ticket=late, direction="out")
    assert (said.author_kind, said.text.splitlines()[0]) == ("assistant", f"Dear {late.requester.first_name}, we know.")
    late.refresh_from_db()
    assert late.status == "hold"


def test_a_machine_that_comes_later_is_linked_and_hears_nothing(anas, surge, problem, arrivals, monkeypatch):
    tells(anas, problem, tells_new="on")
    with clock.at(TUESDAY + timedelta(hours=1)):
        late = cast.opened(arrivals.desk, cast.mara(), "Checkout fails")
        late.messages.update(auto="auto_reply")
        arrivals_watch(late, arrivals)

    assert not Message.objects.filter(ticket=late, direction="out").exists()
    assert incidents_of(problem).filter(pk=late.pk).exists()


def arrivals_watch(ticket, arrivals):
    from towerdesk.problems.surges.watch import watch
    from towerdesk.problems.tests.conftest import MODEL, toward

    watch(ticket, toward(3, arrivals.chance), MODEL)


def test_when_it_is_solved_ana_is_asked_whether_to_tell(anas, surge, problem):
    answer = anas.post(f"/tickets/{problem.pk}/resolve", {"note": "The bank is back"})

    assert answer["Location"] == f"/tickets/{problem.pk}/tell?kind=over"


def test_over_tells_everybody_resolves_the_problem_and_their_answer_decides(anas, surge, problem):
    tells(anas, problem)
    tells(anas, problem, kind="over", **{"text-en": "Is it fixed for you, too?"})

    problem.refresh_from_db()
    assert problem.status == "resolved"
    happy, still = Ticket.objects.filter(links__other=problem).order_by("pk")[:2]
    assert (happy.status, happy.known_by) == ("resolved", "unknown")
    cast.says(happy, "Yes, thanks!")
    cast.says(still, "No, it still fails.")
    third = Ticket.objects.filter(links__other=problem).order_by("pk")[2]
    rate(third, 1, by=third.requester.actor())
    known = {one.pk: (one.status, one.known_by) for one in Ticket.objects.filter(pk__in=[happy.pk, still.pk, third.pk])}
    assert known[happy.pk] == ("resolved", "confirmed")
    assert known[still.pk] == ("open", "reopened")
    assert known[third.pk] == ("open", "disputed")


def test_whoever_may_not_tell_everybody_is_refused(client, surge, problem, ben_user):
    client.force_login(ben_user)

    answer = client.post(f"/tickets/{problem.pk}/tell", {"kind": "known", "text-en": "We know."})

    assert answer.status_code == 403


def test_a_text_that_has_a_gap_nobody_can_fill_is_not_sent(anas, surge, problem):
    answer = anas.post(f"/tickets/{problem.pk}/tell", {"kind": "known", "text-en": "Dear {{requester.secret}}"})

    assert "There is no placeholder" in answer.content.decode()


def shows(anas, **more):
    told = {
        "text-en": "Paying does not work just now.",
        "text-de": "Bezahlen geht gerade nicht.",
        "places": ["portal", "forms", "chat", "desk"],
    }
    return anas.post("/problems/banners", told | more)


def test_a_banner_is_on_the_help_pages_in_the_readers_language_until_it_is_stopped(anas, client, desk):
    shows(anas)
    banner = Banner.objects.get()

    assert "Paying does not work" in client.get("/help").content.decode()
    assert "Bezahlen geht gerade nicht" in client.get("/help", headers={"Accept-Language": "de-DE,de"}).content.decode()
    assert "Paying does not work" in anas.get("/tickets").content.decode()  # inside

    anas.post(f"/problems/banners/{banner.pk}/stop")
    assert "Paying does not work" not in client.get("/help").content.decode()


def test_the_chat_is_told_of_it(anas, client, desk):
    Inbox.objects.create(name="Shop", address="shop-chat", channel="chat", team=desk.repairs, hook="chatkey")
    shows(anas)

    looks = client.get("/chat/chatkey/looks").json()

    assert looks["notices"] == [{"en": "Paying does not work just now.", "de": "Bezahlen geht gerade nicht."}]


def test_a_banner_has_a_beginning_and_an_end(anas, client, desk):
    shows(anas, starts_at="2030-01-01T10:00", ends_at="2030-01-01T12:00")

    assert "Paying does not work" not in client.get("/help").content.decode()
    assert Banner.objects.get().state == "waits"
    assert shows(anas, ends_at="2020-01-01T10:00").status_code == 422


def test_the_banner_of_a_problem_goes_with_it(anas, surge, problem, client):
    shows(anas, about=str(problem.pk))
    tells(anas, problem, kind="over")

    assert Banner.objects.get().state == "stopped"
