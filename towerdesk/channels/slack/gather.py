"""The thread that somebody turns into a ticket, as arrivals like any."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from towerdesk.channels.contract import Account, Incoming
from towerdesk.channels.doors import Piece
from towerdesk.channels.slack import api
from towerdesk.channels.slack.read import HISTORY

SKIPPED = ("channel_join", "channel_leave", "group_join", "group_leave", "tombstone")


def gather(incoming: Incoming, account: Account) -> Sequence[Piece]:
    """Raises `NotFetched`."""
    channel, _, ts = incoming.about.partition(":")
    us = api.asked(account, "auth.test")
    found = [one for one in api.thread(account, channel, ts) if not _left_out(one, us)]
    team = incoming.sender.partition(":")[0]
    return [_piece(team, channel, us, one, opens=place == 0) for place, one in enumerate(found)]


def _left_out(message: Mapping[str, Any], us: Mapping[str, Any]) -> bool:
    ours = us.get("user_id") and message.get("user") == us["user_id"]
    bot = us.get("bot_id") and message.get("bot_id") == us["bot_id"]
    return bool(ours or bot) or message.get("subtype") in SKIPPED or not message.get("ts")


def _piece(team: str, channel: str, us: Mapping[str, Any], message: Mapping[str, Any], *, opens: bool) -> Piece:
    """Stored once, however often and from wherever in the thread somebody turns it into a ticket."""
    told = {"type": HISTORY, "team_id": team, "channel": channel, "opens": opens, "message": message}
    told["authorizations"] = [{"user_id": us.get("user_id"), "is_bot": True}]
    return Piece(json.dumps(told).encode(), id=f"history:{channel}:{message['ts']}")
