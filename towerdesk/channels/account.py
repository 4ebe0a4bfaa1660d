"""An inbox as its channel sees it: here, and nowhere before, its secrets are opened."""

import secrets

from django.conf import settings

from towerdesk.channels.contract import Account, Channel, Hooked
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.channels.renewed import renewed
from towerdesk.lib.vault import unseal

KEY = "account"
"""Where `Inbox.settings` holds the fields of its channel, those that are secret sealed by `lib.vault`."""


def account_of(inbox: Inbox) -> Account:
    """Raises `Unavailable` when a secret was sealed with another desk's key."""
    speaks = channel(inbox.channel)
    values, hosts = _opened(inbox, speaks), settings.HOOK_HOSTS
    return Account(inbox.pk, inbox.address, hook_of(inbox), values, hosts, renewed(inbox).values)


def plain_fields(inbox: Inbox) -> dict[str, str]:
    """Those fields of the account that are no secret: what reading may depend on."""
    speaks, kept = channel(inbox.channel), inbox.settings.get(KEY)
    if not isinstance(speaks, Hooked) or not isinstance(kept, dict):
        return {}
    return {field.name: str(kept[field.name]) for field in speaks.fields if kept.get(field.name) and not field.secret}


def hook_of(inbox: Inbox) -> str:
    return f"{settings.PUBLIC_URL}/hooks/{inbox.hook}" if inbox.hook else ""


def new_hook() -> str:
    """192 bits that nobody guesses: whoever knows the address may still not speak without the provider's signature."""
    return secrets.token_urlsafe(24)


def _opened(inbox: Inbox, speaks: Channel) -> dict[str, str]:
    kept = inbox.settings.get(KEY)
    if not isinstance(speaks, Hooked) or not isinstance(kept, dict):
        return {}
    given = {field: str(kept[field.name]) for field in speaks.fields if kept.get(field.name)}
    return {field.name: unseal(value) if field.secret else value for field, value in given.items()}
