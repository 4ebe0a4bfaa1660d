"""Slack on loopback: a workspace with users, threads and files that takes what the desk says; and calls as Slack signs them."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says
from towerdesk.channels.slack.manifest import SCOPES
from towerdesk.channels.slack.read import SHORTCUT

TOKEN = "xoxb-fake"  # noqa: S105 - of no workspace
SECRET = "8f742231b10e"  # noqa: S105 - of no app
TEAM, APP, BOT, BOT_ID = "T0BRASS1", "A0TOWER1", "U0TOWER1", "B0TOWER1"
MARA, SAM, HELP = "U0MARA01", "U0SAM001", "C0HELP01"

type Json = dict[str, Any]


class FakeSlack(FakeServer):
    """`posted` are the bodies of chat.postMessage that were taken, `told` what was said to response addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, Json] = {
            MARA: user(MARA, "Mara Lindqvist", "mara@brasswell.example"),
            SAM: user(SAM, "Sam Okoro"),
        }
        self.threads: dict[str, list[Json]] = {}  # by "CHANNEL:TS" of their first message
        self.files: dict[str, bytes] = {}
        self.not_in: set[str] = set()  # public channels that the app has not joined
        self.posted: list[Json] = []
        self.told: list[Json] = []
        self.shown: list[Json] = []
        self.uploaded: dict[str, bytes] = {}
        self.scopes = set(SCOPES)

    def respond(self, asked: Asked) -> Says:
        if asked.path.startswith("/respond/"):
            self.told.append(asked.json())
            return says({"ok": True})
        if asked.path.startswith("/upload/"):
            self.uploaded[asked.path.rpartition("/")[2]] = asked.body
            return Says(body=b"OK")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _page() if asked.path.startswith("/files/") else wrong("invalid_auth")
        if asked.path.startswith("/files/"):
            name = asked.path.rpartition("/")[2]
            return Says(body=self.files[name]) if name in self.files else Says(404)
        method = getattr(self, "_" + asked.path.removeprefix("/api/").replace(".", "_"), None)
        told: Says = method(asked) if method else wrong("unknown_method")
        return told

    def _auth_test(self, asked: Asked) -> Says:
        told = {"team": "Brasswell", "team_id": TEAM, "user": "towerdesk", "user_id": BOT, "bot_id": BOT_ID}
        return says({"ok": True, **told}, x_oauth_scopes=",".join(sorted(self.scopes)))

    def _users_info(self, asked: Asked) -> Says:
        found = self.users.get(asked.form()["user"])
        return says({"ok": True, "user": found}) if found else wrong("user_not_found")

    def _conversations_open(self, asked: Asked) -> Says:
        return says({"ok": True, "channel": {"id": direct(asked.form()["users"])}})

    def _conversations_join(self, asked: Asked) -> Says:
        self.not_in.discard(asked.form()["channel"])
        return says({"ok": True})

    def _conversations_replies(self, asked: Asked) -> Says:
        """As Slack does: of an answer only itself is given, which names its thread; two messages a page."""
        given = asked.form()
        if given["channel"] in self.not_in:
            return wrong("not_in_channel")
        found = self.threads.get(f"{given['channel']}:{given['ts']}")
        if found is None:
            answers = [one for key, all_ in self.threads.items() for one in all_ if key.startswith(given["channel"])]
            found = [one for one in answers if one["ts"] == given["ts"]]
        at = int(given.get("cursor") or 0)
        after = {"response_metadata": {"next_cursor": f"{at + 2}" if len(found) > at + 2 else ""}}
        return says({"ok": True, "messages": found[at : at + 2], **after}) if found else wrong("thread_not_found")

    def _chat_postMessage(self, asked: Asked) -> Says:  # noqa: N802 - Slack's own name
        said = asked.json()
        channel = direct(said["channel"]) if said["channel"].startswith("U") else said["channel"]
        if said["channel"].startswith("U") and said["channel"] not in self.users:
            return wrong("channel_not_found")
        self.posted.append(said)
        return says({"ok": True, "channel": channel, "ts": f"1900000000.{len(self.posted):06}"})

    def _files_getUploadURLExternal(self, asked: Asked) -> Says:  # noqa: N802
        number = f"F{len(self.uploaded) + 1}"
        return says({"ok": True, "file_id": number, "upload_url": f"{self.url}/upload/{number}"})

    def _files_completeUploadExternal(self, asked: Asked) -> Says:  # noqa: N802
        self.shown.append(asked.json())
        return says({"ok": True})


def wrong(error: str, status: int = 200, **more: Any) -> Says:
    return says({"ok": False, "error": error, **more}, status)


def limited(seconds: int) -> Says:
    return says({"ok": False, "error": "ratelimited"}, 429, retry_after=f"{seconds}")


def _page() -> Says:
    """What Slack shows for a file to whoever may not see it."""
    return Says(body=b"<html>Sign in</html>", headers={"Content-Type": "text/html; charset=utf-8"})


def user(id_: str, name: str, mail: str = "", **more: Any) -> Json:
    profile = {"real_name": name, "display_name": name.partition(" ")[0], "email": mail}
    return {"id": id_, "team_id": TEAM, "name": name.lower(), "is_email_confirmed": True, "profile": profile, **more}


