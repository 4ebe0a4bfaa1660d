"""Asking for a decision and deciding at the desk."""

from towerdesk.lib.clock import now
from towerdesk.testing import cast
from towerdesk.tickets.models import Approval, Voice
from towerdesk.web.tests.conftest import signed_in
from towerdesk.web.tests.test_ticket import page_of


def ask(web, ticket, **more):
    form = {"question": "Refund 49 euros?", "who": ["ben@brasswell.example"], "deadline": f"{now():%Y}-12-30T10:00"}
    return web.post(f"/tickets/{ticket.pk}/approvals", form | more)


def test_asked_seen_and_decided_at_the_desk(web, bens_web, ticket):
    assert "Ben Okafor" in web.get(f"/tickets/{ticket.pk}/approvals").content.decode()
    ask(web, ticket, others="cfo@x.example", need="all")
    assert "Refund 49 euros?" in bens_web.get("/approvals").content.decode()
    page = page_of(bens_web, ticket)
    assert "All of them must say yes" in page
    assert 'value="yes"' in page
    assert 'value="yes"' not in page_of(web, ticket)

    bens_web.post(
        f"/approvals/{Voice.objects.get(email='ben@brasswell.example').pk}", {"answer": "no", "note": "too much"}
    )
    page = page_of(web, ticket)
    assert "Ben Okafor said no: too much" in page
    assert "Refused: Refund 49 euros?" in page
    assert "Nothing waits for your word" in bens_web.get("/approvals").content.decode()


def test_passed_on_and_taken_back(web, bens_web, ticket):
    ask(web, ticket)
    bens_web.post(f"/approvals/{Voice.objects.get().pk}", {"to": "cfo@x.example"})
    assert "instead of Ben Okafor" in page_of(web, ticket)

    web.post(f"/tickets/{ticket.pk}/approvals/{Approval.objects.get().pk}/withdraw")
    assert Approval.objects.get().outcome == "withdrawn"


def test_what_is_missing_is_said_and_the_rest_kept(web, ticket):
    answer = ask(web, ticket, who=[])

    assert answer.status_code == 422
    assert "Name one to" in answer.content.decode()
    assert 'value="Refund 49 euros?"' in answer.content.decode()


def test_nobody_else_decides(web, bens_web, ticket):
    ask(web, ticket)

    assert web.post(f"/approvals/{Voice.objects.get().pk}", {"answer": "yes"}).status_code == 404


def test_a_viewer_decides_what_is_asked_of_them(desk, web, ticket):
    viewer = signed_in(cast.agent("Vera Lind", role="viewer"))
    ask(web, ticket, who=["vera@brasswell.example"])

    viewer.post(f"/approvals/{Voice.objects.get().pk}", {"answer": "yes"})
    assert Approval.objects.get().outcome == "approved"
