"""An approver is asked in Teams, by a card with buttons; only who was asked, and is known, decides by them."""

from datetime import timedelta

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.channels.msteams.fake import MARA, SAM, activity, direct, member, number, pressed
from towerdesk.delivery.ask_approvers import ask_approvers
from towerdesk.lib import clock
from towerdesk.tickets.approve import ask_approval, delegate_approval
from towerdesk.tickets.models import Approval, Ticket, Voice


@pytest.fixture
def teams(opened):
    """Mara and Sam have written before, so both are known; there is no way by mail."""
    teams = opened(domains="brasswell.example")
    teams.server.members[SAM] = member(SAM, "sam@brasswell.example")
    Inbox.objects.filter(channel="email").update(paused=True)
    for second, who in enumerate((MARA, SAM)):
        teams.says("Hello", second, who=who)
    return teams


@pytest.fixture
def approval(teams, ana):
    ticket = Ticket.objects.order_by("pk")[0]
    until = clock.now() + timedelta(days=1)
    return ask_approval(ticket, "Refund *all* of it?", ["sam@brasswell.example"], deadline=until, by=ana)


def card(teams):
    return teams.server.posted[-1][1]["attachments"][0]["content"]


def press(teams, which=0, who=SAM, **more):
    """A button of the newest question."""
    button = card(teams)["actions"][which]
    told = pressed(button["verb"], {**button["data"], **more}, who=who, card="c-1", url=teams.server.url)
    return teams.happens(told)


def outcome(approval):
    return Approval.objects.values_list("outcome", flat=True).get(pk=approval.pk)


@pytest.mark.parametrize(("which", "ends", "word"), [(0, "approved", "yes"), (1, "refused", "no")])
def test_who_was_asked_decides_by_a_button_and_the_card_says_so(teams, approval, which, ends, word):
    assert ask_approvers() == 1
    assert [conversation for conversation, _ in teams.server.posted] == [direct(SAM)]
    assert "Refund *all* of it?" in str(card(teams)["body"])
    raw = press(teams, which)

    assert (raw.state, raw.ticket_id, outcome(approval)) == ("message", approval.ticket_id, ends)
    [(id_, told)] = teams.server.replaced
    left = told["attachments"][0]["content"]
    assert (id_, left["actions"]) == ("c-1", [])
    assert left["body"][0]["inlines"][0]["text"] == f"You said {word}: Refund *all* of it?"
    assert ask_approvers() == 0


def test_older_clients_answer_by_a_submitted_card(teams, approval):
    ask_approvers()
    value = card(teams)["actions"][0]["fallback"]["data"]
    told = activity(
        "message", who=SAM, id=number(20), at=number(20), value=value, replyToId="c-1", url=teams.server.url
    )
    assert teams.happens(told).state == "message"
    assert (outcome(approval), len(teams.server.replaced)) == ("approved", 1)


def test_nobody_else_decides_even_with_the_button_in_hand(teams, approval):
    ask_approvers()
    for who in (MARA, "0bad0bad-0000-0000-0000-000000000000"):
        assert press(teams, who=who).reason.startswith("Only who was asked may answer")

    assert outcome(approval) == "waiting"
    assert Voice.objects.get().answer == ""


def test_a_decision_counts_once_and_a_made_up_token_not_at_all(teams, approval):
    ask_approvers()
    made_up = press(teams, token=f"{Voice.objects.get().pk}-{'a' * 26}")
    assert made_up.reason.startswith("This question was passed on")
    press(teams)
    assert press(teams, 1).reason.startswith("This is settled")
    assert outcome(approval) == "approved"


def test_a_decision_that_was_passed_on_is_void(teams, approval):
    ask_approvers()
    voice = Voice.objects.get()
    delegate_approval(voice, "mara@brasswell.example", by=voice.actor())
    assert press(teams).reason.startswith("This question was passed on")

    ask_approvers()
    assert teams.server.posted[-1][0] == direct(MARA)
    assert press(teams, who=SAM).reason.startswith("Only who was asked")
    assert press(teams, who=MARA).state == "message"


def test_an_approver_without_the_app_is_not_asked_there(teams, approval):
    del teams.server.members[SAM]
    assert ask_approvers() == 0
    assert teams.server.posted == []


def test_whoever_is_not_joined_is_not_asked_in_teams(opened, desk, ana):
    teams = opened()
    Inbox.objects.filter(channel="email").update(paused=True)
    ticket = teams.says("Hello", who=SAM).ticket
    ask_approval(ticket, "Refund?", ["sam@brasswell.example"], deadline=clock.now() + timedelta(days=1), by=ana)

    assert ask_approvers() == 0
    assert teams.server.posted == []
