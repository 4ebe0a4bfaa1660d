"""One delivery of Teams as what it tells: a message, an edit, a press of a button, or a kind that is kept and shown."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from towerdesk.channels.contract import Incoming, Remote
from towerdesk.channels.msteams import activity, words
from towerdesk.channels.msteams.activity import Json, moment, named, opened, place, root, where
from towerdesk.channels.msteams.cards import DECIDED
from towerdesk.channels.msteams.verify import tenant

type Fields = Mapping[str, Any]

HISTORY = "towerdesk_history"
"""The type of what we store ourselves for a message of a thread that was fetched or pointed at."""
SHORTCUT = "towerdesk_ticket"
TURN = "turn"
"""The part of a call that makes a thread a ticket, beside the message that it carries: see `Piece.envelope`."""
EXTENSIONS = ("composeExtension/fetchTask", "composeExtension/submitAction")
READ = "application/vnd.microsoft.readReceipt"

BOT = "A bot wrote this. It becomes a ticket when somebody turns it into one."
NO_WORDS = "Something of a message changed that is not its words."
SIGNS = {"like": "👍", "heart": "❤️", "laugh": "😆", "surprised": "😮", "sad": "😢", "angry": "😡", "plusOne": "➕"}
_SIGN = re.compile(r"([0-9a-f]{4,6})_")
UPDATES = {
    "channelCreated": "A channel was made in a team.",
    "channelRenamed": "A channel was renamed.",
    "channelDeleted": "A channel was deleted.",
    "channelRestored": "A channel that was deleted is back.",
    "teamRenamed": "A team was renamed.",
    "teamDeleted": "A team was deleted.",
    "teamHardDeleted": "A team was deleted for good.",
    "teamArchived": "A team was archived.",
    "teamUnarchived": "A team is no longer archived.",
    "teamRestored": "A team that was deleted is back.",
}
REMOVED = "The app was removed from {}: what its tickets are answered does not arrive there any more."


def read(content: bytes, envelope: Mapping[str, Any]) -> Incoming:
    """Never raises, whatever the bytes are."""
    try:
        return _read(opened(content), envelope.get("account") or {}, str(envelope.get("part") or ""))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        return _unknown(f"It is not as the calls of Microsoft Teams are ({type(error).__name__}).")


def turns(told: Json) -> bool:
    """Whoever calls the app within a thread wants that to be a ticket."""
    return told.get("type") == "message" and activity.is_answer(told) and bool(activity.our_names(told))


def _read(told: Json, fields: Fields, part: str) -> Incoming:
    kinds: dict[str, Callable[[Json, Fields], Incoming]] = {
        "message": _turning if part == TURN else _message,
        "messageUpdate": _changed,
        "messageDelete": _deleted,
        "messageReaction": _reaction,
        "invoke": _invoke,
        "event": _event,
        "conversationUpdate": _update,
        "installationUpdate": _installed,
        HISTORY: _history,
    }
    kind = str(told.get("type", ""))
    if kind not in kinds:
        return _unknown(f"It is a kind of call that the desk does not take: {kind}.")
    return kinds[kind](told, fields)


def _message(told: Json, fields: Fields) -> Incoming:
    value = told.get("value")
    if isinstance(value, dict) and value.get("verb") in DECIDED:
        return _decision(told, value["verb"], value)
    said = _said(told)
    if activity.is_bot(told):
        said.happening, said.said = "unknown", BOT
    elif not said.text and not said.remote:
        said.happening, said.said = "unknown", "It has no words and no files."
    called = bool(activity.our_names(told)) or _is_open(told, fields)
    said.joins = not activity.is_personal(told) and (activity.is_answer(told) or not called)
    return said


def _turning(told: Json, fields: Fields) -> Incoming:
    """`text` is the message that was pointed at: what there is to begin with, should the thread not be had."""
    said = _from(told)
    said.happening, said.about, said.conversation = "turn", named(where(told), told["id"]), where(told)
    said.text = json.dumps({"activity": told, **_around(told)})
    return said


def _changed(told: Json, fields: Fields) -> Incoming:
    said = _said(told)
    said.about, said.external_id, said.remote = said.external_id, "", []
    kind = (told.get("channelData") or {}).get("eventType")
    said.happening, said.at = "edit", moment(told["timestamp"])
    if kind == "undeleteMessage":
        said.happening = "undeletion"
    elif kind not in (None, "", "editMessage"):
        said.happening, said.said = "unknown", NO_WORDS
    return said


def _deleted(told: Json, fields: Fields) -> Incoming:
    said = _from(told)
    said.happening, said.about, said.at = "deletion", named(where(told), told["id"]), moment(told["timestamp"])
    return said


def _reaction(told: Json, fields: Fields) -> Incoming:
    """Teams tells a bot of reactions to its own messages; of a team that lets it hear all, to others as well."""
    signs = [_sign(str(one.get("type"))) for one in told.get("reactionsAdded") or []]
    said = _from(told)
    said.about, said.said = named(where(told), told.get("replyToId")), " ".join(signs)
    said.happening, said.at = "reaction", moment(told["timestamp"])
    if not signs:
        said.happening, said.said = "unknown", "Somebody took a reaction back."
    return said


def _invoke(told: Json, fields: Fields) -> Incoming:
    name, value = str(told.get("name")), told.get("value") or {}
    if name == "adaptiveCard/action":
        action = value["action"]
        if action.get("verb") in DECIDED:
            return _decision(told, action["verb"], action.get("data") or {})
        return _unknown("It is a button that the desk does not know.")
    if name in EXTENSIONS and value.get("commandId") == SHORTCUT and value.get("messagePayload"):
        return _shortcut(told, value["messagePayload"])
    if name == "fileConsent/invoke":
        return _unknown("Somebody answers whether they want a file, which the desk had not offered.")
    return _unknown(f"It is a question to the app that the desk does not know: {name}.")


def _shortcut(told: Json, message: Json) -> Incoming:
    said = _from(told)
    begun = str(message.get("replyToId") or "") or str(message["id"])
    conversation = place(where(told))
    if root(where(told)) or _is_channel(told):
        conversation = f"{conversation}{activity.THREAD}{begun}"
    said.happening, said.about, said.conversation = "turn", named(conversation, message["id"]), conversation
    said.whisper = f"person:{said.sender}"
    said.text = json.dumps({"message": message, **_around(told)})
    return said


def _decision(told: Json, verb: str, data: Mapping[str, Any]) -> Incoming:
    said = _from(told)
    said.happening, said.about, said.said = "decision", str(data.get("token", "")), DECIDED[verb]
    said.conversation = where(told)
    said.whisper = f"card:{told.get('replyToId') or ''}"
    return said


def _event(told: Json, fields: Fields) -> Incoming:
    if told.get("name") != READ:
        return _unknown(f"It is an event that the desk does not take: {told.get('name')}.")
    said = _from(told)
    said.about = named(where(told), told["value"]["lastReadMessageId"])
    said.happening, said.status, said.at = "status", "read", moment(told["timestamp"])
    return said


def _update(told: Json, fields: Fields) -> Incoming:
    data = told.get("channelData") or {}
    us = (told.get("recipient") or {}).get("id")
    added, gone = ([one.get("id") for one in told.get(name) or []] for name in ("membersAdded", "membersRemoved"))
    if us and us in added:
        return _unknown(f"The app was added to {_home(told)}.")
    if us and us in gone:
        return _gone(told)
    if added or gone:
        return _unknown(f"{len(added) or len(gone)} people {'came to' if added else 'left'} a team or a chat.")
    kind = str(data.get("eventType") or "")
    return _unknown(UPDATES.get(kind, f"Something about a conversation changed: {kind or 'it is not said what'}."))


def _installed(told: Json, fields: Fields) -> Incoming:
    action = str(told.get("action"))
    if action == "remove":
        return _gone(told)
    what = {"add": "added to", "add-upgrade": "renewed in", "remove-upgrade": "renewed in"}.get(action)
    return _unknown(f"The app was {what} {_home(told)}." if what else f"Something was done to the app: {action}.")


def _gone(told: Json) -> Incoming:
    """Of one person's chat it is no trouble of the account: nobody else is concerned."""
    said = REMOVED.format(_home(told))
    if activity.is_personal(told):
        return _unknown(said)
    return Incoming(identity="msteams", happening="trouble", said=said)


