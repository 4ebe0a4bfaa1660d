"""Who may call, and what is kept of it: a token that Microsoft signed for this app and this address, and nothing else."""

import json
import time
from datetime import timedelta

import httpx2
import jwt
import pytest

from towerdesk.channels import renew
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import Says, says
from towerdesk.channels.models import Inbox
from towerdesk.channels.msteams.fake import (
    APP,
    MARA,
    PASSWORD,
    TENANT,
    activity,
    message,
    number,
    private,
    signed,
    token,
)
from towerdesk.channels.msteams.verify import ISSUER
from towerdesk.channels.registry import channel
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable

SAID = message("It drips", number(0))
BODY = json.dumps(SAID).encode()


def turned_away(teams):
    teams.inbox.refresh_from_db()
    return teams.inbox.forged_why


def bearer(token_):
    return {"Authorization": f"Bearer {token_}"}


def test_a_signed_call_is_kept(teams):
    assert teams.call(BODY).status_code == 200
    assert Raw.objects.get().door == "hook"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"key": "evil", "kid": "one"}, "the token does not hold (InvalidSignatureError)"),
        ({"aud": "another-app"}, "the token is for another app"),
        ({"iss": "https://sts.windows.net/x/"}, "the token is of another issuer"),
        ({"exp": -400}, "the token has expired"),
        ({"nbf": 3000}, "the token does not hold (ImmatureSignatureError)"),
        ({"exp": None}, "the token does not hold (MissingRequiredClaimError)"),
        ({"aud": None}, "the token does not hold (MissingRequiredClaimError)"),
        ({"serviceurl": "https://evil.example/"}, "the token is for another service address"),
        ({"serviceurl": None}, "the token is for another service address"),
    ],
)
def test_a_token_that_is_forged_or_for_something_else_is_turned_away(teams, claims, why):
    assert teams.call(BODY, signed(BODY, **claims)).status_code == 401
    assert (turned_away(teams), Raw.objects.count(), teams.inbox.forged) == (why, 0, 1)


def test_clocks_may_differ_by_five_minutes(teams):
    assert teams.call(BODY, signed(BODY, exp=-200, nbf=200)).status_code == 200


def made(algorithm, key):
    """A token that would hold, were it not for how it is signed."""
    at = int(time.time())
    claims = {"aud": APP, "iss": ISSUER, "exp": at + 900, "nbf": at, "serviceurl": SAID["serviceUrl"]}
    return bearer(jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one"}))


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "there is no token"),
        ({"Authorization": "Basic abc"}, "there is no token"),
        ({"Authorization": "Bearer abc"}, "the token is none"),
        (made("none", None), "the token is not signed by RS256"),
        (made("HS256", "k" * 32), "the token is not signed by RS256"),
        (made("RS512", private("one")), "the token is not signed by RS256"),
    ],
)
def test_what_is_no_token_of_microsofts_is_turned_away(teams, headers, why):
    assert teams.call(BODY, headers).status_code == 401
    assert turned_away(teams) == why


def test_a_key_speaks_only_for_the_channels_that_endorse_it(opened, server):
    server.endorsements = ["webchat"]
    teams = opened()
    assert teams.call(BODY).status_code == 401
    assert turned_away(teams) == "the key may not speak for Microsoft Teams"

    server.endorsements = ["msteams"]
    renew.renew(teams.inbox, at_once=True)
    assert teams.call(BODY).status_code == 200
    other = json.dumps({**SAID, "channelId": "webchat"}).encode()
    assert teams.call(other).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[1]", b"\xff", b"{}"])
def test_a_body_without_the_address_that_was_signed_for_is_turned_away(teams, body):
    assert teams.call(body, signed(BODY)).status_code == 401
    assert Raw.objects.count() == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "message"},
        {"type": "messageReaction", "reactionsAdded": 7},
        {"type": "invoke", "name": "adaptiveCard/action", "value": [1]},
        {"type": "conversationUpdate", "channelData": "x"},
        {"type": "brandNew", "id": "1"},
        {"type": ["message"], "conversation": 5},
    ],
)
def test_odd_content_that_is_signed_is_kept_and_shown(opened, odd):
    teams = opened(tenant="")
    told = json.dumps({"channelId": "msteams", "serviceUrl": SAID["serviceUrl"], **odd}).encode()

    assert teams.call(told).status_code == 200
    teams.read()
    assert [raw.state for raw in Raw.objects.all()] == ["set_aside"]


