"""Which channel an inbox speaks by: one line for each provider's folder, and what other packages bring along."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from towerdesk.channels.contract import Channel
from towerdesk.lib.errors import Invalid

CHANNELS = {
    "email": "towerdesk.channels.email.channel:EmailChannel",
    "slack": "towerdesk.channels.slack.channel:SlackChannel",
    "chat": "towerdesk.channels.chat.channel:ChatChannel",
    "feed": "towerdesk.channels.feed.channel:FeedChannel",
    "instagram": "towerdesk.channels.instagram.channel:InstagramChannel",
    "messenger": "towerdesk.channels.messenger.channel:MessengerChannel",
    "msteams": "towerdesk.channels.msteams.channel:TeamsChannel",
    "sms": "towerdesk.channels.sms.channel:SmsChannel",
    "voice": "towerdesk.channels.voice.channel:VoiceChannel",
    "recording": "towerdesk.channels.recording.channel:RecordingChannel",
    "telegram": "towerdesk.channels.telegram.channel:TelegramChannel",
    "webhook": "towerdesk.channels.webhook.channel:WebhookChannel",
    "whatsapp": "towerdesk.channels.whatsapp.channel:WhatsAppChannel",
    "x": "towerdesk.channels.x.channel:XChannel",
}
GROUP = "towerdesk.channels"
"""Entry points of this group are channels, too; a name of ours is never theirs."""

_made: dict[str, Channel] = {}


def channel(name: str) -> Channel:
    """Imported when first asked for: a desk without a channel does not pay for it."""
    if name not in _made:
        known = channels()
        if name not in known:
            raise Invalid(f"There is no channel {name!r}. Choose one of: {', '.join(known)}.")
        module, _, cls = known[name].partition(":")
        _made[name] = getattr(import_module(module), cls)()
    return _made[name]


@cache
def channels() -> dict[str, str]:
    """Name → `module:class`, ours first; read once, so a package installed later is seen by the next process."""
    theirs = {point.name: point.value for point in entry_points(group=GROUP)}
    return CHANNELS | {name: where for name, where in sorted(theirs.items()) if name not in CHANNELS}


def put(name: str, instead: Channel | None) -> None:
    """Let `name` be another channel, such as a fake; None takes it away again."""
    if instead is None:
        _made.pop(name, None)
    else:
        _made[name] = instead
