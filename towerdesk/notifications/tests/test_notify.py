"""Who hears of what: the right people, once, together, and only of what they may read."""

from datetime import timedelta

import pytest

from towerdesk.accounts import actors
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.errors import Invalid, Refused
from towerdesk.notifications.models import Notification, Reason
from towerdesk.notifications.notify import notify
from towerdesk.notifications.prefer import hook_team
from towerdesk.notifications.prune import prune
from towerdesk.notifications.read import read_all, read_ticket
from towerdesk.notifications.tell import tell
from towerdesk.notifications.tests.conftest import all_is_told, later, told
from towerdesk.testing import cast
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.approve import ask_approval, delegate_approval
from towerdesk.tickets.assign import assign
from towerdesk.tickets.escalate import escalate
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.models import Voice
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.send_back import send_back
from towerdesk.tickets.undelivered import failed
from towerdesk.tickets.watch import watch

POLICY = Actor("rule", 1, "Standard")


def promise(ticket, kind):
    said = {"words": "First answer due in 30 min", "kind": "first_response", "minutes": 60, "used": 1800, "due": None}
    record(kind, by=POLICY, ticket=ticket.pk, **said)


def test_whoever_is_given_a_ticket_hears_from_whom(ticket, ana, ana_user, ben_user):
    assign(ticket, ben_user, by=ana)
    all_is_told()

    assert told(ben_user) == ["Ana Reyes gave you this"]
    assert told(ana_user) == []


def test_nobody_is_told_of_their_own_doing(ticket, ana, ana_user, ben_user):
    assign(ticket, ana_user, by=ana)
    note(ticket, "@ana: ask for the number", by=ana)
    all_is_told()

    assert told(ana_user) == told(ben_user) == []


def test_an_event_tells_once_however_often_its_job_runs(ticket, ana, ben_user):
    assign(ticket, ben_user, by=ana)
    for _ in range(3):
        all_is_told()
    with later(minutes=10):
        all_is_told()

    assert Reason.objects.count() == Notification.objects.count() == 1


def test_what_happens_to_one_ticket_shortly_after_is_one_notification(ticket, ana, ben_user, mara):
    assign(ticket, ben_user, by=ana)
    note(ticket, "@ben please ring her", by=ana)
    all_is_told()
    with later(minutes=5):
        cast.says(ticket, "It drips still")
        all_is_told()

    assert told(ben_user) == [
        "Ana Reyes gave you this / Ana Reyes mentioned you: “@ben please ring her”",
        "Mara Lindqvist answered: “It drips still”",
    ]


def test_what_was_read_is_not_added_to(ticket, ana, ben_user):
    assign(ticket, ben_user, by=ana)
    all_is_told()
    assert read_ticket(ben_user, ticket.pk) == 1
    note(ticket, "@ben one more thing", by=ana)
    all_is_told()

    assert len(told(ben_user)) == 2
    assert read_all(ben_user) == 1


def test_a_ticket_for_the_team_is_news_for_all_of_it_until_somebody_has_it(desk, ticket, ana, ben_user, cleo_user):
    assign(ticket, desk.billing, by=ana)
    assign(ticket, desk.repairs, by=ana)
    all_is_told()
    assert told(ben_user) == told(cleo_user) == ["Ana Reyes gave this to Repairs"]

    with later(minutes=5):
        assign(ticket, ben_user, by=ana)
        all_is_told()
    assert len(told(ben_user)) == 2
    assert len(told(cleo_user)) == 1


def test_routing_that_passes_a_ticket_through_a_team_tells_only_whom_it_reached(desk, ticket, ben_user, cleo_user):
    routing = Actor("rule", 7, "Leaks", cast.acting(ben_user).permissions)
    assign(ticket, desk.billing, by=routing)
    assign(ticket, desk.repairs, by=routing)
    assign(ticket, ben_user, by=routing)
    record("ticket.routed", by=routing, ticket=ticket.pk, route="Leaks", to="Ben Okafor", why="Ben knows the customer")
    all_is_told()

    assert told(ben_user) == ["Leaks gave you this / Routed to you: Ben knows the customer"]
    assert told(cleo_user) == []


