"""Microsoft on loopback: keys and tokens, the connector, Graph; and activities as Teams sends them, signed as it signs."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says
from towerdesk.channels.msteams.read import SHORTCUT
from towerdesk.channels.msteams.verify import ISSUER

APP, PASSWORD = "c9e8c047-2a74-40a2-b28a-b162d5f5327c", "fake~secret"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
BOT, BOT_NAME = f"28:{APP}", "Towerdesk"
MARA, SAM = "7faf8ab2-3d56-4244-b585-20c8a42ed2b8", "00aa11bb-3d56-4244-b585-20c8a42ed2b9"
CHANNEL, TEAM, GROUP = "19:help@thread.tacv2", "19:team@thread.tacv2", "0a1b2c3d-0000-4000-8000-000000000001"
NAMES = {MARA: "Mara Lindqvist", SAM: "Sam Okoro"}
BEGUN = 1_700_000_000_000  # milliseconds

type Json = dict[str, Any]


class FakeTeams(FakeServer):
    """`posted` are the activities that were taken, by conversation; `replaced` those that were changed, by their id."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = ["one"]  # that are published
        self.endorsements: list[str] = ["msteams", "webchat"]
        self.posted: list[tuple[str, Json]] = []
        self.replaced: list[tuple[str, Json]] = []
        self.members: dict[str, Json] = {MARA: member(MARA, "mara@brasswell.example"), SAM: member(SAM)}
        self.removed: set[str] = set()  # conversations without the app
        self.consent = True  # to read threads by Graph
        self.threads: dict[str, list[Json]] = {}  # by the number of their first message
        self.files: dict[str, bytes] = {}
        self.password = PASSWORD
        self.tokens: set[str] = set()  # that hold
        self.lasts = 3599  # seconds

    def respond(self, asked: Asked) -> Says:
        path = unquote(asked.path)
        if path.startswith("/v1/.well-known/"):
            return self._published(path)
        if path.endswith("/oauth2/v2.0/token"):
            return self._token(asked)
        if path.startswith("/files/"):
            return self._file(path, free="authorization" not in asked.headers)
        kind = "graph" if path.startswith("/graph/") else "bot"
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens or not token.startswith(kind):
            return wrong(401, "Unauthorized")
        return self._graph(path) if kind == "graph" else self._connector(asked, path)

    def _published(self, path: str) -> Says:
        if path.endswith("/keys"):
            return says({"keys": [jwk(name, self.endorsements) for name in self.keys]})
        there = f"{self.url}/v1/.well-known/keys"
        return says({"issuer": ISSUER, "jwks_uri": there, "id_token_signing_alg_values_supported": ["RS256"]})

    def _token(self, asked: Asked) -> Says:
        form = asked.form()
        if (form["client_id"], form["client_secret"]) != (APP, self.password):
            told = {"error": "invalid_client", "error_codes": [7000215], "error_description": "AADSTS7000215: Invalid"}
            return says(told, 401)
        token = f"{'graph' if 'graph' in form['scope'] else 'bot'}-{len(self.tokens) + 1}"
        self.tokens.add(token)
        return says({"token_type": "Bearer", "expires_in": self.lasts, "access_token": token})

    def _file(self, path: str, *, free: bool) -> Says:
        name = path.rpartition("/")[2]
        return Says(body=self.files[name]) if free and name in self.files else Says(404)

    def _connector(self, asked: Asked, path: str) -> Says:
        _, _, rest = path.partition("/v3/")
        what, _, rest = rest.partition("/")
        if what == "attachments":
            name = rest.partition("/")[0]
            return Says(body=self.files[name], headers={"Content-Type": "image/png"})
        if what == "teams":
            return says({"id": TEAM, "name": "Brasswell", "aadGroupId": GROUP})
        conversation, _, rest = rest.partition("/")
        return self._in_conversation(asked, conversation, rest) if conversation else self._opened(asked)

    def _opened(self, asked: Asked) -> Says:
        [who] = asked.json()["members"]
        if who["id"] not in self.members:
            return wrong(403, "ForbiddenOperationException")
        return says({"id": direct(who["id"])}, 201)

    def _in_conversation(self, asked: Asked, conversation: str, rest: str) -> Says:
        if conversation in self.removed:
            return wrong(403, "BotNotInConversationRoster")
        what, _, id_ = rest.partition("/")
        if what == "members":
            found = self.members.get(id_)
            return says(found) if found else wrong(404, "MemberNotFoundInConversation")
        if asked.method == "PUT":
            self.replaced.append((id_, asked.json()))
            return says({"id": id_})
        self.posted.append((conversation, asked.json()))
        return says({"id": f"{BEGUN + 200_000_000_000 + len(self.posted)}"}, 201)

    def _graph(self, path: str) -> Says:
        """As Graph does it: the answers of a thread newest first, two a page."""
        if not self.consent:
            return wrong(403, "Forbidden")
        rest = path.removeprefix(f"/graph/v1.0/teams/{GROUP}/channels/{CHANNEL}/messages/")
        begun, _, more = rest.partition("/")
        if begun not in self.threads:
            return wrong(404, "NotFound")
        first, *answers = self.threads[begun]
        if not more:
            return says(first)
        at = int(more.partition("skip/")[2] or 0)
        after = f"{self.url}/graph/v1.0/teams/{GROUP}/channels/{CHANNEL}/messages/{begun}/replies/skip/{at + 2}"
        next_ = {"@odata.nextLink": after} if len(answers) > at + 2 else {}
        return says({"value": answers[::-1][at : at + 2], **next_})


