"""What Teams is answered at once when it asks something of the app (an invoke): it waits a few seconds, then says sorry."""

import json

from towerdesk.channels.doors import Answer
from towerdesk.channels.msteams.activity import Json
from towerdesk.channels.msteams.read import EXTENSIONS, SHORTCUT

NOTED = "Thank you, your answer is with the desk."
TURNED = "Thank you: this becomes a ticket. Answers come here, if the app is in this conversation."
NO_MESSAGE = "Use this in the menu of a message."


def answer(told: Json) -> Answer:
    """Everything else is only kept, and so answered with nothing."""
    if told.get("type") != "invoke":
        return Answer()
    value = told.get("value")
    asked = value if isinstance(value, dict) else {}
    if told.get("name") == "adaptiveCard/action":
        return _json({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": NOTED})
    if told.get("name") in EXTENSIONS:
        ours = asked.get("commandId") == SHORTCUT and asked.get("messagePayload")
        return _json({"task": {"type": "message", "value": TURNED if ours else NO_MESSAGE}})
    return _json({})


def _json(told: Json) -> Answer:
    return Answer(body=json.dumps(told).encode(), type="application/json")