def ts(second: int, base: int = 1_700_000_000) -> str:
    """Slack's name of a message: when it was written, to the microsecond."""
    return f"{base + second}.{second:06}"


def direct(who: str) -> str:
    return f"D{who[1:]}"


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of a call."""
    moment = f"{int(time.time() if at is None else at)}"
    made = SignatureVerifier(secret).generate_signature(timestamp=moment, body=body)
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": str(made)}


def event(number: int | str, what: Json) -> bytes:
    """One call of the Events API."""
    us = [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}]
    around = {"token": "x", "team_id": TEAM, "api_app_id": APP, "authorizations": us, "type": "event_callback"}
    return json.dumps({**around, "event_id": f"Ev{number}", "event_time": int(time.time()), "event": what}).encode()


def message(text: str, ts: str, *, who: str = MARA, channel: str = HELP, above: str = "", **more: Any) -> Json:
    kind = {"type": "message", "channel_type": "im" if channel.startswith("D") else "channel"}
    thread = {"thread_ts": above} if above else {}
    return {
        **kind,
        "user": who,
        "channel": channel,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "team": TEAM,
        **thread,
        **more,
    }


def changed(text: str, ts: str, at: str, was: str = "", **more: Any) -> Json:
    edited = {**message(text, ts, **more), "edited": {"user": MARA, "ts": at}}
    before = {"previous_message": message(was, ts, **more)}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": edited["channel"],
        "message": edited,
        "ts": at,
        **before,
    }


def deleted(ts: str, at: str, *, channel: str = HELP, who: str = MARA) -> Json:
    was = {"previous_message": message("", ts, channel=channel, who=who)}
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": channel,
        "deleted_ts": ts,
        "event_ts": at,
        "ts": at,
        **was,
    }


def reaction(sign: str, about: str, *, at: str, who: str = SAM) -> Json:
    channel, _, ts = about.partition(":")
    item = {"type": "message", "channel": channel, "ts": ts}
    return {"type": "reaction_added", "user": who, "reaction": sign, "item": item, "event_ts": at}


def pressed(payload: Json) -> bytes:
    """A shortcut or a button: a form with JSON in it."""
    around = {"team": {"id": TEAM, "domain": "brasswell"}, "api_app_id": APP, "trigger_id": f"{time.monotonic_ns()}.1"}
    return urlencode({"payload": json.dumps({**around, **payload})}).encode()


def shortcut(said: Json, url: str, *, who: str = SAM) -> bytes:
    what = {"type": "message_action", "callback_id": SHORTCUT, "response_url": f"{url}/respond/1"}
    return pressed({**what, "user": {"id": who, "name": "sam"}, "channel": {"id": said["channel"]}, "message": said})


def command(text: str, *, who: str = MARA, trigger: str = "t1") -> bytes:
    where = {"team_id": TEAM, "channel_id": HELP, "user_id": who, "user_name": "mara", "api_app_id": APP}
    return urlencode({**where, "command": "/ticket", "text": text, "trigger_id": trigger}).encode()


class Story(ServedStory[FakeSlack]):
    """See `testing.stories.Story`. Two threads: one that calls the app by name, one that an emoji turns into a ticket."""

    def __init__(self) -> None:
        super().__init__(FakeSlack())

    @property
    def values(self) -> Mapping[str, str]:
        return {"token": TOKEN, "secret": SECRET, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, Mapping[str, str]]]:
        at = [ts(second, self.at) for second in range(40)]
        picture = {
            "id": "F1",
            "name": "a.png",
            "mimetype": "image/png",
            "size": 4,
            "url_private": f"{self.server.url}/files/a.png",
        }
        self.server.files["a.png"] = b"\x89PNG"
        other, answer = message("The steamer hisses", at[10]), message("Mine too", at[12], who=SAM, above=at[10])
        self.server.threads[f"{HELP}:{at[10]}"] = [other, answer]
        begun = message(f"<@{BOT}> my grinder is loud", at[0])
        bot = message("Build failed", at[20], bot_id="B0OTHER1", subtype="bot_message")
        echo = message("Turn it by half", ours.partition(":")[2] or at[21], who=BOT, bot_id=BOT_ID, above=at[0])
        told: list[Json] = [
            begun,
            {**begun, "type": "app_mention"},
            message("Vrey loud", at[1], above=at[0]),
            changed("Very loud", at[1], at[2], "Vrey loud", above=at[0]),
            changed("Very, very loud", at[1], at[3], "Very loud", above=at[0]),
            message("My password is hunter2", at[4], above=at[0]),
            deleted(at[4], at[5]),
            message("as you see", at[6], above=at[0], subtype="file_share", files=[picture]),
            reaction("thumbsup", ours or f"{HELP}:{at[0]}", at=at[30]),
            other,
            answer,
            reaction("ticket", f"{HELP}:{at[12]}", at=at[31]),
            message("Still hisses", at[13], above=at[10]),
            bot,
            echo,
            {"type": "message", "subtype": "channel_join", "user": SAM, "channel": HELP, "ts": at[25]},
        ]
        return [(body, signed(body)) for body in (event(number, what) for number, what in enumerate(told, start=1))]
