"""Many tickets from the list: chosen, previewed, changed by a job, watched, undone."""

import json

import pytest

from towerdesk.actions.bulk_run import run
from towerdesk.actions.models import Bulk
from towerdesk.automation.macros import read_filled
from towerdesk.testing import cast
from towerdesk.tickets.link import link
from towerdesk.tickets.models import Message, Ticket


@pytest.fixture
def three(desk, mara, jonas):
    return [cast.opened(desk, person, f"Machine {at}") for at, person in enumerate((mara, jonas, mara))]


def test_from_the_list_to_a_change_and_back(web, three):
    page = web.get("/tickets").content.decode()
    assert page.count('form="bulk"') == 3
    chosen = {"n": [three[0].pk, three[1].pk]}
    assert "Change 2 tickets" in web.get("/bulk/new", chosen).content.decode()

    seen = web.post("/bulk/new", {**chosen, "priority": "high", "add": "recall", "to": "team:billing"})
    preview = seen.content.decode()
    assert "Sets the priority from “normal” to “high”." in preview
    assert "Adds the tag recall." in preview
    assert not Bulk.objects.exists()

    began = web.post("/bulk/new", {**chosen, "actions": json.dumps(seen.context["actions_said"]), "do": "1"})
    [bulk] = Bulk.objects.all()
    assert began.headers["Location"] == f"/bulk/{bulk.pk}"
    assert 'hx-trigger="every 1s"' in web.get(f"/bulk/{bulk.pk}").content.decode()

    run(bulk.pk, read_filled)
    assert "Undo all of it" in web.get(f"/bulk/{bulk.pk}").content.decode()
    assert {ticket.priority for ticket in Ticket.objects.filter(pk__in=chosen["n"])} == {"high"}

    web.post(f"/bulk/{bulk.pk}/undo")
    run(bulk.pk, read_filled)
    assert {ticket.priority for ticket in Ticket.objects.all()} == {"normal"}
    assert bulk.says in web.get("/bulk").content.decode()


def test_all_that_fit_the_words_of_the_list(web, three):
    page = web.get("/bulk/new", {"q": "requester:jonas", "all": "1"}).content.decode()

    assert "Change 1 ticket" in page
    assert 'name="q" value="requester:jonas"' in page


def test_what_cannot_be_done_is_one_sentence(web, three):
    assert "Choose at least one ticket" in web.get("/bulk/new").content.decode()
    assert "Say what to do" in web.post("/bulk/new", {"n": three[0].pk}).content.decode()
    wrong = web.post("/bulk/new", {"n": three[0].pk, "reply": "Dear {{requester.nickname}}"}).content.decode()
    assert "There is no placeholder" in wrong
    assert "Dear {{requester.nickname}}</textarea>" in wrong
    assert web.post("/bulk/new", {"n": three[0].pk, "actions": "{", "do": "1"}).status_code == 422
    assert web.get("/bulk/99").status_code == 404


def test_a_viewer_chooses_nothing(desk, three):
    from towerdesk.web.tests.conftest import signed_in

    viewer = signed_in(cast.agent("Vera Lind", role="viewer"))

    assert 'form="bulk"' not in viewer.get("/tickets").content.decode()
    assert viewer.post("/bulk/new", {"n": three[0].pk, "priority": "high"}).status_code == 403


def test_solving_a_problem_answers_its_incidents_and_takes_it_back(web, ana, three):
    problem, *incidents = three
    for one in incidents:
        link(one, problem, "incident", by=ana)

    led = web.post(f"/tickets/{problem.pk}/resolve", {"note": "New gaskets"})
    assert led.headers["Location"] == f"/tickets/{problem.pk}/incidents"
    assert "Answer 2 and resolve" in web.get(f"/tickets/{problem.pk}/incidents").content.decode()

    web.post(f"/tickets/{problem.pk}/incidents", {"text": "Dear {{requester.first_name}}, it is solved."})
    [bulk] = Bulk.objects.all()
    run(bulk.pk, read_filled)
    assert sorted(Message.objects.filter(direction="out").values_list("text", flat=True)) == [
        "Dear Jonas, it is solved.",
        "Dear Mara, it is solved.",
    ]
    assert {one.status for one in Ticket.objects.all()} == {"resolved"}

    web.post(f"/bulk/{bulk.pk}/undo")
    run(bulk.pk, read_filled)
    assert {one.status for one in Ticket.objects.exclude(pk=problem.pk)} == {"new"}
    assert {one.delivery for one in Message.objects.filter(direction="out")} == {"withdrawn"}
