"""Within 24 hours of a customer's last message a business may answer as it likes, afterwards only by an approved template."""

from collections.abc import Sequence
from datetime import timedelta

from towerdesk.channels.contract import Lately, Terms
from towerdesk.channels.whatsapp.templates import Template
from towerdesk.lib.clock import now

WINDOW = timedelta(hours=24)
NONE = "List those that Meta has approved under Settings → Inboxes."


def terms(lately: Lately, known: Sequence[Template]) -> Terms:
    if is_open(lately) and lately.wrote_at:
        left = lately.wrote_at + WINDOW - now()
        return Terms(f"WhatsApp takes free text for another {_words(left)}, then only a template.")
    since = "They have not written by WhatsApp yet" if lately.wrote_at is None else "They last wrote over 24 hours ago"
    more = "choose one." if known else f"there is none here. {NONE}"
    return Terms(f"{since}: WhatsApp takes only a template now; {more}", closed=True, only=[one.text for one in known])


def is_open(lately: Lately) -> bool:
    return lately.wrote_at is not None and now() < lately.wrote_at + WINDOW


def _words(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