def test_a_call_that_is_made_again_or_replayed_is_the_same_delivery(teams):
    headers = signed(BODY)
    assert [teams.call(BODY, one).status_code for one in (headers, headers, signed(BODY))] == [200] * 3
    assert Raw.objects.count() == 1


def test_several_tenants_write_if_they_are_named_and_are_told_apart(opened):
    other = {"channelData": {"tenant": {"id": "T-2"}}, "conversation": {"conversationType": "personal", "id": "a:2"}}
    body = json.dumps({**SAID, **other}).encode()
    teams = opened()
    assert teams.call(body).status_code == 401
    assert turned_away(teams) == "it comes from the tenant t-2, which is not named here"

    both = opened("msteams:both", tenants="T-2")
    assert [both.call(one).status_code for one in (BODY, body)] == [200, 200]
    both.read()
    assert list(Raw.objects.order_by("pk").values_list("sender", flat=True)) == [f"{TENANT}:{MARA}", f"t-2:{MARA}"]
    assert len(set(Raw.objects.values_list("ticket", flat=True))) == 2


# Keys


def asked_for_keys(teams):
    return [asked.path for asked in teams.server.asked].count("/v1/.well-known/keys")


def test_a_new_key_is_asked_for_once_and_then_known(teams):
    teams.server.keys = ["one", "two"]
    assert asked_for_keys(teams) == 1
    with clock.at(clock.now() + renew.SOON):
        assert teams.call(BODY, signed(BODY, key="two")).status_code == 200
        assert teams.call(BODY, signed(BODY, key="two")).status_code == 200
    assert asked_for_keys(teams) == 2
    assert set(account_of(Inbox.objects.get(pk=teams.inbox.pk)).renewed["keys"]) == {"one", "two"}


def test_made_up_keys_cause_one_question_in_five_minutes(teams):
    with clock.at(clock.now() + renew.SOON):
        for kid in "abc":
            assert teams.call(BODY, signed(BODY, key="evil", kid=kid)).status_code == 401
    assert asked_for_keys(teams) == 2
    assert turned_away(teams) == "the token is signed with a key that Microsoft does not publish"


def test_a_key_that_is_withdrawn_holds_no_longer_once_that_is_known(teams):
    teams.server.keys = ["two"]
    assert teams.call(BODY).status_code == 200
    with clock.at(clock.now() + renew.EVERY):
        assert renew.renew_due() == 1
        assert renew.renew_due() == 0
    assert teams.call(BODY).status_code == 401


def test_while_the_keys_can_not_be_had_nobody_is_called_a_forger(teams):
    with clock.at(clock.now() + renew.EVERY):
        teams.server.goes_wrong = [Says(503)] * 2
        assert renew.renew_due() == 0
        assert teams.call(BODY, signed(BODY, key="two")).status_code == 503
        assert teams.call(BODY).status_code == 200  # what is known goes on being good
    with clock.at(clock.now() + renew.EVERY + timedelta(minutes=6)):
        teams.server.goes_wrong, teams.server.keys = [], ["one", "two"]
        assert teams.call(BODY, signed(BODY, key="two")).status_code == 200
    assert turned_away(teams) == ""


def test_keys_that_are_named_elsewhere_are_not_taken(teams):
    evil = json.dumps({"jwks_uri": "http://127.0.0.1:9/keys"}).encode()
    teams.server.goes_wrong = [Says(200, evil)]
    with pytest.raises(Unavailable, match="not at Microsoft"):
        renew.renew(teams.inbox, at_once=True)


