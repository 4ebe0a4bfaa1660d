"""Slack as a channel: its hook, its threads, its replies."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from slack_sdk.signature import SignatureVerifier

from towerdesk.channels.contract import (
    Account,
    Decision,
    FateUnknown,
    Incoming,
    NotFetched,
    NotSent,
    Outgoing,
    Remote,
    Sent,
)
from towerdesk.channels.doors import Answer, Call, Field, Forged, Heard, Piece, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.slack import api, send
from towerdesk.channels.slack.complete import complete
from towerdesk.channels.slack.gather import gather
from towerdesk.channels.slack.manifest import SCOPES, manifest
from towerdesk.channels.slack.read import opened, read, workspace

HOW_TO = (
    "Write what it is about: `/ticket My grinder is loud`. A thread becomes a ticket by its menu: Turn into a ticket."
)
TAKEN = "Thank you, this is being looked at. The answer comes here, as a direct message."


class SlackChannel:
    name = "slack"
    identity = "slack"
    title = "Slack"
    fields: Sequence[Field] = (
        Field("token", "Bot token", "xoxb-…, under OAuth & Permissions once the app is installed.", secret=True),
        Field("secret", "Signing secret", "Under Basic Information → App Credentials.", secret=True),
        Field(
            "channels",
            "Channels",
            "Ids whose every message opens a ticket; `all`. Empty: only on demand.",
            needed=False,
        ),
        Field("emoji", "Emoji", "Whose reaction turns a thread into a ticket. Empty: ticket.", needed=False),
        Field(
            "domains",
            "Mail domains of the workspace",
            "Members with a confirmed address there are the same person as by mail. Empty: nobody is joined.",
            needed=False,
        ),
        Field("team", "Workspace id", "T…; calls from another workspace are turned away.", needed=False),
        Field("server", "Slack server", f"Only for tests; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step(
                "At api.slack.com/apps choose Create New App → From a manifest, and paste this.", manifest(account.hook)
            ),
            Step("Under Basic Information copy the signing secret and enter it here."),
            Step("Choose Install App, copy the bot token (xoxb-…), enter it here and connect."),
            Step("Under Event Subscriptions let Slack verify the address: it says Verified.", account.hook),
            Step("In each channel that the app shall hear, invite it.", "/invite @towerdesk"),
        )

    def introduce(self, account: Account) -> str:
        return f"Connected to {api.introduce(account, SCOPES)}: write to it to try it out."

    def check(self, call: Call, account: Account) -> None:
        """A replay within five minutes is known by the id of its delivery."""
        if not SignatureVerifier(account.get("secret")).is_valid_request(call.body, dict(call.headers)):
            raise Forged("the signature does not fit, or it was signed too long ago")
        wanted = account.get("team")
        if wanted and wanted != (team := _workspace(call.body)) and team:
            raise Forged(f"it comes from the workspace {team}, not {wanted}")

    def hear(self, call: Call, account: Account) -> Heard:
        """A call that Slack makes again (X-Slack-Retry-Num) has the same id."""
        told = opened(call.body)
        if told.get("type") == "url_verification":
            return Heard(answer=Answer(body=str(told.get("challenge", "")).encode()))
        id_ = str(told.get("event_id") or told.get("trigger_id") or "")
        return Heard([Piece(call.body, id=id_)], _answer(told))

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope.get("account") or {})

    def complete(self, incoming: Incoming, account: Account) -> None:
        """The writer's name, the names of those who are mentioned, and for a command the place to answer in."""
        complete(incoming, account)

    def gather(self, incoming: Incoming, account: Account) -> Sequence[Piece]:
        """The thread around what was pointed at, without notices and without what we said ourselves."""
        return gather(incoming, account)

    def fetch(self, file: Remote, account: Account) -> Fetched:
        if file.size > api.MOST:
            raise NotFetched(f"it has more than {api.MOST // 2**20} MB", later=False)
        return Fetched(file.name, file.type, api.download(account, file.ref, file.type))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") else send.NO_TOKEN

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        return send.send(outgoing)

    def ask(self, to: str, decision: Decision, account: Account) -> None:
        send.ask(to, decision, account)

    def whisper(self, incoming: Incoming, sentence: str, account: Account) -> None:
        """A question loses its buttons, and says what became of it; anything else is seen by this one person."""
        with suppress(NotSent, FateUnknown):
            api.whisper(account, incoming.whisper, sentence, instead=incoming.happening == "decision")


def _workspace(body: bytes) -> str:
    try:
        return workspace(opened(body))
    except (ValueError, KeyError, AttributeError):
        return ""


def _answer(told: Mapping[str, Any]) -> Answer:
    """A command is answered at once, to whoever gave it."""
    if told.get("type") != "command":
        return Answer()
    text = TAKEN if str(told.get("text") or "").strip() else HOW_TO
    said = {"response_type": "ephemeral", "text": text}
    return Answer(body=json.dumps(said).encode(), type="application/json")
