"""How channels, and the identities that people have there, are shown: one table for the whole desk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """`by`: how a message came. `answer`: what a reply that leaves there is called, as in “to Mara, by mail”."""

    icon: str
    title: str
    by: str
    answer: str


def _look(icon: str, title: str, by: str = "", answer: str = "") -> Look:
    return Look(icon, title, by or f"by {title}", answer or title)


LOOKS = {
    "email": _look("mail", "Mail", "by mail", "mail"),
    "chat": _look("chat", "Chat", "by chat", "chat"),
    "webform": _look("form", "Web form", "by web form", "web form"),
    "phone": _look("phone", "Phone", "by phone", "phone"),
    "voice": _look("phone", "Phone", "called", "text message"),
    "recording": _look("phone", "Recording", "on a recording", "recording"),
    "sms": _look("chat", "Text message", "by text message", "text message"),
    "whatsapp": _look("talk", "WhatsApp"),
    "telegram": _look("send", "Telegram"),
    "slack": _look("rows", "Slack"),
    "msteams": _look("teams", "Microsoft Teams"),
    "messenger": _look("talk", "Messenger"),
    "instagram": _look("camera", "Instagram"),
    "x": _look("at", "X"),
    "feed": _look("feed", "Feed", "in public", "feed"),
    "webhook": _look("globe", "Webhook", "by webhook", "webhook"),
    "api": _look("key", "API", "through the API", "API"),
    "desk": _look("pen", "Desk", "written down by us", "desk"),
}


def look_of(name: str) -> Look:
    """Channels of other packages look like a chat."""
    return LOOKS.get(name) or _look("chat", name.capitalize(), f"by {name}", name)
