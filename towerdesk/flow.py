"""The whole journey on one page: which followers each event has, and what the clock does by itself."""

from towerdesk.events.record import follow_with

FOLLOWERS: dict[str, tuple[str, ...]] = {
    "raw.arrived": ("accept",),
    "raw.replayed": ("accept",),
    "message.received": ("decide",),
    "message.queued": ("send",),
}


def begin() -> None:
    follow_with(FOLLOWERS)
