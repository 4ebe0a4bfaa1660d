"""API keys: shown once, kept as a digest, acting in their own name."""

import pytest

from towerdesk.accounts.keys import actor_for, create_key, revoke_key
from towerdesk.accounts.models import ApiKey
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Refused


def test_a_key_acts_with_its_role_and_teams(desk):
    key, secret = create_key("Shop", "agent", by=CLOCK)
    key.teams.add(desk.billing)

    actor = actor_for(secret)

    assert (actor.kind, actor.id, actor.name, actor.teams) == ("key", key.pk, "Shop", {desk.billing.pk})
    assert actor.can("ticket.reply")
    assert not actor.can("key.create")


def test_the_key_itself_is_not_kept(desk):
    key, secret = create_key("Shop", "agent", by=CLOCK)

    assert secret not in str(ApiKey.objects.values().get(pk=key.pk))


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text + "x", str.upper, lambda text: "td_"])
def test_a_wrong_key_is_nobody(desk, change):
    _, secret = create_key("Shop", "agent", by=CLOCK)

    assert actor_for(change(secret)) is None


def test_a_revoked_key_is_nobody(desk):
    key, secret = create_key("Shop", "agent", by=CLOCK)
    revoke_key(key, by=CLOCK)

    assert actor_for(secret) is None


def test_a_role_that_does_not_exist_is_one_sentence(desk, ben):
    with pytest.raises(Invalid, match="no role 'boss'"):
        create_key("Shop", "boss", by=CLOCK)
    with pytest.raises(Refused):
        create_key("Shop", "agent", by=ben)
