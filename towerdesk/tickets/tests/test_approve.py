"""Decisions that others have to make."""

from datetime import timedelta

import pytest

from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast
from towerdesk.tickets.approval_link import approval_token, voice_of
from towerdesk.tickets.approve import answer_approval, ask_approval, delegate_approval, withdraw_approval
from towerdesk.tickets.time_passes import time_passes

BEN, CFO = "ben@brasswell.example", "cfo@holding.example"
TOMORROW = timedelta(days=1)


def asked(ticket, by, *who, need="any"):
    return ask_approval(ticket, "Refund 49 euros?", who, need=need, deadline=now() + TOMORROW, by=by)


def voice(approval, email):
    return approval.voices.select_related("approval__ticket", "user").get(email=email)


def says(approval, email, yes, note=""):
    found = voice(approval, email)
    return answer_approval(found, yes, note, by=found.actor())


def test_the_ticket_waits_on_those_who_decide(ticket, ana, ben_user):
    approval = asked(ticket, ana, BEN, CFO.upper())

    assert (ticket.status, ticket.step_kind) == ("hold", "others")
    assert ticket.next_step == "Ben and cfo@holding.example decide: Refund 49 euros?"
    assert ticket.due_at == approval.deadline


@pytest.mark.parametrize(
    ("need", "answers", "outcome"),
    [
        ("any", [True], "approved"),
        ("any", [False], "waiting"),
        ("any", [False, False], "refused"),
        ("all", [True], "waiting"),
        ("all", [True, True], "approved"),
        ("all", [False], "refused"),
    ],
)
def test_any_or_all(ticket, ana, ben_user, need, answers, outcome):
    approval = asked(ticket, ana, BEN, CFO, need=need)

    for email, yes in zip((BEN, CFO), answers, strict=False):
        says(approval, email, yes)

    approval.refresh_from_db()
    ticket.refresh_from_db()
    assert approval.outcome == outcome
    assert ticket.status == ("hold" if outcome == "waiting" else "open")


def test_the_answer_is_in_the_log_and_in_the_next_step(ticket, ana, ben_user):
    says(asked(ticket, ana, BEN), BEN, True, "within the limit")

    ticket.refresh_from_db()
    answered, ended = Event.objects.of(ticket.pk).order_by("-id")[:2][::-1]
    assert (answered.actor_name, answered.data) == ("Ben Okafor", {"answer": "yes", "note": "within the limit"})
    assert ended.data["outcome"] == "approved"
    assert ticket.next_step == "Approved: “Refund 49 euros?”. Someone in Repairs answers Mara"


def test_nobody_answers_for_another_or_twice(ticket, ana, ben, ben_user):
    approval = asked(ticket, ana, BEN, CFO, need="all")

    with pytest.raises(Refused, match="Ben Okafor is asked for this decision, not Ana Reyes"):
        answer_approval(voice(approval, BEN), True, by=ana)
    with pytest.raises(Refused, match="is asked for this decision, not Ben"):
        answer_approval(voice(approval, CFO), True, by=ben)
    says(approval, BEN, True)
    with pytest.raises(Conflict, match="answered this already"):
        says(approval, BEN, False)


def test_what_is_settled_is_settled(ticket, ana, ben_user):
    approval = asked(ticket, ana, BEN, CFO)
    says(approval, CFO, True)

    with pytest.raises(Conflict, match="This is settled: approved"):
        says(approval, BEN, False)


def test_passing_it_on_voids_the_old_link(ticket, ana, ben_user):
    approval = asked(ticket, ana, BEN)
    old = voice(approval, BEN)
    token = approval_token(old)
    assert voice_of(token) == old

    delegate_approval(old, CFO, by=old.actor())

    ticket.refresh_from_db()
    assert voice_of(token) is None
    assert voice(approval, CFO).instead_of == "Ben Okafor"
    assert ticket.next_step == "cfo@holding.example decides: Refund 49 euros?"
    with pytest.raises(Invalid, match="asked already"):
        delegate_approval(voice(approval, CFO), CFO, by=voice(approval, CFO).actor())


def test_the_deadline_brings_it_back(ticket, ana):
    approval = asked(ticket, ana, CFO)

    with clock.at(now() + TOMORROW + timedelta(minutes=1)):
        time_passes()

    approval.refresh_from_db()
    ticket.refresh_from_db()
    assert (approval.outcome, ticket.status) == ("expired", "open")
    assert ticket.next_step.startswith("Nobody decided in time: “Refund 49 euros?”")


def test_a_customer_who_writes_meanwhile_is_not_forgotten(ticket, ana):
    approval = asked(ticket, ana, CFO)
    cast.says(ticket, "I need it today!")
    ticket.refresh_from_db()
    assert ticket.step_kind == "answer"

    says(approval, CFO, False)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.step_kind) == ("open", "answer")


def test_asking_nobody_any_more(ticket, ana):
    approval = asked(ticket, ana, CFO)
    withdraw_approval(approval, by=ana)

    approval.refresh_from_db()
    ticket.refresh_from_db()
    assert (approval.outcome, ticket.status) == ("withdrawn", "open")
    with pytest.raises(Conflict, match="no longer asked"):
        says(approval, CFO, True)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"question": " "}, "one sentence what is to be decided"),
        ({"who": []}, "Name one to"),
        ({"who": ["nonsense"]}, "not a mail address"),
        ({"need": "most"}, "any one of them or all"),
        ({"deadline": now() - TOMORROW}, "within the next 90 days"),
    ],
)
def test_what_cannot_be_asked(ticket, ana, values, says):
    given = {"question": "Refund?", "who": [CFO], "need": "any", "deadline": now() + TOMORROW} | values
    with pytest.raises(Invalid, match=says):
        ask_approval(ticket, given["question"], given["who"], need=given["need"], deadline=given["deadline"], by=ana)


@pytest.mark.parametrize("token", ["", "1", "1-", "1-" + "a" * 26, "x-" + "a" * 26, "9" * 19 + "-" + "a" * 26])
def test_a_link_cannot_be_guessed(ticket, ana, token):
    asked(ticket, ana, CFO)

    assert voice_of(token) is None
