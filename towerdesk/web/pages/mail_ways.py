"""What an inbox's page shows of the ways that its mail may take; nothing of what is secret."""

from typing import Any

from towerdesk.channels.account import PROVIDER
from towerdesk.channels.doors import Backed
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.begin import redirect_address
from towerdesk.channels.oauth.companies import companies, company
from towerdesk.channels.oauth.keep import leave_of
from towerdesk.channels.registry import channel


def mail_around(inbox: Inbox) -> dict[str, Any]:
    speaks = channel(inbox.channel)
    if not isinstance(speaks, Backed):
        return {}
    leave = leave_of(inbox.settings)
    return {
        "providers": [("", "no provider: by SMTP or from a mailbox"), *speaks.providers().items()],
        "provider": inbox.settings.get(PROVIDER, ""),
        "companies": companies(),
        "redirect_address": redirect_address(),
        "leave": leave if leave and leave.is_given else None,
        "leave_at": company(leave.company) if leave else None,
    }