def wrong(status: int, code: str, **headers: str) -> Says:
    return says({"error": {"code": code, "message": "It did not work."}}, status, **headers)


@cache
def private(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(name: str, endorsements: list[str]) -> Json:
    made: Json = RSAAlgorithm.to_jwk(private(name).public_key(), as_dict=True)
    return {**made, "use": "sig", "kid": name, "x5t": name, "endorsements": endorsements}


def token(body: bytes, *, key: str = "one", kid: str = "", **claims: Any) -> str:
    """As the connector makes it for a call; `claims` are put over the true ones, None leaves one out.

    `exp` and `nbf` are seconds from now.
    """
    at = int(time.time())
    service = json.loads(body).get("serviceUrl") if body[:1] == b"{" else None
    said = {"serviceurl": service, "nbf": -300, "exp": 3300, "iss": ISSUER, "aud": APP, **claims}
    told = {name: value for name, value in said.items() if value is not None}
    told |= {name: at + told[name] for name in ("exp", "nbf") if name in told}
    return jwt.encode(told, private(key), algorithm="RS256", headers={"kid": kid or key})


def signed(body: bytes, **more: Any) -> dict[str, str]:
    """The headers of a call."""
    return {"Authorization": f"Bearer {token(body, **more)}"}


def member(user: str, mail: str = "", **more: Any) -> Json:
    name = NAMES.get(user, "Somebody")
    ids = {"id": f"29:{user}", "objectId": user, "tenantId": TENANT}
    return {**ids, "name": name, "email": mail, "userPrincipalName": mail, "userRole": "user", **more}


def direct(user: str) -> str:
    """The chat with one person."""
    return f"a:{user}"


def number(second: int, base: int = BEGUN) -> str:
    """Of a message: when it was written, in milliseconds."""
    return f"{base + second * 1000}"


def iso(milliseconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).isoformat().replace("+00:00", "Z")


def activity(kind: str, *, who: str = MARA, conversation: str = "", at: str = "", url: str = "", **more: Any) -> Json:
    """What all have in common. `conversation` is a thread of the channel, or empty for the chat with `who`."""
    in_channel = conversation.startswith(CHANNEL)
    where: Json = {"conversationType": "personal", "id": direct(who), "tenantId": TENANT}
    data: Json = {"tenant": {"id": TENANT}}
    if conversation:
        kind_ = "channel" if in_channel else "groupChat"
        where = {"isGroup": True, "conversationType": kind_, "id": conversation, "tenantId": TENANT}
    if in_channel:
        data |= {"channel": {"id": CHANNEL}, "team": {"id": TEAM}}
    return {
        "type": kind,
        "timestamp": iso(int(at or BEGUN)),
        "serviceUrl": f"{url or 'https://smba.trafficmanager.net'}/amer/",
        "channelId": "msteams",
        "from": {"id": f"29:{who}", "name": NAMES.get(who, "Somebody"), "aadObjectId": who},
        "conversation": where,
        "recipient": {"id": BOT, "name": BOT_NAME},
        "channelData": {**data, **more.pop("data", {})},
        **more,
    }


def message(text: str, id_: str, *, calls: bool = False, html: str = "", files: Any = (), **more: Any) -> Json:
    """`calls` the app by its name, first thing."""
    more["at"] = more.get("at") or id_
    shown = html or f"<p>{text}</p>"
    if calls:
        mention = {"type": "mention", "mentioned": {"id": BOT, "name": BOT_NAME}, "text": f"<at>{BOT_NAME}</at>"}
        more["entities"] = [mention]
        span = f'<span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">{BOT_NAME}</span>'
        text, shown = f"<at>{BOT_NAME}</at>&nbsp;{text}", f"<p>{span}&nbsp;{text}</p>"
    attachments = [*files, {"contentType": "text/html", "content": shown}]
    return activity("message", id=id_, text=text, textFormat="plain", attachments=attachments, **more)


def changed(text: str, id_: str, at: str, event: str = "editMessage", **more: Any) -> Json:
    return {**message(text, id_, at=at, data={"eventType": event}, **more), "type": "messageUpdate"}


def deleted(id_: str, at: str, **more: Any) -> Json:
    return activity("messageDelete", id=id_, at=at, data={"eventType": "softDeleteMessage"}, **more)


def reacted(kind: str, about: str, at: str, **more: Any) -> Json:
    what = {"reactionsAdded": [{"type": kind}], "replyToId": about}
    return activity("messageReaction", id=f"r:{at}", at=at, **{"who": SAM, **what, **more})


def chat_message(text: str, id_: str, *, who: str = MARA, above: str = "", **more: Any) -> Json:
    """As Graph and the menu of a message tell of it."""
    user = {"userIdentityType": "aadUser", "id": who, "displayName": NAMES.get(who, "Somebody")}
    said = {"id": id_, "replyToId": above or None, "messageType": "message", "createdDateTime": iso(int(id_))}
    body = {"contentType": "html", "content": f"<p>{text}</p>"}
    return {**said, "deletedDateTime": None, "from": {"user": user, "application": None}, "body": body, **more}


def shortcut(said: Json, conversation: str, at: str, *, who: str = SAM, **more: Any) -> Json:
    """Turn into a ticket, in the menu of a message."""
    value = {"commandId": SHORTCUT, "commandContext": "message", "messagePayload": said}
    name = "composeExtension/fetchTask"
    return activity("invoke", who=who, conversation=conversation, at=at, id=f"f:{at}", name=name, value=value, **more)


def pressed(verb: str, data: Json, *, who: str = SAM, card: str = "1", at: str = "", **more: Any) -> Json:
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"}
    id_ = f"f:{time.monotonic_ns()}"
    return activity("invoke", who=who, at=at, id=id_, name="adaptiveCard/action", value=value, replyToId=card, **more)


class Story(ServedStory[FakeTeams]):
    """See `testing.stories.Story`. Two threads: one begins by calling the app, one is turned into a ticket by a menu."""

    def __init__(self) -> None:
        super().__init__(FakeTeams())
        self.at = (int(time.time()) - 3600) * 1000

    @property
    def values(self) -> Mapping[str, str]:
        return {"app": APP, "password": PASSWORD, "tenant": TENANT, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, Mapping[str, str]]]:
        at, url = [number(second, self.at) for second in range(40)], self.server.url
        one, two = (f"{CHANNEL};messageid={at[begun]}" for begun in (0, 10))
        here: Json = {"conversation": one, "url": url}
        there: Json = {"conversation": two, "url": url}
        self.server.files["pic"] = b"\x89PNG"
        picture = {"contentType": "image/*", "contentUrl": f"{url}/amer/v3/attachments/pic/views/original"}
        other, answer = (
            chat_message("The steamer hisses", at[10]),
            chat_message("Mine too", at[12], who=SAM, above=at[10]),
        )
        self.server.threads[at[10]] = [other, answer]
        told = [
            message("my grinder is loud", at[0], calls=True, **here),
            message("Vrey loud", at[1], **here),
            changed("Very loud", at[1], at[2], **here),
            changed("Very, very loud", at[1], at[3], **here),
            message("My password is hunter2", at[4], **here),
            deleted(at[4], at[5], **here),
            message("Never mind", at[6], **here),
            deleted(at[6], at[7], **here),
            changed("Never mind", at[6], at[8], "undeleteMessage", **here),
            message("as you see", at[9], files=[picture], **here),
            reacted("like", ours.rpartition(":")[2] or at[0], at[30], **here),
            message("The steamer hisses", at[10], **there),
            message("Mine too", at[12], who=SAM, **there),
            shortcut(answer, two, at[31], url=url),
            message("Still hisses", at[13], **there),
            activity("typing", id="t:1", at=at[32], url=url),
        ]
        bodies = [json.dumps(one).encode() for one in told]
        return [(body, signed(body)) for body in bodies]
