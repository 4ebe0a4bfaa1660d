"""A rule has an owner and versions, keeps its place, and does not go by accident."""

import pytest

from towerdesk.accounts.actors import agent
from towerdesk.automation.models import Rule
from towerdesk.automation.rules import run
from towerdesk.automation.rules.order import move
from towerdesk.automation.rules.save import Draft, restore, save_rule
from towerdesk.automation.rules.switch import delete, switch
from towerdesk.events.models import Event
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast

TAG = [{"do": "tag", "add": ["vip"]}]


def test_a_new_rule_sleeps_until_somebody_switches_it_on(written, ana, ticket):
    rule = written("Drips", "drips", on=False)
    event = Event.objects.get(kind="message.received")
    assert run(event, ticket) == []

    switch(rule, on=True, by=ana)

    assert [one.rule for one in run(event, ticket)] == ["Drips"]
    assert Event.objects.get(kind="rule.switched").data == {"rule": "Drips", "on": True}


def test_each_save_is_a_version_with_its_author_and_an_old_one_comes_back(written, ana, ana_user):
    rule = written("Drips", "drips")
    save_rule(rule, Draft("Drips and leaks", condition="drips OR leaks", actions=TAG, owner=ana_user), by=ana)
    restore(rule, 1, by=ana)

    rule.refresh_from_db()
    assert (rule.name, rule.condition, rule.version) == ("Drips", "drips", 3)
    said = [(one.number, one.name, one.author_name) for one in rule.versions.all()]
    assert said == [(3, "Drips", "Ana Reyes"), (2, "Drips and leaks", "Ana Reyes"), (1, "Drips", "Ana Reyes")]


def test_saving_the_same_makes_no_version(written, ana, ana_user):
    rule = written("Drips", "drips", TAG)

    save_rule(rule, Draft("Drips", condition="drips", actions=TAG, owner=ana_user), by=ana)

    assert rule.versions.count() == 1


def test_two_who_change_the_same_rule_do_not_lose_each_others_work(written, ana, ana_user):
    rule = written("Drips", "drips")
    draft = Draft("Drips", condition="leaks", actions=TAG, owner=ana_user)
    save_rule(rule, draft, by=ana, based_on=1)

    with pytest.raises(Conflict, match="version 2 of “Drips” meanwhile"):
        save_rule(rule, draft, by=ana, based_on=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "  "}, "has no name"),
        ({"when": "full.moon"}, "Choose when"),
        ({"condition": "sttus:open"}, "no condition “sttus:”. Did you mean “status:”"),
        ({"condition": "team:repair"}, "no team “repair”. Did you mean “repairs”"),
        ({"condition": "x" * 501}, "at most 500"),
        ({"actions": []}, "does nothing yet"),
        ({"actions": [{"do": "assign", "team": "nowhere"}]}, "no team “nowhere”"),
        ({"actions": [{"do": "change", "intent": "none-such"}]}, "no intent “none-such”"),
        ({"owner": None}, "choose an owner"),
    ],
)
def test_a_bad_rule_is_refused_with_what_to_change(ana, ana_user, wrong, says):
    draft = Draft(**{"name": "Drips", "actions": TAG, "owner": ana_user, **wrong})

    with pytest.raises(Invalid, match=says.replace("?", r"\?")):
        save_rule(None, draft, by=ana)
    assert not Rule.objects.exists()


def test_nobody_reaches_further_through_a_rule_than_by_hand(ben, ben_user, written):
    with pytest.raises(Refused, match="Ben Okafor may not do this"):
        save_rule(None, Draft("Mine", actions=TAG, owner=ben_user), by=ben)


def test_what_could_no_longer_work_is_not_switched_on(written, ana, desk):
    rule = written("To billing", "", [{"do": "assign", "team": "billing"}], on=False)
    desk.billing.delete()

    with pytest.raises(Invalid, match="no team “billing”"):
        switch(rule, on=True, by=ana)


def test_an_owner_who_left_must_be_replaced_first(written, ana, ben_user):
    rule = written("Ben's", owner=ben_user, on=False)
    ben_user.is_active = False
    ben_user.save()

    with pytest.raises(Invalid, match="choose an owner who works here"):
        switch(rule, on=True, by=ana)


def test_a_rule_in_use_is_not_deleted_by_accident(written, ana):
    rule = written("Drips")
    with pytest.raises(Conflict, match="switch it off first"):
        delete(rule, "Drips", by=ana)
    switch(rule, on=False, by=ana)
    with pytest.raises(Invalid, match="Type the name “Drips”"):
        delete(rule, "drip", by=ana)

    delete(rule, " Drips ", by=ana)

    assert not Rule.objects.exists()
    assert Event.objects.get(kind="rule.deleted").data == {"rule": "Drips"}


def test_rules_are_moved_and_act_in_their_new_order(written, ana, ticket):
    first, second, third = (
        written(name, "", [{"do": "tag", "add": [name.lower()]}]) for name in ("One", "Two", "Three")
    )
    move(third, 1, by=ana)
    move(first, 99, by=ana)

    assert list(Rule.objects.values_list("name", "position")) == [("Three", 1), ("Two", 2), ("One", 3)]
    event = Event.objects.get(kind="message.received")
    assert [one.rule for one in run(event, ticket)] == ["Three", "Two", "One"]
    assert second.versions.count() == 1


def test_a_lead_of_another_team_may_change_rules_too(desk, written):
    ruth = agent(cast.agent("Ruth Castellan", desk.billing, role="lead"))

    switch(written("Drips"), on=False, by=ruth)

    assert not Rule.objects.get().active
