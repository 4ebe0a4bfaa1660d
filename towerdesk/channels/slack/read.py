"""One delivery of Slack's as what it tells: a message, an edit, a press of a button, or a kind that is kept and shown."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from towerdesk.channels.contract import Incoming, Remote
from towerdesk.channels.slack.mrkdwn import to_text

type Json = dict[str, Any]
type Fields = Mapping[str, Any]

HISTORY = "towerdesk_history"
"""The type of what we store ourselves for a message of a thread that was fetched."""
SHORTCUT = "towerdesk_ticket"
DECIDED = {"towerdesk_yes": "yes", "towerdesk_no": "no"}
SPOKEN = ("", "file_share", "thread_broadcast", "me_message")
"""Subtypes of what a person says. Everything else is a notice."""
OURS = "The desk itself wrote this."
BOT = "A bot wrote this. It becomes a ticket when somebody turns it into one."
NO_WORDS = "Something of a message changed that is not its words."
TROUBLE = {
    "tokens_revoked": "Slack's token was revoked: install the app again and connect the inbox with the new token.",
    "app_uninstalled": "The app was removed from the workspace: install it again and connect the inbox anew.",
}
NOTICES = {
    "file_shared": "It announces a file, which comes with its message.",
    "app_rate_limited": "Slack held events back, because more than 30,000 came within an hour.",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(content: bytes, fields: Fields) -> Incoming:
    """Never raises, whatever the bytes are. `fields` are those of the account that are no secret."""
    try:
        return _read(opened(content), fields)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        return _unknown(f"It is not as Slack's calls are ({type(error).__name__}).")


def opened(content: bytes) -> Json:
    """Events are JSON; what people press is a form with JSON in it; commands are a form. Raises `ValueError`."""
    if content[:1] == b"{":
        found = json.loads(content)
    else:
        form = {name: values[0] for name, values in parse_qs(content.decode(), strict_parsing=True).items()}
        found = json.loads(form["payload"]) if "payload" in form else {**form, "type": "command"}
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def workspace(told: Json) -> str:
    """The team's id; of an installation for a whole enterprise that one's."""
    team = told.get("team_id") or (told.get("team") or {}).get("id")
    return str(team or told.get("enterprise_id") or (told.get("enterprise") or {}).get("id") or "")


def _read(told: Json, fields: Fields) -> Incoming:
    kinds: dict[str, Callable[[Json, Fields], Incoming]] = {
        "event_callback": _event,
        HISTORY: _history,
        "message_action": _shortcut,
        "block_actions": _pressed,
        "command": _command,
    }
    kind = str(told.get("type", ""))
    return (
        kinds[kind](told, fields)
        if kind in kinds
        else _unknown(f"It is a kind of call that the desk does not take: {kind}.")
    )


def _event(told: Json, fields: Fields) -> Incoming:
    event: Json = told["event"]
    kind = str(event.get("type", ""))
    if kind in TROUBLE:
        return Incoming(identity="slack", happening="trouble", said=TROUBLE[kind])
    if kind == "app_mention":
        return _mention(told, event, fields)
    if kind == "message":
        return _message_event(told, event, fields)
    if kind == "reaction_added":
        return _reaction(told, event, fields)
    return _unknown(NOTICES.get(kind, f"It is a kind of event that the desk does not take: {kind}."))


def _message_event(told: Json, event: Json, fields: Fields) -> Incoming:
    subtype = str(event.get("subtype") or "")
    if subtype == "message_changed":
        return _changed(told, event)
    if subtype == "message_deleted":
        return _deleted(told, event, str(event.get("deleted_ts", "")))
    if subtype not in (*SPOKEN, "bot_message"):
        return _unknown(f"It is a notice of Slack's, not a message: {subtype}.")
    if _is_ours(told, event):
        return _echo(event)
    said = _said(told, str(event["channel"]), event)
    opens = _is_open(event, fields) or any(f"<@{bot}>" in str(event.get("text")) for bot in _bots(told))
    said.joins = not _is_direct(event) and (bool(_above(event)) or not opens)
    return _unless_a_bot(told, event, said)


def _echo(event: Json) -> Incoming:
    """Slack shows what we said: it did arrive. It is never read as anybody's words."""
    return Incoming(identity="slack", happening="status", status="sent", about=f"{event['channel']}:{event['ts']}")