def _history(told: Json, fields: Fields) -> Incoming:
    """Somebody asked for this to be on a ticket, so what a bot wrote is taken, but never answered automatically."""
    said = _said(told["activity"]) if "activity" in told else _of_graph(told, told["message"])
    said.joins = told.get("opens") is not True
    if missed := str(told.get("missed") or ""):
        said.trust = {**said.trust, "missed": f"What was written before it in this thread is not here: {missed}."}
    return said


def _of_graph(told: Json, message: Json) -> Incoming:
    """A chatMessage of Microsoft Graph, which is also what a message's menu hands over."""
    who = message.get("from") or {}
    user, app = who.get("user") or {}, who.get("application") or {}
    said = Incoming(identity="msteams", trust=_trust(told))
    id_ = str(user.get("id") or app.get("id") or "").lower()
    said.sender = f"{told['tenant']}:{id_}" if id_ else ""
    said.sender_name = str(user.get("displayName") or app.get("displayName") or "")
    said.conversation, said.external_id = told["conversation"], named(told["conversation"], message["id"])
    said.at = moment(message.get("createdDateTime"), message["id"])
    said.text = said.visible = text_of(message, str(told.get("app") or ""))
    said.remote = pictures_of(message, told["tenant"])
    if app and not user:
        said.auto, said.why_auto = "bulk", "A bot wrote it."
    return said


