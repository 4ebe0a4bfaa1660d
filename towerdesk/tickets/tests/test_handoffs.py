"""A ticket passed on: never without an owner, always with a reason and a note, accepted or sent back."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import rule
from towerdesk.accounts.models import User
from towerdesk.accounts.remove_team import why_it_stays
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.assign import assign
from towerdesk.tickets.escalate import escalate
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.models import Handoff, Message
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.restore import changes_between, restore, snapshot
from towerdesk.tickets.send_back import send_back
from towerdesk.tickets.taxonomy.retire import retire
from towerdesk.tickets.taxonomy.things import the_value
from towerdesk.tickets.taxonomy.usage import usage_of

NOTE = "She was charged twice; the second one is from Monday."


@pytest.fixture
def cem_user(desk) -> User:
    return cast.agent("Cem Yildiz", desk.billing)


@pytest.fixture
def cem(cem_user):
    return cast.acting(cem_user)


@pytest.fixture
def handed(desk, ticket, ben, ben_user, cem_user):
    """Ben had it in hand and gave it to Billing."""
    assign(ticket, ben_user, by=ben)
    return hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)


def last(ticket) -> Event:
    return Event.objects.of(ticket.pk).exclude(kind__startswith="sla.").latest("id")


def test_the_other_team_owns_it_at_once_and_the_sender_stays_named(desk, ticket, handed):
    ticket.refresh_from_db()

    assert (ticket.team, ticket.assignee, ticket.step_kind) == (desk.billing, None, "answer")
    assert ticket.next_step == "Someone in Billing accepts this from Ben or sends it back"
    assert ticket.due_at == handed.accept_by
    assert (handed.from_name, handed.from_user.name, handed.asked_by) == ("Repairs", "Ben Okafor", "Ben Okafor")
    event = last(ticket)
    assert (event.kind, event.subject_id) == ("ticket.handed_off", handed.pk)
    assert (event.data["was"], event.data["now"], event.data["team"]) == ("Ben Okafor", "Billing", "Billing")


def test_the_answer_that_was_promised_sooner_is_not_put_off(desk, ticket, ben):
    with clock.at(ticket.due_at - timedelta(minutes=5)):
        handed = hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)

    assert ticket.due_at == handed.answer_due < handed.accept_by


@pytest.mark.parametrize(
    ("reason", "note", "says"),
    [
        ("", NOTE, "choose a reason"),
        ("because", NOTE, "There is no reason “because”"),
        ("wrong_team", "  ", "Write a note"),
        ("wrong_team", "x" * 2001, "at most 2000 characters"),
    ],
)
def test_without_a_reason_and_a_note_it_stays(desk, ticket, ben, reason, note, says):
    with pytest.raises(Invalid, match=says):
        hand_off(ticket, desk.billing, reason, note, by=ben)

    ticket.refresh_from_db()
    assert ticket.team == desk.repairs


def test_nobody_hands_on_what_is_done_or_to_whoever_has_it(desk, ticket, ben):
    with pytest.raises(Invalid, match="Repairs has ticket"):
        hand_off(ticket, desk.repairs, "wrong_team", NOTE, by=ben)
    resolve(ticket, "Done", by=ben)
    with pytest.raises(Conflict, match="is resolved: open it again first"):
        hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)


def test_the_team_accepts_and_the_promise_to_the_customer_stands(ticket, handed, cem):
    accept_handoff(ticket, by=cem)

    handed.refresh_from_db()
    assert (handed.state, handed.answered_by) == ("accepted", "Cem Yildiz")
    assert ticket.next_step == "Someone in Billing answers Mara"
    assert ticket.due_at == handed.answer_due
    assert last(ticket).kind == "handoff.accepted"
    with pytest.raises(Conflict, match="somebody was faster"):
        accept_handoff(ticket, by=cem)


def test_sent_back_it_is_in_the_same_hands_with_the_note(desk, ticket, handed, cem):
    with pytest.raises(Invalid, match="why it goes back"):
        send_back(ticket, " ", by=cem)
    send_back(ticket, "Charged once only; the other is a hold.", by=cem)

    handed.refresh_from_db()
    assert (handed.state, handed.answer) == ("returned", "Charged once only; the other is a hold.")
    assert (ticket.team, ticket.assignee.name) == (desk.repairs, "Ben Okafor")
    assert ticket.next_step.startswith("Billing sent this back: Charged once only")
    assert ".." not in ticket.next_step
    assert ticket.next_step.endswith("Ben answers Mara")
    assert last(ticket).data["now"] == "Ben Okafor"


def test_only_those_who_were_asked_answer(ticket, handed, ana, ben):
    for one in (ana, ben):
        with pytest.raises(Refused, match="Billing is asked to take this over"):
            accept_handoff(ticket, by=one)
    with pytest.raises(Refused):
        hand_off(ticket, None, "skill", NOTE, by=ticket.requester.actor())


def test_working_on_it_accepts_it(ticket, handed, cem, cem_user):
    assign(ticket, cem_user, by=cem)

    handed.refresh_from_db()
    assert handed.state == "accepted"
    assert ticket.next_step == "Cem answers Mara"


def test_the_senders_last_words_to_the_customer_do_not_take_it_back(desk, ticket, handed, ben, cem):
    reply(ticket, "Our billing team looks into it.", by=ben)

    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee, ticket.status) == (desk.billing, None, "pending")
    assert "accepts this from Ben" in ticket.next_step
    accept_handoff(ticket, by=cem)
    assert ticket.step_kind == "customer"


def test_the_sender_may_take_it_back_before_that(desk, ticket, handed, ben, ben_user):
    assign(ticket, ben_user, by=ben)

    handed.refresh_from_db()
    assert handed.state == "withdrawn"
    assert (ticket.team, ticket.assignee) == (desk.repairs, ben_user)
    assert ticket.next_step == "Taken back. Ben answers Mara"
    event = last(ticket)
    assert (event.kind, event.data["was"], event.data["now"]) == ("handoff.withdrawn", "Billing", "Ben Okafor")


def test_what_routing_does_within_the_team_is_still_to_be_accepted(ticket, handed, cem_user):
    assign(ticket, cem_user, by=rule(1, "Billing route"))

    handed.refresh_from_db()
    assert (handed.state, ticket.assignee) == ("asked", cem_user)
    assert "accepts this from Ben" in ticket.next_step


def test_an_undone_handoff_no_longer_waits(desk, ticket, ben, cem_user):
    before = snapshot(ticket)
    hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)
    restore(ticket, changes_between(before, snapshot(ticket)), "the handoff", by=ben)

    with pytest.raises(Conflict, match="Nothing on ticket"):
        accept_handoff(ticket, by=cast.acting(cem_user))
    assign(ticket, desk.billing, by=ben)
    assert Handoff.objects.get().state == "withdrawn"
    assert ticket.next_step == "Someone in Billing answers Mara"


def test_passed_on_again_it_is_accepted_on_the_way(desk, ticket, handed, cem):
    again = escalate(ticket, "decision", "May we refund both?", to=desk.repairs, by=cem)

    handed.refresh_from_db()
    assert (handed.state, again.state, again.from_name) == ("accepted", "asked", "Billing")


def test_up_to_the_lead_of_the_team(desk, ticket, ben, ana, ana_user):
    handed = escalate(ticket, "decision", "He wants his money back, 900 euros.", by=ben)

    assert (ticket.team, ticket.assignee) == (desk.repairs, ana_user)
    assert (handed.kind, handed.receiver) == ("hierarchical", "Ana Reyes")
    assert ticket.next_step == "Ana accepts this from Ben or sends it back"
    assert last(ticket).kind == "ticket.escalated"
    with pytest.raises(Refused, match="Ana Reyes is asked"):
        accept_handoff(ticket, by=ben)
    accept_handoff(ticket, by=ana)
    assert ticket.next_step == "Ana answers Mara"


def test_nobody_above_is_a_sentence(desk, ticket, ana, ben_user):
    with pytest.raises(Invalid, match="Repairs has nobody above"):
        escalate(ticket, "decision", NOTE, by=ana)
    with pytest.raises(Invalid, match="Ben Okafor leads nobody"):
        escalate(ticket, "decision", NOTE, to=ben_user, by=ana)


def test_the_assistant_falls_silent(desk, ticket, ben):
    Message.objects.create(
        ticket=ticket, direction="out", author_kind="assistant", text="x", warrant="licence:1", delivery="queued"
    )

    hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)

    assert Message.objects.get(author_kind="assistant").delivery == "withdrawn"


def test_reasons_are_a_governed_list_and_outlive_what_they_were_given_for(desk, ticket, handed, ana, ben):
    assert usage_of("handoff", "wrong_team").tickets == 1
    retire(the_value("handoff", "wrong_team"), by=ana)

    with pytest.raises(Invalid, match="is retired"):
        hand_off(ticket, desk.billing, "wrong_team", NOTE, by=ben)


def test_a_handoff_does_not_hold_a_team_back(desk, ticket, handed, cem):
    send_back(ticket, "Not ours.", by=cem)

    assert "handoff" not in why_it_stays(desk.billing)