def _mention(told: Json, event: Json, fields: Fields) -> Incoming:
    """Whoever calls the app by its name wants a ticket: of this message, or of the thread that it stands in."""
    said = _said(told, str(event["channel"]), event)
    if _above(event):
        said.happening, said.about, said.external_id = "turn", said.external_id, ""
    return _unless_a_bot(told, event, said)


def _unless_a_bot(told: Json, event: Json, said: Incoming) -> Incoming:
    if _is_ours(told, event):
        said.happening, said.said = "unknown", OURS
    elif event.get("bot_id") or event.get("subtype") == "bot_message":
        said.happening, said.said = "unknown", BOT
    return said


def _changed(told: Json, event: Json) -> Incoming:
    """Slack also says so when a link gets a preview or an answer comes: then nobody edited, or the words are the same."""
    message, channel = event["message"], str(event["channel"])
    if message.get("subtype") == "tombstone":
        return _deleted(told, event, str(message["ts"]))
    said = _said(told, channel, message)
    said.about, said.external_id = said.external_id, ""
    before = (event.get("previous_message") or {}).get("text")
    if not message.get("edited") or before == message.get("text"):
        said.happening, said.said = "unknown", NO_WORDS
        return said
    said.happening, said.at = "edit", moment(message["edited"]["ts"])
    return _unless_a_bot(told, message, said)


def _deleted(told: Json, event: Json, ts: str) -> Incoming:
    gone = event.get("previous_message") or event.get("message") or {}
    said = _from(told, str(gone.get("user") or ""))
    said.happening, said.about = "deletion", f"{event['channel']}:{ts}"
    said.at = moment(event.get("event_ts") or event["ts"])
    return said


def _reaction(told: Json, event: Json, fields: Fields) -> Incoming:
    item, sign = event["item"], str(event.get("reaction", ""))
    said = _from(told, str(event["user"]))
    if item.get("type") != "message":
        said.happening, said.said = "unknown", "It is a reaction to something that is no message."
        return said
    said.about, said.said = f"{item['channel']}:{item['ts']}", f":{sign}:"
    said.happening = "turn" if sign == _emoji(fields) else "reaction"
    said.at = moment(event["event_ts"])
    return said


def _shortcut(told: Json, fields: Fields) -> Incoming:
    if told.get("callback_id") != SHORTCUT:
        return _unknown(f"It is a shortcut that the desk does not know: {told.get('callback_id')}.")
    said = _from(told, str(told["user"]["id"]))
    said.sender_name = str(told["user"].get("name") or "")
    said.happening, said.about = "turn", f"{told['channel']['id']}:{told['message']['ts']}"
    said.whisper = str(told.get("response_url") or "")
    return said


def _pressed(told: Json, fields: Fields) -> Incoming:
    pressed = told["actions"][0]
    action = str(pressed.get("action_id", ""))
    if action not in DECIDED:
        return _unknown("It is a button that only leads somewhere, or one that the desk does not know.")
    said = _from(told, str(told["user"]["id"]))
    said.happening, said.about, said.said = "decision", str(pressed.get("value", "")), DECIDED[action]
    said.whisper = str(told.get("response_url") or "")
    return said


def _command(told: Json, fields: Fields) -> Incoming:
    """`/ticket My grinder is loud`: written to the app alone, wherever it was typed (see `complete`)."""
    said = _from(told, str(told["user_id"]))
    said.sender_name, text = str(told.get("user_name") or ""), to_text(str(told.get("text") or ""))
    if not text.strip():
        said.happening, said.said = (
            "unknown",
            "Somebody wrote the command without any words, and was told how it is used.",
        )
        return said
    said.text = said.visible = text
    said.external_id = f"command:{told['trigger_id']}"
    return said


def _history(told: Json, fields: Fields) -> Incoming:
    """Somebody asked for this to be on a ticket, so what a bot wrote is taken, but never answered automatically."""
    message, channel = told["message"], str(told["channel"])
    said = _said(told, channel, message)
    said.joins = told.get("opens") is not True
    if message.get("bot_id"):
        said.auto, said.why_auto = "bulk", "A bot wrote it."
        said.sender_name = str(message.get("username") or (message.get("bot_profile") or {}).get("name") or "A bot")
    return said


