"""A request sent twice is done once, even when both arrive at the same moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from towerdesk.api.tests.program import program
from towerdesk.lib.clock import at, now
from towerdesk.testing import cast
from towerdesk.tickets.models import Message, Ticket

NEW = {"requester": {"email": "mara@lindqvist.example"}, "subject": "It drips", "text": "Help"}


def test_the_same_key_and_body_is_answered_again_not_done_again(api):
    first = api.post("/tickets", NEW, Idempotency_Key="k1")
    second = api.post("/tickets", NEW, Idempotency_Key="k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_the_same_key_for_something_else_is_a_conflict(api, ticket):
    api.post("/tickets", NEW, Idempotency_Key="k1")

    for path, body in (("/tickets", {**NEW, "text": "Other"}), (f"/tickets/{ticket.number}/note", {"text": "x"})):
        answer = api.post(path, body, Idempotency_Key="k1")
        assert answer.status_code == 409
        assert "another request" in answer.json()["detail"]


def test_another_program_may_choose_the_same_key(api, desk):
    api.post("/tickets", NEW, Idempotency_Key="k1")

    assert program("agent", desk.repairs).post("/tickets", NEW, Idempotency_Key="k1").status_code == 201
    assert Ticket.objects.count() == 2


def test_what_failed_may_be_tried_again(api, ticket):
    api.post(f"/tickets/{ticket.number}/close", {}, Idempotency_Key="k0")
    assert api.ask("PATCH", f"/tickets/{ticket.number}", {"priority": "low"}, Idempotency_Key="k1").status_code == 409
    api.post(f"/tickets/{ticket.number}/reopen", {"why": "again"})

    assert api.ask("PATCH", f"/tickets/{ticket.number}", {"priority": "low"}, Idempotency_Key="k1").status_code == 200


def test_after_a_day_a_key_may_be_used_again(api):
    with at(now() - timedelta(hours=25)):
        api.post("/tickets", NEW, Idempotency_Key="k1")

    assert api.post("/tickets", NEW, Idempotency_Key="k1").status_code == 201
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "a\tb"])
def test_a_key_that_cannot_be_one(api, key):
    answer = api.post("/tickets", NEW, Idempotency_Key=key)

    assert answer.status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one():
    desk = cast.small_desk()
    api = program("agent", desk.repairs)
    ticket = cast.opened(desk, cast.mara())
    together, answers = threading.Barrier(8), []

    def send():
        together.wait()
        answers.append(api.post(f"/tickets/{ticket.number}/reply", {"text": "Turn it"}, Idempotency_Key="one"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Message.objects.filter(direction="out").count() == 1
