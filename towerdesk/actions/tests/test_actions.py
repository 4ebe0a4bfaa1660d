"""Actions do what they say, with the rights of whoever acts."""

from datetime import timedelta

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.actions.perform import do, perform, perform_all
from towerdesk.actions.preview import preview, say
from towerdesk.actions.vocabulary import ACTIONS, read_action, read_actions, schema, word
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound, Refused
from towerdesk.testing import cast
from towerdesk.tickets.models import Intent

SAID = [
    {"do": "reply", "text": "Turn it by half", "then": "resolve"},
    {"do": "note", "text": "She rang, too"},
    {"do": "assign", "user": "ben@brasswell.example"},
    {"do": "assign", "team": "billing"},
    {"do": "change", "priority": "high", "intent": "leak", "subject": "It leaks"},
    {"do": "change", "next_step": "Ben rings Mara", "due_at": (now() + timedelta(hours=1)).isoformat()},
    {"do": "tag", "add": ["vip"]},
    {"do": "resolve", "note": "New gasket"},
    {"do": "close"},
    {"do": "watch"},
    {"do": "tell", "user": "ben@brasswell.example", "text": "She rings at two"},
    {"do": "tell", "team": "billing", "text": "Please look", "urgent": True},
    {"do": "ask_assistant"},
    {"do": "snooze", "hours": 4, "why": "the part arrives"},
    {"do": "ask_approval", "question": "Refund 49 euros?", "approvers": ["ben@brasswell.example", "cfo@x.example"]},
    {"do": "checklist", "add": ["Ask for the serial number"]},
    {"do": "hand_off", "team": "billing", "reason": "wrong_team", "note": "Charged twice"},
    {"do": "escalate", "team": "billing", "reason": "decision", "note": "900 euros"},
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: " ".join(list(said)[:2]) + said["do"])
def test_what_is_previewed_is_then_done_and_recorded(desk, ticket, ana, ben_user, said):
    Intent.objects.create(slug="leak", name="It leaks", team=desk.repairs)
    action, before = read_action(said), Event.objects.count()

    assert all(sentence.endswith(".") for sentence in preview(action, ticket, ana))
    assert preview(action, ticket, ana)
    assert Event.objects.count() == before
    perform(action, ticket, by=ana)

    assert Event.objects.count() > before
    assert Event.objects.latest("id").actor_name == "Ana Reyes"


def test_what_would_change_nothing_is_previewed_as_nothing(ticket, ana):
    for said in (
        {"do": "reopen", "why": "again"},
        {"do": "change", "priority": "normal"},
        {"do": "tag", "remove": ["x"]},
    ):
        assert preview(read_action(said), ticket, ana) == []


def test_merging_reaches_only_tickets_that_one_may_see(desk, ticket, mara, ben):
    other = cast.opened(desk, mara, "The same again")
    hidden = cast.opened(desk, mara, "Salaries")
    desk.billing.restricted = True
    desk.billing.save()
    hidden.team = desk.billing
    hidden.save()

    with pytest.raises(NotFound, match=f"no ticket {hidden.number}"):
        perform(read_action({"do": "merge", "into": hidden.number}), ticket, by=ben)
    perform(read_action({"do": "merge", "into": other.number}), ticket, by=ben)

    assert ticket.merged_into == other


def test_merge_and_back_split_link_and_wake(desk, ticket, mara, ana):
    other, invoice = cast.opened(desk, mara, "The same again"), cast.says(ticket, "And my invoice?")

    assert done({"do": "merge", "into": other.number}, ticket, ana) == [
        f"Moves the conversation of ticket {ticket.number} to {other.number} and closes {ticket.number}."
    ]
    assert done({"do": "unmerge"}, ticket, ana) == [
        f"Takes ticket {ticket.number} out of {other.number} again, with its messages."
    ]
    assert (
        "new ticket of Mara Lindqvist out of 1 message of"
        in done({"do": "split", "messages": [invoice.pk]}, ticket, ana)[0]
    )
    assert "is a duplicate of" in done({"do": "link", "to": other.number, "kind": "duplicate"}, ticket, ana)[0]
    assert "comes back in 4 hours" in done({"do": "snooze", "hours": 4}, ticket, ana)[0]
    assert "back from its snooze" in done({"do": "wake"}, ticket, ana)[0]
    assert (
        preview(read_action({"do": "wake"}), ticket, ana) == preview(read_action({"do": "unmerge"}), ticket, ana) == []
    )


def done(said, ticket, by):
    would = preview(read_action(said), ticket, by)
    perform(read_action(said), ticket, by=by)
    return would


@pytest.mark.parametrize("said", SAID, ids=lambda said: " ".join(list(said)[:2]) + said["do"])
def test_whoever_may_not_is_refused_and_told_so_before(ticket, said):
    viewer = Actor("agent", 1, "Vera", frozenset({"ticket.read"}))

    with pytest.raises(Refused, match="Vera may not do this"):
        perform(read_action(said), ticket, by=viewer)
    assert preview(read_action(said), ticket, viewer)[0].startswith("Vera may not")


def test_the_assistant_has_no_secret_door(ticket):
    with pytest.raises(Refused, match="without a licence"):
        perform(read_action({"do": "reply", "text": "Hello"}), ticket, by=THE_ASSISTANT)


def test_several_actions_are_one_or_none(ticket, ana):
    actions = read_actions([{"do": "tag", "add": ["vip"]}, {"do": "assign", "team": "nowhere"}])

    with pytest.raises(Invalid, match="no team “nowhere”"):
        perform_all(actions, ticket, by=ana)

    ticket.refresh_from_db()
    assert ticket.tags == []


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"do": "explode"}, "no such action"),
        ({}, "no such action"),
        ("reply", "no such action"),
        ({"do": "reply"}, "The action reply can't be used at text"),
        ({"do": "reply", "text": "x", "to": "y"}, "The action reply can't be used at to"),
        ({"do": "assign"}, "name either a user or a team"),
        ({"do": "change"}, "say what to change"),
        ({"do": "change", "next_step": "x"}, "a next step needs its time"),
        ({"do": "change", "priority": "urgent"}, "can't be used at priority"),
        ({"do": "tag"}, "name a tag"),
        ({"do": "merge", "into": -1}, "can't be used at into"),
        ({"do": "snooze"}, "either until when or for how many hours"),
        ({"do": "snooze", "until": "2030-01-01T10:00"}, "can't be used at until"),
        ({"do": "link", "to": 7, "kind": "cousin"}, "can't be used at kind"),
        ({"do": "split", "messages": []}, "can't be used at messages"),
    ],
)
def test_an_action_that_cannot_be_is_one_sentence(said, says):
    with pytest.raises(Invalid) as trouble:
        read_action(said)

    assert says in str(trouble.value)
    assert trouble.value.fields


def test_every_action_can_be_done_previewed_and_described():
    assert set(do.registry) == set(say.registry) == {object, *ACTIONS}
    described = schema()
    assert set(described["discriminator"]["mapping"]) == {word(action) for action in ACTIONS}
    assert described["$defs"]["Reply"]["x-effect"] == "customer"
    assert all(its["x-permission"] for its in described["$defs"].values())