@pytest.mark.parametrize("keys", ["x", [7], [{"kid": "a"}], [{"kid": "a", "kty": "EC", "n": "x", "e": "y"}]])
def test_a_document_without_keys_is_no_answer(teams, keys):
    teams.server.goes_wrong = [lambda asked: None, says({"keys": keys})]
    with pytest.raises(Unavailable, match="Microsoft names no keys"):
        renew.renew(teams.inbox, at_once=True)
    assert teams.call(BODY).status_code == 200  # what was known before goes on being good


def test_a_key_that_is_none_lets_nobody_in(teams):
    teams.server.goes_wrong = [
        lambda asked: None,
        says({"keys": [{"kid": "a", "kty": "RSA", "n": "!", "e": "!", "endorsements": ["msteams"]}]}),
    ]
    with clock.at(clock.now() + renew.SOON):
        assert teams.call(BODY, signed(BODY, key="evil", kid="a")).status_code == 401
    assert turned_away(teams).startswith("the check failed (")


def test_what_the_inbox_was_told_never_leaves_with_the_set_up(teams):
    from towerdesk.setup.sections.inboxes import Inboxes

    [entry] = [one for one in Inboxes().entries() if one.channel == "msteams"]
    assert entry.settings == {}


# Connecting


def test_connecting_tries_the_secret_and_says_what_is_wrong(teams):
    def again(**values):
        return connect(Inbox.objects.get(pk=teams.inbox.pk), values, by=CLOCK)

    assert again() == "Connected to Microsoft Teams: write to the app to try it out."
    with pytest.raises(Invalid, match="Microsoft refuses the client secret"):
        again(password="wrong")
    with pytest.raises(Unavailable, match="can't be had now"):
        again(server="http://127.0.0.1:9")


def test_the_steps_give_the_address_and_a_manifest_of_this_app(teams):
    steps = channel("msteams").steps(teams.account)
    told = json.loads(next(step.copy for step in steps if step.copy.startswith("{")))

    assert teams.account.hook in [step.copy for step in steps]
    assert (told["bots"][0]["botId"], told["composeExtensions"][0]["botId"]) == (APP, APP)
    assert told["id"] != APP
    assert PASSWORD not in "".join(step.text + step.copy for step in steps)


def test_what_teams_asks_is_answered_at_once(teams):
    def answer(name, value):
        asked = activity("invoke", id=f"f:{name}", name=name, value=value)
        return json.loads(teams.call(json.dumps(asked).encode()).content)

    assert answer("adaptiveCard/action", {"action": {"verb": "x"}})["statusCode"] == 200
    extension = "composeExtension/fetchTask"
    pointed = {"commandId": "towerdesk_ticket", "messagePayload": {"id": "1"}}
    assert answer(extension, pointed)["task"]["value"].startswith("Thank you")
    assert answer("composeExtension/submitAction", {"commandId": "x"})["task"]["value"].startswith("Use this in")
    assert answer("task/fetch", {}) == {}
    teams.read()
    assert Raw.objects.unfinished().count() == 0


@pytest.mark.django_db(transaction=True)
def test_over_real_http_with_a_new_key_and_a_call_made_again(live_server, opened):
    teams = opened()
    teams.server.keys = ["two"]
    Inbox.objects.filter(pk=teams.inbox.pk).update(settings={**teams.inbox.settings, "renewed": {}})
    path, kind = f"/hooks/{teams.inbox.hook}", {"Content-Type": "application/json"}
    with httpx2.Client(base_url=live_server.url) as web:
        good = web.post(path, content=BODY, headers=signed(BODY, key="two") | kind)
        again = web.post(path, content=BODY, headers=signed(BODY, key="two") | kind)
        bad = web.post(path, content=BODY, headers=signed(BODY, key="one") | kind)
        shown = web.get(path, headers=bearer(token(BODY, key="two")))
    teams.read()

    assert [one.status_code for one in (good, again, bad, shown)] == [200, 200, 401, 401]
    assert [(raw.state, raw.sender) for raw in Raw.objects.all()] == [("ticket", f"{TENANT}:{MARA}")]
