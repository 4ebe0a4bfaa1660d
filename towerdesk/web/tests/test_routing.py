"""Routing and capacity on their screens; the next ticket by a button."""

import pytest

from towerdesk.automation.models import Absence, ChannelLimit, Placement, Profile, Route, Skill
from towerdesk.automation.routing.route import route
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.web.tests.test_other_pages import text_of


@pytest.fixture
def everything(web, ana_user, ben_user):
    said = {"name": "Everything", "mode": "push", "owner": ana_user.pk, "active": "on", "accept_within": "15"}
    web.post("/settings/routing/new", said)
    return Route.objects.get()


def test_ana_writes_a_route_with_a_skill(web, ana_user, ben_user):
    web.post("/settings/staffing/skills", {"name": "mend grinders"})
    skill = Skill.objects.get()
    web.post(
        f"/settings/staffing/{ben_user.pk}",
        {"most": "8", "languages": "en, de", "skills": skill.pk, "limit_email": "5"},
    )
    said = {"name": "Grinders", "mode": "push", "condition": "grinder", "owner": ana_user.pk, "skills": skill.pk}
    web.post("/settings/routing/new", said)

    made, profile = Route.objects.get(), Profile.objects.get(user=ben_user)
    assert ([*made.skills.all()], made.active) == ([skill], False)
    assert (profile.most, profile.languages) == (8, ["de", "en"])
    assert ChannelLimit.objects.get(user=ben_user).units == 5
    assert "who can mend grinders" in text_of(web.get("/settings/routing"))
    assert "mend grinders" in text_of(web.get("/settings/staffing"))


def test_a_bad_route_keeps_what_was_typed(web, ana_user):
    answer = web.post(
        "/settings/routing/new", {"name": "Bad", "condition": "sttus:x", "owner": ana_user.pk, "mode": "push"}
    )

    assert answer.status_code == 422
    assert "Did you mean “status:”?" in text_of(answer)
    assert 'value="Bad"' in text_of(answer)


def test_a_route_in_use_is_not_deleted(web, everything):
    page = text_of(web.post(f"/settings/routing/{everything.pk}/delete", {"typed": "Everything"}))

    assert "switch it off first" in page
    assert Route.objects.exists()


def test_ben_accepts_what_he_is_offered_or_lets_it_pass(bens_web, web, everything, desk, mara, ana_user, ben_user):
    web.post(f"/settings/staffing/{ana_user.pk}/available", {"on": "no"})
    first = Ticket.objects.for_strips().get(pk=cast.opened(desk, mara).pk)
    route(first)
    assert "Accept, until" in text_of(bens_web.get(f"/tickets/{first.pk}"))
    assert "Accept, until" not in text_of(web.get(f"/tickets/{first.pk}"))
    assert "offered to Ben Okafor" in text_of(web.get("/settings/routing"))

    bens_web.post(f"/tickets/{first.pk}/accept")
    assert not Placement.objects.exists()

    second = Ticket.objects.for_strips().get(pk=cast.opened(desk, mara).pk)
    route(second)
    bens_web.post(f"/tickets/{second.pk}/pass", {"why": "too hard"})
    second.refresh_from_db()
    assert second.assignee is None
    assert "too hard" in text_of(bens_web.get(f"/tickets/{second.pk}"))


def test_the_next_ticket_is_one_press_away(bens_web, ben_user, ticket):
    assert "Next ticket" in text_of(bens_web.get("/"))

    answer = bens_web.post("/next")

    assert answer.headers["Location"] == f"/tickets/{ticket.pk}"
    ticket.refresh_from_db()
    assert ticket.assignee == ben_user
    assert "Nothing waits that Ben can take now." in text_of(bens_web.post("/next", follow=True))


def test_an_absence_is_noted_and_ended(bens_web, ben_user, ana_user):
    said = {"user": ben_user.pk, "begins": "2030-07-01", "ends": "2030-07-14", "why": "holiday"}
    bens_web.post("/settings/staffing/absences", said)
    assert bens_web.post("/settings/staffing/absences", {**said, "user": ana_user.pk}).status_code == 403
    absence = Absence.objects.get()
    assert "holiday" in text_of(bens_web.get("/settings/staffing"))
    assert (absence.ends - absence.begins).days == 14

    bens_web.post(f"/settings/staffing/absences/{absence.pk}/end")

    assert not Absence.objects.exists()


def test_numbers_and_weights_are_checked(web, ben_user, desk):
    assert "no whole number" in text_of(web.post(f"/settings/staffing/{ben_user.pk}", {"most": "many"}))
    assert "no code of a language" in text_of(
        web.post(f"/settings/staffing/{ben_user.pk}", {"most": "3", "languages": "Klingon"})
    )
    web.post("/settings/staffing/weights", {"weight_email": "2"})

    assert ChannelLimit.objects.get(user=None).units == 2


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"begins": "2030-07-14", "ends": "2030-07-01"}, "ends", "The last day is before the first"),
        ({"begins": "soon", "ends": "2030-07-01"}, "begins", "Choose the first day."),
        ({"begins": "2030-07-01", "ends": "9999-12-31"}, "ends", "Choose the last day."),
        ({"begins": "2030-07-01", "ends": "2030-07-02", "user": "9" * 5000}, "user", "Choose somebody who is here."),
    ],
)
def test_an_absence_that_cant_be_is_shown_again_as_typed(web, ben_user, given, field, said):
    answer = web.post("/settings/staffing/absences", {"user": ben_user.pk, "why": "at sea", **given})

    page = text_of(answer)
    assert answer.status_code == 422
    assert f'<span class="wrong" id="wrong-{field}">{said}' in page
    assert 'value="at sea"' in page
    assert f'value="{given["ends"]}"' in page
    assert not Absence.objects.exists()


def test_a_capacity_and_a_weight_that_cant_be_are_shown_again_as_typed(web, ben_user, desk):
    plan = text_of(web.post(f"/settings/staffing/{ben_user.pk}", {"most": "many", "languages": "en, de"}))
    weights = text_of(web.post("/settings/staffing/weights", {"weight_email": "0"}))
    skill = text_of(web.post("/settings/staffing/skills", {"name": " "}))

    assert ('value="many"' in plan, 'value="en, de"' in plan) == (True, True)
    assert f'id="wrong-most-{ben_user.pk}">“many” is no whole number' in plan
    assert 'id="wrong-weight_email">A ticket weighs from 1' in weights
    assert 'id="wrong-skill">A skill needs a name' in skill
