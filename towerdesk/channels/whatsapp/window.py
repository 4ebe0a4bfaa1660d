"""Within 24 hours of a customer's last message a business may answer as it likes, afterwards only by an approved template."""

from collections.abc import Sequence

from towerdesk.channels.contract import Lately, Terms
from towerdesk.channels.meta.window import is_open, left
from towerdesk.channels.whatsapp.templates import Template

NONE = "List those that Meta has approved under Settings → Inboxes."


def terms(lately: Lately, known: Sequence[Template]) -> Terms:
    if is_open(lately):
        return Terms(f"WhatsApp takes free text for another {left(lately)}, then only a template.")
    since = "They have not written by WhatsApp yet" if lately.wrote_at is None else "They last wrote over 24 hours ago"
    more = "choose one." if known else f"there is none here. {NONE}"
    return Terms(f"{since}: WhatsApp takes only a template now; {more}", closed=True, only=[one.text for one in known])