def test_a_customers_answer_is_for_the_owner_and_whoever_watches(ticket, ana, ana_user, ben_user, cleo_user):
    assign(ticket, ben_user, by=ana)
    watch(ticket, cleo_user, by=ana)
    all_is_told()
    with later(minutes=5):
        cast.says(ticket, "Out of office", auto="vacation")
        cast.says(ticket, "It still drips")
        all_is_told()

    assert told(ben_user)[-1] == told(cleo_user)[-1] == "Mara Lindqvist answered: “It still drips”"
    assert told(ana_user) == []


def test_a_promise_is_the_owners_or_else_the_teams_concern(ticket, ana, ana_user, ben_user):
    promise(ticket, "sla.warned")
    all_is_told()
    assert told(ana_user) == told(ben_user) == ["First answer due in 30 min"]

    assign(ticket, ben_user, by=ana)
    with later(minutes=5):
        promise(ticket, "sla.breached")
        all_is_told()
    assert told(ben_user)[1:] == ["Ana Reyes gave you this / First answer due in 30 min"]
    assert [one.kind for one in Notification.objects.filter(user=ben_user).order_by("id")] == ["near", "broken"]
    assert len(told(ana_user)) == 1


def test_who_is_asked_to_decide_hears_it_and_so_does_whoever_it_is_passed_on_to(ticket, ana, ben_user, cleo_user):
    ask_approval(
        ticket, "Refund 49 euros?", [ben_user.email, "cfo@x.example"], deadline=clock.now() + timedelta(days=1), by=ana
    )
    all_is_told()
    delegate_approval(Voice.objects.get(user=ben_user), cleo_user.email, by=cast.acting(ben_user))
    all_is_told()

    assert told(ben_user) == told(cleo_user) == ["Ana Reyes asks you: Refund 49 euros?"]


def test_a_handoff_tells_the_team_that_it_waits_and_the_sender_who_accepted_it(
    desk, ticket, ben, ben_user, ana_user, cem_user
):
    hand_off(ticket, desk.billing, "wrong_team", "She was charged twice", by=ben)
    all_is_told()
    assert told(cem_user) == ["Ben Okafor handed this to Billing, accept it or send it back: “She was charged twice”"]
    assert told(ben_user) == told(ana_user) == []

    accept_handoff(ticket, by=cast.acting(cem_user))
    all_is_told()
    assert told(ben_user) == ["Cem Yildiz accepted this from you"]
    assert len(told(cem_user)) == 1


def test_an_escalation_is_the_lead_s_news_and_nobody_else_s(desk, ticket, ben, ana_user, cleo_user):
    escalate(ticket, "decision", "He wants his money back today", to=ana_user, by=ben)
    all_is_told()

    assert told(ana_user) == [
        "Ben Okafor escalated this to you, accept it or send it back: “He wants his money back today”"
    ]
    assert told(cleo_user) == []


def test_what_is_sent_back_is_told_to_who_has_it_again_and_to_who_had_sent_it(
    desk, ticket, ana, ana_user, ben_user, cleo_user, cem_user
):
    assign(ticket, ben_user, by=cast.acting(ben_user))
    hand_off(ticket, desk.billing, "wrong_team", "She was charged twice", by=ana)
    send_back(ticket, "Once only:\nthe other one is a reservation", by=cast.acting(cem_user))
    all_is_told()

    why = "“Once only: the other one is a reservation”"
    assert told(ben_user) == [f"Cem Yildiz sent this back to you: {why}"]
    assert told(ana_user) == [f"Cem Yildiz sent this back to Ben Okafor: {why}"]
    assert told(cem_user) == told(cleo_user) == []


def test_what_nobody_in_particular_has_again_is_news_for_the_team(desk, ticket, ben, ben_user, cleo_user, cem_user):
    hand_off(ticket, desk.billing, "wrong_team", "She was charged twice", by=ben)
    send_back(ticket, "Once only", by=cast.acting(cem_user))
    all_is_told()

    assert told(ben_user) == told(cleo_user) == ["Cem Yildiz sent this back to Repairs: “Once only”"]
    assert [one.kind for one in Notification.objects.filter(user__in=[ben_user, cleo_user]).order_by("user__name")] == [
        "settled",
        "team",
    ]


