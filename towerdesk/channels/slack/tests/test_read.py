"""What Slack's calls say, told by the shapes that it publishes, and by messages of people with names."""

import json

import pytest

from tests.data import data
from towerdesk.channels.slack import fake
from towerdesk.channels.slack.fake import APP, BOT, HELP, MARA, SAM, TEAM, changed, deleted, event, message, reaction
from towerdesk.channels.slack.mrkdwn import LONGEST, cut, to_mrkdwn, to_text, with_names
from towerdesk.channels.slack.read import moment, read

CAPTURED = data("channel-payloads") / "slack-events"
TS = "1700000000.000100"
VALUES = {
    "team_id": TEAM, "api_app_id": APP, "event_id": "Ev1", "user": MARA, "user_id": MARA, "channel": HELP, "ts": TS,
    "event_ts": TS, "deleted_ts": TS, "text": "It drips", "reaction": "eyes", "url_private": "https://files.slack.com/a",
}  # fmt: skip
HAPPENS = {
    "AppMention": "message", "Message": "message", "MessageMe": "message", "MessageFileShare": "message",
    "MessageThreadBroadcast": "message", "MessageChanged": "edit", "MessageDeleted": "deletion",
    "ReactionAdded": "reaction", "TokensRevoked": "trouble", "AppUninstalled": "trouble",
}  # fmt: skip
"""Every other captured event is kept and shown as one that the desk does not take."""


def heard(what, **fields):
    return read(event(1, what), fields)


def filled(told):
    """The captured shapes have blanks for values."""
    if isinstance(told, list):
        return [filled(one) for one in told]
    if not isinstance(told, dict):
        return told
    values = {name: VALUES.get(name, value) if value == "" else filled(value) for name, value in told.items()}
    said = told.get("type") == "message" or str(told.get("subtype", "")).startswith(("me_", "file_", "thread_"))
    return values | ({"bot_id": "", "app_id": "", "bot_profile": None} if said else {}) | _kinds(values)


def _kinds(values):
    """A type that is blank is the one of a call; reactions and pins are about messages."""
    if values.get("type") == "" and "event" in values:
        return {"type": "event_callback"}
    return {"type": "message"} if values.get("type") == "" and "ts" in values and "channel" in values else {}


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURED.glob("*.json")))
def test_captured_payloads_are_read_as_what_they_are(name):
    told = json.loads((CAPTURED / name).read_text())
    assert read(json.dumps(told).encode(), {}).happening in ("unknown", "trouble", "reaction")  # as captured, all blank

    told = filled(told)
    told["authorizations"], told["event"]["app_id"] = [], ""
    if "Reaction" in name:
        told["event"]["item"]["ts"] = TS
    if "Changed" in name:
        told["event"].setdefault("previous_message", {})["text"] = "It"
    if "Mention" in name:
        told["event"] |= {"bot_id": "", "bot_profile": None, "subtype": ""}
    said = read(json.dumps(told).encode(), {})
    assert said.happening == HAPPENS.get(name.removesuffix("Payload.json"), "unknown"), said.said
    if said.happening in ("unknown", "trouble"):
        assert said.said.endswith(".")
    elif said.happening != "message":
        assert said.about == f"{HELP}:{TS}"


def test_a_message_is_known_by_workspace_user_channel_and_moment():
    said = heard(message("It drips", TS, above="1690000000.000001"))

    assert (said.sender, said.identity, said.external_id) == (f"{TEAM}:{MARA}", "slack", f"{HELP}:{TS}")
    assert (said.conversation, said.answers) == (f"{HELP}:1690000000.000001", [f"{HELP}:1690000000.000001"])
    assert said.at == moment(TS)
    assert said.at.microsecond == 100
    assert said.joins


@pytest.mark.parametrize(
    ("what", "fields", "joins"),
    [
        (message("Hello", TS), {}, True),
        (message("Hello", TS), {"channels": "all"}, False),
        (message("Hello", TS), {"channels": f"C9, {HELP}"}, False),
        (message("Hello", TS), {"channels": "C9"}, True),
        (message("Hello", TS, above="1.1"), {"channels": "all"}, True),
        (message(f"<@{BOT}> hello", TS), {}, False),
        (message(f"<@{SAM}> hello", TS), {}, True),
        (message("Hello", TS, channel="D0MARA01"), {}, False),
        (message("Hello", TS, channel="D0MARA01", above="1.1"), {}, False),
        (message("Hello", TS, above=TS), {"channels": "all"}, False),
    ],
)
def test_what_opens_a_ticket_by_itself(what, fields, joins):
    assert heard(what, **fields).joins is joins


def test_a_direct_message_is_one_conversation_with_its_threads():
    assert {heard(message("Hi", TS, channel="D1", above=above)).conversation for above in ("", "1.1")} == {"D1"}


def test_calling_the_app_by_name_opens_or_turns():
    opening = heard({**message(f"<@{BOT}> help", TS), "type": "app_mention"})
    turning = heard({**message(f"<@{BOT}> help", TS, above="1.1"), "type": "app_mention"})

    assert (opening.happening, opening.joins) == ("message", False)
    assert (turning.happening, turning.about) == ("turn", f"{HELP}:{TS}")


