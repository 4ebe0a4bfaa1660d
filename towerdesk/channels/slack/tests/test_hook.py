"""Who may call, and what is kept of it: once, whatever Slack does twice."""

import json
import time

import httpx2
import pytest

from towerdesk.channels.connect import connect
from towerdesk.channels.models import Inbox
from towerdesk.channels.slack.fake import BOT, MARA, TEAM, command, event, message, signed
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable

SAID = message("It drips", "1700000000.000100", channel="D0MARA01")


def turned_away(slack):
    slack.inbox.refresh_from_db()
    return slack.inbox.forged_why


def test_a_signed_call_is_kept(slack):
    assert slack.call(event(1, SAID)).status_code == 200
    assert Raw.objects.get().door == "hook"


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": f"{int(time.time()) - 10}"},
    ],
)
def test_a_forged_call_is_turned_away_and_counted(slack, change):
    body = event(1, SAID)

    assert slack.call(body, signed(body) | change).status_code == 401
    assert slack.call(body, {}).status_code == 401
    assert slack.call(body + b" ", signed(body)).status_code == 401
    assert slack.call(body, signed(body, "another secret")).status_code == 401
    assert Raw.objects.count() == 0
    slack.inbox.refresh_from_db()
    assert slack.inbox.forged == 4


def test_an_old_call_is_turned_away_and_a_replayed_one_is_the_same_delivery(slack):
    body = event(1, SAID)
    old, fresh = signed(body, at=time.time() - 301), signed(body)

    assert slack.call(body, old).status_code == 401
    assert [slack.call(body, fresh).status_code for _ in range(2)] == [200, 200]
    assert Raw.objects.count() == 1


def test_what_slack_tries_again_is_the_same_delivery(slack):
    body = event(1, SAID)
    slack.call(body)
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    assert slack.call(body, signed(body) | again).status_code == 200
    assert Raw.objects.count() == 1


def test_the_address_is_verified_and_nothing_is_stored(slack):
    body = json.dumps({"token": "x", "challenge": "3eZbrw1aBm2rZgRN", "type": "url_verification"}).encode()
    answer = slack.call(body)

    assert (answer.status_code, answer.content, Raw.objects.count()) == (200, b"3eZbrw1aBm2rZgRN", 0)
    assert slack.call(body, signed(body, "guessed")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[1]", b'{"type": "event_callback"}', b'{"event": [1]}', b"payload=%7B", b"a=b", b"\xff"],
)
def test_odd_content_that_is_signed_is_kept_and_shown(slack, body):
    if body == b"\xff":
        headers = signed(b"x")
        assert slack.call(body, headers).status_code == 401
        return
    assert slack.call(body).status_code == 200
    slack.read()
    assert [raw.state for raw in Raw.objects.all()] == ["set_aside"]


def test_several_workspaces_have_an_inbox_each_and_do_not_mix(opened):
    first, second = opened(team=TEAM), opened("slack:second", secret="another")
    body = event(1, SAID)

    assert first.call(body).status_code == 200
    assert second.call(body).status_code == 401
    assert second.call(body, signed(body, "another")).status_code == 200
    assert [raw.inbox for raw in Raw.objects.order_by("pk")] == [first.inbox, second.inbox]


def test_a_call_from_another_workspace_is_turned_away(opened):
    slack = opened(team=TEAM)
    body = event(1, SAID).replace(TEAM.encode(), b"T0OTHER1")

    assert slack.call(body).status_code == 401
    assert turned_away(slack) == f"it comes from the workspace T0OTHER1, not {TEAM}"


def test_a_command_is_answered_at_once(slack):
    empty, full = [json.loads(slack.call(command(text, trigger=text)).content)["text"] for text in ("", "It drips")]

    assert empty.startswith("Write what it is about: `/ticket")
    assert full.startswith("Thank you")


def test_connecting_tries_the_token_and_says_what_is_missing(slack):
    def again(**values):
        return connect(Inbox.objects.get(pk=slack.inbox.pk), values, by=CLOCK)

    assert again() == "Connected to Brasswell as @towerdesk: write to it to try it out."
    slack.server.scopes -= {"files:read", "im:write"}
    with pytest.raises(Invalid, match="lacks the rights files:read, im:write"):
        again()
    slack.server.scopes |= {"files:read", "im:write"}
    with pytest.raises(Invalid, match=f"of the workspace {TEAM}, not T9"):
        again(team="T9")
    with pytest.raises(Invalid, match="Slack refuses the token"):
        again(token="xoxb-wrong")
    with pytest.raises(Unavailable, match="can't be reached"):
        again(server="http://127.0.0.1:9")


def test_the_steps_give_a_manifest_with_the_address(slack):
    from towerdesk.channels.registry import channel

    steps = channel("slack").steps(slack.account)
    told = json.loads(steps[0].copy)
    assert told["settings"]["event_subscriptions"]["request_url"] == slack.account.hook
    assert told["settings"]["interactivity"]["request_url"] == slack.account.hook
    assert told["features"]["slash_commands"][0]["url"] == slack.account.hook
    assert not any(slack.account.get("secret") in step.copy + step.text for step in steps)
    assert BOT not in steps[0].copy


def test_a_user_is_asked_for_once_an_hour(slack):
    for second in range(3):
        slack.says("Hello", f"170000000{second}.000001", channel="D0MARA01")

    assert [asked.path for asked in slack.server.asked].count("/api/users.info") == 1


@pytest.mark.django_db(transaction=True)
def test_over_real_http_with_slacks_own_retry(live_server, opened):
    slack = opened()
    body = event(1, SAID)
    headers = signed(body) | {"Content-Type": "application/json"}
    with httpx2.Client(base_url=live_server.url) as web:
        path = f"/hooks/{slack.inbox.hook}"
        said = [web.post(path, content=body, headers=headers).status_code]
        said.append(web.post(path, content=body, headers=headers | {"X-Slack-Retry-Num": "1"}).status_code)
        said.append(web.post(path, content=body + b" ", headers=headers).status_code)
    slack.read()

    assert said == [200, 200, 401]
    assert [(raw.state, raw.sender) for raw in Raw.objects.all()] == [("ticket", f"{TEAM}:{MARA}")]
