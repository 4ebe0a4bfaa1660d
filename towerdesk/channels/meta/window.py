"""For so long after a customer's last message something may be written to them."""

from datetime import timedelta

from towerdesk.channels.contract import Lately
from towerdesk.lib.clock import now

DAY = timedelta(hours=24)


def is_open(lately: Lately, window: timedelta = DAY) -> bool:
    return lately.wrote_at is not None and now() < lately.wrote_at + window


def left(lately: Lately, window: timedelta = DAY) -> str:
    """How long it is open still, in words; empty when it is not."""
    if lately.wrote_at is None or not is_open(lately, window):
        return ""
    minutes = int((lately.wrote_at + window - now()).total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60
    if days > 1:
        return f"{days} days"
    return f"{hours} h {minutes % 60:02} min" if hours else f"{minutes} min"
