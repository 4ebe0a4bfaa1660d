"""The app's manifest, to be pasted at Slack: everything the app may do and where it reaches us."""

import json

from towerdesk.channels.slack.read import SHORTCUT

SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:join", "chat:write", "chat:write.customize", "commands",
        "files:read", "files:write", "groups:history", "im:history", "im:write", "mpim:history", "reactions:read",
        "users:read", "users:read.email",
    }
)  # fmt: skip
EVENTS = [
    "app_mention", "app_uninstalled", "message.channels", "message.groups", "message.im", "message.mpim",
    "reaction_added", "tokens_revoked",
]  # fmt: skip


def manifest(hook: str, name: str = "Towerdesk") -> str:
    """JSON, as Slack takes it under "From a manifest"."""
    return json.dumps(
        {
            "display_information": {"name": name, "description": "Turns messages into tickets, and answers them here"},
            "features": {
                "bot_user": {"display_name": name.lower(), "always_online": True},
                "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
                "shortcuts": [
                    {
                        "name": "Turn into a ticket",
                        "type": "message",
                        "callback_id": SHORTCUT,
                        "description": "Makes this thread a ticket that stays in step",
                    }
                ],
                "slash_commands": [
                    {
                        "command": "/ticket",
                        "url": hook,
                        "description": "Ask for help",
                        "usage_hint": "what it is about",
                        "should_escape": True,
                    }
                ],
            },
            "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
            "settings": {
                "event_subscriptions": {"request_url": hook, "bot_events": EVENTS},
                "interactivity": {"is_enabled": True, "request_url": hook},
                "org_deploy_enabled": False,
                "socket_mode_enabled": False,
                "token_rotation_enabled": False,
            },
        },
        indent=2,
    )
