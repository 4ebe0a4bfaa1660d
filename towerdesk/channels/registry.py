"""Which channel an inbox speaks by: one line for each provider's folder."""

from importlib import import_module

from towerdesk.channels.contract import Channel
from towerdesk.lib.errors import Invalid

CHANNELS = {
    "email": "towerdesk.channels.email.channel:EmailChannel",
}

_made: dict[str, Channel] = {}


def channel(name: str) -> Channel:
    """Imported when first asked for: a desk without a channel does not pay for it."""
    if name not in _made:
        if name not in CHANNELS:
            raise Invalid(f"There is no channel {name!r}. Choose one of: {', '.join(CHANNELS)}.")
        module, _, cls = CHANNELS[name].partition(":")
        _made[name] = getattr(import_module(module), cls)()
    return _made[name]


def put(name: str, instead: Channel | None) -> None:
    """Let `name` be another channel, such as a fake; None takes it away again."""
    if instead is None:
        _made.pop(name, None)
    else:
        _made[name] = instead
