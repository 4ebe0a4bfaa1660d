"""The Teams app's manifest, to be packed with two pictures and uploaded: what the app may do, and which bot it is."""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from towerdesk.channels.msteams.read import SHORTCUT

RIGHTS = ("ChannelMessage.Read.Group", "ChatMessageReadReceipt.Read.Chat")
"""Whoever adds the app to a team lets it hear answers in a thread that do not call it, and fetch a thread; to a chat of
their own, know that an answer was read. Of group chats only what calls the app is heard: small talk is not kept.
"""
SHORT = "Turns messages into tickets, and answers them here"
LONG = (
    "Write to it, mention it in a channel, or turn any message into a ticket by its menu. "
    "The thread and the ticket stay in step."
)
NO_APP = "00000000-0000-0000-0000-000000000000"


def manifest(hook: str, app: str, name: str = "Towerdesk") -> str:
    """JSON. The id of the package depends on the desk's address and the bot, so that a later one replaces it."""
    site = f"{urlsplit(hook).scheme}://{urlsplit(hook).netloc}"
    app = app or NO_APP
    told = {
        "$schema": "https://developer.microsoft.com/json-schemas/teams/v1.17/MicrosoftTeams.schema.json",
        "manifestVersion": "1.17",
        "version": "1.0.0",
        "id": str(uuid5(NAMESPACE_URL, f"{site} {app}")),
        "developer": {"name": name, "websiteUrl": site, "privacyUrl": site, "termsOfUseUrl": site},
        "name": {"short": name, "full": f"{name}, the help desk"},
        "description": {"short": SHORT, "full": LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#FFFFFF",
        "bots": [_bot(app)],
        "composeExtensions": [_menu(app)],
        "validDomains": [urlsplit(hook).hostname or ""],
        "webApplicationInfo": {"id": app, "resource": f"api://botid-{app}"},
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": one, "type": "Application"} for one in RIGHTS]}
        },
    }
    return json.dumps(told, indent=2)


def _bot(app: str) -> dict[str, Any]:
    scopes = ["personal", "team", "groupChat"]
    return {"botId": app, "scopes": scopes, "supportsFiles": True, "isNotificationOnly": False}


def _menu(app: str) -> dict[str, Any]:
    """In the menu of each message. `fetchTask`: the app is told at once, without a form before."""
    command = {
        "id": SHORTCUT,
        "type": "action",
        "title": "Turn into a ticket",
        "description": "Makes this thread a ticket that stays in step",
        "context": ["message"],
        "fetchTask": True,
    }
    return {"botId": app, "commands": [command]}
