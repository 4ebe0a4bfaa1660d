"""A program reads what was noticed, decides about it, tells it in a banner, and keeps the bug desk."""

import pytest

from towerdesk.api.tests.program import program
from towerdesk.knowledge.index import pack
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.problems.models import Banner, Member, Surge, Telling
from towerdesk.testing import cast


@pytest.fixture
def surge(desk, mara, jonas):
    tickets = [cast.opened(desk, who, f"Checkout fails {number}") for number, who in enumerate((mara, jonas, mara))]
    centre = pack(embedder().embed(["Checkout fails"]))
    made = Surge.objects.create(
        about="Checkout fails", example=tickets[0], centre=centre, model="m", count=3, minutes=20, expected=0.2,
        probability=0.001, first_at=now(), last_at=now(),
    )  # fmt: skip
    Member.objects.bulk_create(Member(surge=made, ticket=ticket) for ticket in tickets)
    return made


@pytest.fixture
def lead(desk):
    return program("lead", desk.repairs)


def test_confirmed_it_is_a_problem_ticket_and_only_once(lead, surge):
    assert lead.get("/surges?state=proposed").json()["items"][0]["size"] == 3
    path = f"/surges/{surge.pk}/confirm"

    first = lead.post(path, {"subject": "Card payments fail"}, Idempotency_Key="once")
    again = lead.post(path, {"subject": "Card payments fail"}, Idempotency_Key="once")

    assert (first.status_code, first.json()["state"]) == (200, "ongoing")
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert lead.get(f"/tickets/{first.json()['problem']}").json()["subject"] == "Card payments fail"
    assert lead.post(path, {}).status_code == 409


def test_dismissed_and_taken_back(lead, surge):
    assert lead.post(f"/surges/{surge.pk}/dismiss", {"why": "A campaign"}).json()["why"] == "A campaign"
    assert lead.post(f"/surges/{surge.pk}/undo", {}).json()["state"] == "proposed"


def test_its_tickets_come_in_pages(lead, surge):
    page = lead.get(f"/surges/{surge.pk}/tickets?limit=2").json()
    rest = lead.get(f"/surges/{surge.pk}/tickets?limit=2&cursor={page['next']}").json()

    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]


def test_what_a_key_may_not_see_is_not_there(desk, surge, lead):
    desk.repairs.restricted = True
    desk.repairs.save()
    other = program("agent", desk.billing)

    assert other.get("/surges").json()["items"] == []
    assert other.get(f"/surges/{surge.pk}").status_code == 404
    assert other.post(f"/surges/{surge.pk}/dismiss", {}).status_code == 404
    assert program("viewer", desk.repairs).post(f"/surges/{surge.pk}/confirm", {}).status_code == 403


def test_a_banner_is_published_and_withdrawn_by_who_may(lead, api, desk):
    said = {"texts": {"en": "We know.", "de": "Bekannt."}, "places": ["portal", "chat"]}
    assert api.post("/banners", said).status_code == 403

    made = lead.post("/banners", said)
    assert (made.status_code, made.json()["state"]) == (201, "shown")
    assert api.get("/banners").json()["items"][0]["texts"]["de"] == "Bekannt."
    assert lead.post(f"/banners/{made.json()['id']}/withdraw", {}).json()["state"] == "stopped"
    assert lead.post(f"/banners/{made.json()['id']}/withdraw", {}).status_code == 409
    assert lead.post("/banners", {**said, "places": []}).headers["content-type"].startswith("application/problem+json")
    assert Banner.objects.count() == 1


def test_a_bug_gathers_reports_and_when_it_is_fixed_they_are_told(lead, desk, mara, jonas):
    one, other = cast.opened(desk, mara, "Grinder stops"), cast.opened(desk, jonas, "It stops")

    bug = lead.post("/bugs", {"ticket": one.pk}).json()
    bug = lead.post(f"/bugs/{bug['number']}/reports", {"ticket": other.pk}).json()
    assert (bug["reports"], bug["customers"], bug["status"]) == (2, 2, "new")
    assert [t["number"] for t in lead.get(f"/bugs/{bug['number']}/reports").json()["items"]] == [one.pk, other.pk]

    told = lead.post(f"/bugs/{bug['number']}/fixed", {"note": "In 5.4.2", "tell": {"en": "Is it fixed for you?"}})
    assert (told.status_code, told.json()["status"]) == (200, "resolved")
    assert Telling.objects.get().told.filter(result="todo").count() == 2
    assert lead.get("/bugs").json()["items"] == []
    assert lead.get("/bugs?all=true").json()["items"][0]["number"] == bug["number"]


def test_who_may_not_tell_everybody_fixes_nothing_by_it(api, desk, mara):
    bug = api.post("/bugs", {"ticket": cast.opened(desk, mara).pk}).json()

    assert api.post(f"/bugs/{bug['number']}/fixed", {"tell": {"en": "Fixed."}}).status_code == 403
    assert api.get(f"/bugs/{bug['number']}").json()["status"] == "new"