def text_of(message: Json, app: str) -> str:
    """Files in a channel lie in its folder, to which the app has no right: they are links."""
    body = message.get("body") or {}
    content, links = str(body.get("content") or ""), []
    for one in message.get("attachments") or []:
        if one.get("contentType") == "reference" and one.get("contentUrl"):
            links.append(f"{one.get('name') or 'File'}: {one['contentUrl']}")
    mentions = [one for one in message.get("mentions") or [] if isinstance(one, dict)]
    ours = [str(one.get("mentionText")) for one in mentions if app and _app_of(one) == app]
    text = words.from_html(content, ours) if body.get("contentType") == "html" else content.strip()
    return "\n\n".join(part for part in (str(message.get("subject") or ""), text, *links) if part)


def _app_of(mention: Json) -> str:
    return str(((mention.get("mentioned") or {}).get("application") or {}).get("id") or "")


def pictures_of(message: Json, of: str) -> list[Remote]:
    body = message.get("body") or {}
    found = words.pictures_in(str(body.get("content") or "")) if body.get("contentType") == "html" else []
    kept = [url for url in found if "/hostedContents/" in url]
    return [activity.picture(url, number, of) for number, url in enumerate(kept, start=1)]


def _said(told: Json) -> Incoming:
    said = _from(told)
    said.conversation, said.external_id = where(told), named(where(told), told["id"])
    said.answers = [named(where(told), root(where(told)))] if activity.is_answer(told) else []
    said.text = said.visible = activity.text(told)
    said.remote = activity.files(told)
    said.at = moment(told.get("timestamp"), told["id"])
    return said


def _from(told: Json) -> Incoming:
    """Whose it is, as Microsoft vouches for it."""
    name = str((told.get("from") or {}).get("name") or "")
    return Incoming(sender=activity.sender(told), identity="msteams", sender_name=name, trust=_trust(told))


def _trust(told: Json) -> dict[str, Any]:
    way = str(told.get("serviceUrl") or "")
    return {"verified": True, "sentence": "Signed for by Microsoft.", **({"way": way} if way else {})}


def _around(told: Json) -> Json:
    """What fetching a thread needs to know of where it is."""
    team = (told.get("channelData") or {}).get("team") or {}
    return {
        "tenant": tenant(told),
        "serviceUrl": told.get("serviceUrl"),
        "team": team.get("id"),
        "group": team.get("aadGroupId"),
        "channel": activity.channel(told) if _is_channel(told) else "",
    }


def _is_channel(told: Json) -> bool:
    kind = (told.get("conversation") or {}).get("conversationType")
    return kind == "channel" or (not kind and bool((told.get("channelData") or {}).get("channel")))


def _is_open(told: Json, fields: Fields) -> bool:
    """Whether every message of this channel opens a ticket."""
    listed = str(fields.get("channels") or "").replace(",", " ").split()
    return _is_channel(told) and ("all" in listed or activity.channel(told) in listed)


def _home(told: Json) -> str:
    if activity.is_personal(told):
        return f"the chat with {(told.get('from') or {}).get('name') or 'somebody'}"
    team = ((told.get("channelData") or {}).get("team") or {}).get("name")
    return f"the team {team}" if team else "a team" if _is_channel(told) else "a group chat"


def _sign(kind: str) -> str:
    """Newer clients name an emoji by its code point: `1f44f_clappinghands`."""
    found = _SIGN.match(kind)
    return SIGNS.get(kind) or (chr(int(found[1], 16)) if found else f":{kind}:")


def _unknown(said: str) -> Incoming:
    return Incoming(identity="msteams", happening="unknown", said=said)
