"""An approver is asked in Slack, with buttons; only who was asked, and is known, decides by them."""

from datetime import timedelta

import pytest

from towerdesk.channels.models import Inbox
from towerdesk.channels.slack.fake import MARA, SAM, pressed, user
from towerdesk.delivery.ask_approvers import ask_approvers
from towerdesk.lib import clock
from towerdesk.tickets.approve import answer_approval, ask_approval, delegate_approval, withdraw_approval
from towerdesk.tickets.models import Approval, Voice


@pytest.fixture
def slack(opened):
    """Mara and Sam have written before, so both are known; there is no way by mail."""
    slack = opened(domains="brasswell.example")
    slack.server.users[SAM] = user(SAM, "Sam Okoro", "sam@brasswell.example")
    Inbox.objects.filter(channel="email").update(paused=True)
    for place, who in enumerate((MARA, SAM)):
        slack.says("Hello", f"170000000{place}.000001", who=who, channel=f"D{who[1:]}")
    return slack


@pytest.fixture
def approval(slack, ana):
    from towerdesk.tickets.models import Ticket

    ticket = Ticket.objects.order_by("pk")[0]
    until = clock.now() + timedelta(days=1)
    return ask_approval(ticket, "Refund <all> of it?", ["sam@brasswell.example"], deadline=until, by=ana)


def press(slack, which=0, who=SAM):
    """A button of the newest question."""
    button = slack.server.posted[-1]["blocks"][1]["elements"][which]
    action = {key: button[key] for key in ("action_id", "value")}
    url = f"{slack.server.url}/respond/2"
    said = {"type": "block_actions", "user": {"id": who}, "actions": [action], "response_url": url}
    return slack.calls(pressed(said))


def outcome(approval):
    return Approval.objects.values_list("outcome", flat=True).get(pk=approval.pk)


@pytest.mark.parametrize(("which", "ends", "word"), [(0, "approved", "yes"), (1, "refused", "no")])
def test_who_was_asked_decides_by_a_button(slack, approval, which, ends, word):
    assert ask_approvers() == 1
    [asked] = slack.server.posted
    assert (asked["channel"], "Refund &lt;all&gt; of it?" in asked["text"]) == (SAM, True)
    raw = press(slack, which)

    assert (raw.state, raw.ticket_id, outcome(approval)) == ("message", approval.ticket_id, ends)
    [told] = slack.server.told
    assert (told["replace_original"], told["text"]) == (True, f"You said {word}: Refund &lt;all&gt; of it?")
    assert ask_approvers() == 0


def test_nobody_else_decides_even_with_the_button_in_hand(slack, approval):
    ask_approvers()
    for who in (MARA, "U0EVIL01"):
        assert press(slack, who=who).reason.startswith("Only who was asked may answer")

    assert outcome(approval) == "waiting"
    assert Voice.objects.get().answer == ""


def test_a_decision_counts_once(slack, approval):
    ask_approvers()
    press(slack)
    assert press(slack, 1).reason.startswith("This is settled")
    assert outcome(approval) == "approved"


def test_a_decision_that_was_passed_on_is_void(slack, approval, ana):
    ask_approvers()
    voice = Voice.objects.get()
    delegate_approval(voice, "mara@brasswell.example", by=voice.actor())
    assert press(slack).reason.startswith("This question was passed on")

    ask_approvers()
    assert slack.server.posted[-1]["channel"] == MARA
    assert press(slack, who=SAM).reason.startswith("Only who was asked")
    assert press(slack, who=MARA).state == "message"
    assert outcome(approval) == "approved"


def test_what_was_withdrawn_or_answered_elsewhere_is_said(slack, approval, ana):
    ask_approvers()
    withdraw_approval(approval, by=ana)
    assert press(slack).reason.startswith("This is settled")


def test_an_answer_by_the_link_settles_the_buttons(slack, approval):
    ask_approvers()
    voice = Voice.objects.get()
    answer_approval(voice, False, by=voice.actor())
    assert press(slack).state == "set_aside"
    assert outcome(approval) == "refused"


def test_a_made_up_token_decides_nothing(slack, approval):
    ask_approvers()
    slack.server.posted[-1]["blocks"][1]["elements"][0]["value"] = f"{Voice.objects.get().pk}-{'a' * 26}"
    assert press(slack).reason.startswith("This question was passed on")
    assert outcome(approval) == "waiting"


def test_whoever_is_not_joined_is_not_asked_in_slack(opened, desk, ana):
    slack = opened()
    slack.server.users[SAM] = user(SAM, "Sam Okoro", "sam@brasswell.example")
    Inbox.objects.filter(channel="email").update(paused=True)
    ticket = slack.says("Hello", "1700000000.000001", who=SAM, channel="D0SAM001").ticket
    ask_approval(ticket, "Refund?", ["sam@brasswell.example"], deadline=clock.now() + timedelta(days=1), by=ana)

    assert ask_approvers() == 0
    assert slack.server.posted == []
