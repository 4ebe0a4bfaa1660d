"""Snooze, split, link, merge and back, and the checklist, on the ticket's page."""

from datetime import timedelta

import pytest

from towerdesk.lib.clock import now
from towerdesk.testing import cast
from towerdesk.tickets.models import Link, Point, Ticket
from towerdesk.web.tests.test_ticket import page_of


@pytest.fixture
def other(desk, mara):
    return cast.opened(desk, mara, "Still dripping", "It drips on.")


def test_snoozed_with_a_click_and_woken_with_another(web, ticket):
    form = web.get(f"/tickets/{ticket.pk}/snooze", headers={"HX-Request": "true"}).content.decode()
    assert "Tomorrow morning" in form
    assert "<html" not in form

    until = (now() + timedelta(days=1)).isoformat()
    web.post(f"/tickets/{ticket.pk}/snooze", {"until": until, "why": "the part arrives"})
    page = page_of(web, ticket)
    assert "Snoozed: the part arrives" in page
    assert "Ana Reyes snoozed this until" in page
    assert "1 snoozed" in web.get("/").content.decode()
    assert "Group head drips" in web.get("/tickets?view=snoozed").content.decode()

    web.post(f"/tickets/{ticket.pk}/wake")
    ticket.refresh_from_db()
    assert ticket.step_kind == "answer"


def test_a_snooze_without_a_time_says_what_to_do(web, ticket):
    answer = web.post(f"/tickets/{ticket.pk}/snooze", {"at": "", "why": "the part"})

    assert answer.status_code == 422
    assert "Choose a day and a time" in answer.content.decode()
    assert 'value="the part"' in answer.content.decode()


def test_a_merge_is_undone_from_either_side(web, ticket, other):
    went = web.post(f"/tickets/{other.pk}/merge", {"into": f"#{ticket.pk}"})
    assert went.headers["Location"] == f"/tickets/{ticket.pk}"
    assert "Merged into this" in page_of(web, ticket)
    assert f"/tickets/{other.pk}/unmerge" in page_of(web, ticket)
    assert "Undo the merge" in page_of(web, other)

    web.post(f"/tickets/{other.pk}/unmerge")

    other.refresh_from_db()
    assert (other.status, other.messages.count()) == ("new", 1)
    assert "took this out of" in page_of(web, other)


def test_splitting_and_putting_together_again(web, ticket):
    invoice = cast.says(ticket, "And where is my invoice?")
    assert "And where is my invoice?" in web.get(f"/tickets/{ticket.pk}/split").content.decode()
    assert web.post(f"/tickets/{ticket.pk}/split", {}).status_code == 422

    web.post(f"/tickets/{ticket.pk}/split", {"message": invoice.pk, "subject": "Invoice"})
    made = Ticket.objects.latest("id")
    assert "Split off from" in page_of(web, made)
    assert f"split {made.pk} off this" in page_of(web, ticket)

    web.post(f"/tickets/{made.pk}/unsplit")
    assert ticket.messages.count() == 2


def test_linking_and_unlinking(web, ticket, other):
    web.post(f"/tickets/{ticket.pk}/link", {"kind": "duplicate", "other": str(other.pk)})
    assert "Duplicate of" in page_of(web, ticket)
    assert "Has the duplicate" in page_of(web, other)
    assert f"it is a duplicate of {other.pk}" in page_of(web, ticket)

    web.post(f"/tickets/{other.pk}/links/{Link.objects.get().pk}/remove")
    assert "Duplicate of" not in page_of(web, ticket)
    assert web.post(f"/tickets/{ticket.pk}/link", {"kind": "child", "other": "x"}).status_code == 422


def test_the_checklist_in_the_panel(web, ticket):
    web.post(f"/tickets/{ticket.pk}/points", {"text": "Ask for the serial number"})
    point = Point.objects.get()
    web.post(f"/tickets/{ticket.pk}/points/{point.pk}/done")
    page = page_of(web, ticket)
    assert "1 of 1" in page
    assert "Ana Reyes ticked off: Ask for the serial number" in page

    web.post(f"/tickets/{ticket.pk}/points/{point.pk}/gone")
    assert not Point.objects.exists()
    assert web.post(f"/tickets/{ticket.pk}/points/{point.pk}/done").status_code == 404


def test_a_viewer_sees_the_checklist_and_ticks_nothing(desk, web, ticket):
    from towerdesk.web.tests.conftest import signed_in

    web.post(f"/tickets/{ticket.pk}/points", {"text": "Ask for the serial number"})
    viewer = signed_in(cast.agent("Vera Lind", role="viewer"))

    assert "Ask for the serial number" in page_of(viewer, ticket)
    assert viewer.post(f"/tickets/{ticket.pk}/points/{Point.objects.get().pk}/done").status_code == 403
