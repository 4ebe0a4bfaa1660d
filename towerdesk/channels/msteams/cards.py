"""A question to an approver as an Adaptive Card, and what becomes of the card when it was answered."""

from typing import Any

from towerdesk.channels.contract import Decision

CARD = "application/vnd.microsoft.card.adaptive"
DECIDED = {"towerdesk_yes": "yes", "towerdesk_no": "no"}
LONGEST = 4000  # characters of a question

type Json = dict[str, Any]


def question(decision: Decision) -> Json:
    """An activity. Newer clients answer by Action.Execute, older ones by Action.Submit: the desk takes both."""
    yes, no = DECIDED
    actions = [
        _button("Yes", yes, decision.token, style="positive"),
        _button("No", no, decision.token, style="destructive"),
        {"type": "Action.OpenUrl", "title": "Look at it", "url": decision.link},
    ]
    return _activity(decision.text[:LONGEST], actions)


def answered(sentence: str) -> Json:
    """The same card without its buttons."""
    return _activity(sentence[:LONGEST], [])


def _button(title: str, verb: str, token: str, *, style: str) -> Json:
    data = {"verb": verb, "token": token}
    submit = {"type": "Action.Submit", "title": title, "style": style, "data": data}
    return {"type": "Action.Execute", "title": title, "verb": verb, "style": style, "data": data, "fallback": submit}


def _activity(text: str, actions: list[Json]) -> Json:
    """Each paragraph is a block of its own, since a TextBlock reads single line breaks as spaces."""
    body = [_block(part) for line in text.split("\n") if (part := line.strip())]
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": body,
        "actions": actions,
    }
    return {"type": "message", "summary": text[:100], "attachments": [{"contentType": CARD, "content": card}]}


def _block(text: str) -> Json:
    """A RichTextBlock knows no Markdown: what somebody asks is text, whatever it looks like."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}