def _said(told: Json, channel: str, message: Json) -> Incoming:
    said = _from(told, str(message.get("user") or message.get("bot_id") or ""))
    said.external_id = f"{channel}:{message['ts']}"
    said.conversation = (
        channel if _is_direct({**message, "channel": channel}) else f"{channel}:{_above(message) or message['ts']}"
    )
    said.answers = [f"{channel}:{above}"] if (above := _above(message)) else []
    said.text = said.visible = _words(_uncalled(message, _bots(told)))
    said.remote = [_remote(file) for file in message.get("files") or [] if _lies_there(file)]
    said.at = moment(message["ts"])
    return said


def _from(told: Json, user: str) -> Incoming:
    """Whose it is, as Slack vouches for it. A user is known by workspace and number."""
    trust = {"verified": True, "sentence": "Signed for by Slack."}
    return Incoming(sender=f"{workspace(told)}:{user}" if user else "", identity="slack", trust=trust)


def _uncalled(message: Json, bots: list[str]) -> Json:
    """Without our own name, by which we are called; unless that is all there is."""
    text = str(message.get("text") or "")
    for bot in bots:
        text = text.replace(f"<@{bot}>", "")
    return {**message, "text": text.strip()} if text.strip() else message


def _words(message: Json) -> str:
    """With what was passed on from elsewhere, and links to files that lie elsewhere."""
    shared = [str(one.get("text") or one.get("fallback") or "") for one in message.get("attachments") or []]
    links = [
        f"{file.get('name') or 'File'}: {file.get('url_private')}"
        for file in message.get("files") or []
        if _elsewhere(file)
    ]
    words = [str(message.get("text") or ""), *shared, *links]
    return "\n\n".join(text for part in words if (text := to_text(part).strip()))


def _remote(file: Json) -> Remote:
    size = file.get("size")
    return Remote(
        str(file.get("url_private_download") or file["url_private"]),
        str(file.get("name") or file.get("title") or "file"),
        str(file.get("mimetype") or "application/octet-stream"),
        size if isinstance(size, int) else 0,
    )


def _lies_there(file: Json) -> bool:
    return bool(file.get("url_private")) and file.get("mode") not in ("tombstone", "hidden_by_limit", "external")


def _elsewhere(file: Json) -> bool:
    return file.get("mode") == "external" and bool(file.get("url_private"))


def _above(message: Json) -> str:
    """The beginning of the thread that this answers in; empty for what stands by itself or begins one."""
    above = str(message.get("thread_ts") or "")
    return "" if above == str(message.get("ts")) else above


def _is_direct(event: Json) -> bool:
    """To the app alone: one conversation, whatever threads it has."""
    return event.get("channel_type") == "im" or str(event["channel"]).startswith("D")


def _is_open(event: Json, fields: Fields) -> bool:
    """Whether every message of this channel opens a ticket."""
    named = str(fields.get("channels") or "").replace(",", " ").split()
    return "all" in named or event["channel"] in named


def _emoji(fields: Fields) -> str:
    return str(fields.get("emoji") or "").strip(": ") or "ticket"


def _is_ours(told: Json, event: Json) -> bool:
    app = event.get("app_id") or (event.get("bot_profile") or {}).get("app_id")
    return bool(app and app == told.get("api_app_id")) or bool(event.get("user") and event["user"] in _bots(told))


def _bots(told: Json) -> list[str]:
    """The users that we are in the workspace, as Slack says with every event."""
    return [str(one["user_id"]) for one in told.get("authorizations") or [] if one.get("is_bot") and one.get("user_id")]


def moment(ts: Any) -> datetime:
    """`1726000000.000200` to the microsecond, which tells what came first. Raises `ValueError`."""
    seconds, _, part = str(ts).partition(".")
    return EPOCH + timedelta(seconds=int(seconds), microseconds=int(f"{part or 0:0<6}"[:6]))


def _unknown(said: str) -> Incoming:
    return Incoming(identity="slack", happening="unknown", said=said)