@pytest.mark.parametrize(
    "more",
    [
        {"app_id": APP},
        {"bot_profile": {"app_id": APP}, "bot_id": "B1", "subtype": "bot_message"},
        {"who": BOT},
        {"bot_id": "B9"},
        {"subtype": "bot_message"},
    ],
)
@pytest.mark.parametrize("kind", ["message", "app_mention"])
def test_bots_and_we_ourselves_never_open_anything(more, kind):
    said = heard({**message(f"<@{BOT}> loop", TS, **more), "type": kind}, channels="all")

    assert said.happening in ("unknown", "status")
    assert said.said.startswith(("The desk itself", "A bot wrote")) or said.about == f"{HELP}:{TS}"


def test_what_we_said_comes_back_as_word_that_it_arrived():
    said = heard(message("Turn it", TS, who=BOT, bot_id="B1"))
    assert (said.happening, said.status, said.about, said.text) == ("status", "sent", f"{HELP}:{TS}", "")


def test_an_edit_of_ours_or_a_mere_preview_is_no_edit():
    assert heard(changed("new", TS, "1700000009.000000", "old")).happening == "edit"
    assert heard(changed("same", TS, "1700000009.000000", "same")).happening == "unknown"
    assert heard(changed("new", TS, "1700000009.000000", "old", who=BOT)).happening == "unknown"
    unfurled = changed("same", TS, "1700000009.000000", "other")
    del unfurled["message"]["edited"]
    assert heard(unfurled).happening == "unknown"


def test_a_first_message_that_is_deleted_leaves_a_tombstone_which_is_a_deletion():
    gone = changed("This message was deleted.", TS, "1700000009.000000")
    gone["message"]["subtype"] = "tombstone"
    said = heard(gone)

    assert (said.happening, said.about) == ("deletion", f"{HELP}:{TS}")
    assert heard(deleted(TS, "1700000009.000000")).about == f"{HELP}:{TS}"


def test_the_emoji_that_turns_is_the_one_that_was_chosen():
    about = f"{HELP}:{TS}"
    assert heard(reaction("ticket", about, at=TS)).happening == "turn"
    assert heard(reaction("ticket", about, at=TS), emoji=":sos:").happening == "reaction"
    assert heard(reaction("sos", about, at=TS), emoji=":sos:").happening == "turn"
    assert heard(reaction("eyes", about, at=TS)).said == ":eyes:"


def test_files_are_named_and_what_lies_elsewhere_is_a_link():
    files = [
        {"name": "a.png", "mimetype": "image/png", "size": 4, "url_private": "https://files.slack.com/a.png"},
        {"name": "Plan", "mode": "external", "url_private": "https://docs.example/plan"},
        {"mode": "tombstone"},
        {"mode": "hidden_by_limit", "url_private": "https://files.slack.com/old"},
    ]
    said = heard(message("See", TS, subtype="file_share", files=files))

    assert [(one.name, one.type, one.size) for one in said.remote] == [("a.png", "image/png", 4)]
    assert said.text == "See\n\nPlan: https://docs.example/plan"


def test_what_was_passed_on_belongs_to_the_words():
    shared = [{"text": "It <https://a.example|drips>", "fallback": "x"}, {"fallback": "[a picture]"}]
    assert heard(message("", TS, attachments=shared)).text == "It drips (https://a.example)\n\n[a picture]"


def test_a_button_that_only_leads_somewhere_decides_nothing():
    body = fake.pressed({"type": "block_actions", "user": {"id": SAM}, "actions": [{"action_id": "towerdesk_link"}]})
    assert read(body, {}).happening == "unknown"
    assert read(fake.pressed({"type": "view_submission"}), {}).happening == "unknown"
    assert (
        read(fake.pressed({"type": "message_action", "callback_id": "other", "user": {"id": SAM}}), {}).happening
        == "unknown"
    )


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Turn it **by half**, _not_ more", "Turn it *by half*, _not_ more"),
        ("See [the page](https://a.example/?a=1&b=2)", "See <https://a.example/?a=1&amp;b=2|the page>"),
        ("<!channel> <@U1> a & b", "&lt;!channel&gt; &lt;@U1&gt; a &amp; b"),
        ("Hello,\n\nturn it.\nBest, Ana", "Hello,\n\nturn it.\nBest, Ana"),
        ("- one\n- two\n  1. sub", "• one\n• two\n    1. sub"),
        ("# Steps\n> quoted\n> more", "*Steps*\n\n> quoted\n> more"),
        ("`a < b` and 2 * 3 * 4 snake_case ~~no~~", "`a &lt; b` and 2 * 3 * 4 snake_case ~no~"),
        ("```\nx = 1\n```", "```\nx = 1\n```"),
        ("[x](https://a.example|<!here>)", "<https://a.example%7C%3C!here%3E|x>"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("", ""),
    ],
)
def test_replies_become_mrkdwn_that_can_not_call_anybody(typed, sent):
    assert to_mrkdwn(typed) == sent


def test_mrkdwn_becomes_text():
    said = "*b* <https://a.example/?a=1&amp;b=2|here> <https://b.example> <mailto:a@b.example|a@b.example> &lt;i&gt;"
    assert to_text(said) == "*b* here (https://a.example/?a=1&b=2) https://b.example a@b.example <i>"
    assert to_text(f"<@{SAM}> <#C1|general> <!here> <!subteam^S1|@team>") == f"@{SAM} #general @here @team"
    assert with_names(f"@{SAM} @{MARA} @UNESCO", {SAM: "Sam"}) == f"@Sam @{MARA} @UNESCO"


def test_long_replies_are_cut_where_a_word_ends():
    pieces = cut("word " * 5000)
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert " ".join(pieces).split() == ["word"] * 5000