def test_what_was_taken_back_or_accepted_meanwhile_asks_nobody_any_more(desk, ticket, ben, ben_user, cem_user):
    hand_off(ticket, desk.billing, "wrong_team", "She was charged twice", by=ben)
    assign(ticket, ben_user, by=ben)
    all_is_told()

    assert told(cem_user) == []


def test_what_a_policy_escalated_is_answered_to_nobody(desk, ticket, ana, ana_user, ben_user):
    escalate(ticket, "decision", "Four hours late", to=ana_user, by=actors.rule(1, "Standard"))
    accept_handoff(ticket, by=ana)
    all_is_told()

    assert told(ana_user) == told(ben_user) == []


def test_a_reply_that_does_not_leave_is_told_to_its_author(ticket, ana, ana_user, ben_user):
    answer = reply(ticket, "Turn it by half", by=ana)
    failed(answer, "The mailbox is full", by=CLOCK)
    all_is_told()

    assert told(ana_user) == ["Your reply did not leave: The mailbox is full"]
    assert told(ben_user) == []


def test_a_colleague_is_told_in_words_and_a_team_too(desk, ticket, ana, ana_user, ben_user, cleo_user):
    tell(ticket, cleo_user, "She rings at two", by=ana)
    all_is_told()
    assert told(cleo_user) == ["Ana Reyes: She rings at two"]

    tell(ticket, desk.repairs, "Please look at once", urgent=True, by=ana)
    all_is_told()
    assert told(ben_user) == ["Ana Reyes: Please look at once"]
    assert Notification.objects.get(user=ben_user).urgent
    assert told(ana_user) == []


def test_telling_needs_words_and_somebody_who_may_read_it(desk, ticket, ana, ben_user):
    with pytest.raises(Invalid, match="nothing to tell"):
        tell(ticket, ben_user, "  ", by=ana)
    desk.billing.restricted = True
    desk.billing.save()
    assign(ticket, desk.billing, by=ana)
    with pytest.raises(Refused, match="Ben Okafor may not read"):
        tell(ticket, ben_user, "Look", by=ana)


def test_rights_are_asked_when_it_is_told_and_again_when_it_is_shown(desk, ticket, ana, ben, ben_user, cleo_user):
    watch(ticket, ben_user, by=ana)
    cast.says(ticket, "It drips still")
    all_is_told()
    assert Notification.objects.at_desk_of(ben).count() == 1

    desk.billing.restricted = True
    desk.billing.save()
    assign(ticket, desk.billing, by=ana)
    cast.says(ticket, "And again")
    with later(minutes=5):
        all_is_told()
    assert len(told(ben_user)) == 1
    assert Notification.objects.at_desk_of(ben).count() == 0


def test_what_nobody_wants_to_hear_is_not_written_down(ticket, ana, ben_user, wishes):
    wishes(ben_user)
    assign(ticket, ben_user, by=ana)
    all_is_told()

    assert told(ben_user) == []


def test_old_history_is_nobodys_news(ticket, ana, ben_user):
    assign(ticket, ben_user, by=ana)
    with later(days=2):
        notify(Event.objects.latest("id"))

    assert told(ben_user) == []


def test_only_whoever_changes_teams_gives_them_a_webhook(desk, ana, ben):
    with pytest.raises(Refused):
        hook_team(desk.repairs, "https://hooks.example/1", by=ben)
    with pytest.raises(Invalid, match="https://"):
        hook_team(desk.repairs, "http://10.0.0.1/x", by=CLOCK)


def test_old_news_is_forgotten_and_new_news_is_not(ticket, ana, ben_user):
    assign(ticket, ben_user, by=ana)
    all_is_told()
    with later(days=29):
        assert prune() == 0
    with later(days=31):
        assert prune() == 0
        read_all(ben_user)
    with later(days=62):
        assert prune() == 1
    assert not Reason.objects.exists()
