"""An inbox as its channel sees it: here, and nowhere before, its secrets are opened."""

import secrets

from django.conf import settings

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Backed, Door, Hooked
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.grant import grant_of
from towerdesk.channels.registry import channel
from towerdesk.channels.renewed import renewed
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.vault import unseal

KEY = "account"
"""Where `Inbox.settings` holds the fields of its channel, those that are secret sealed by `lib.vault`."""


PROVIDER = "provider"
"""Where it holds the name of the provider of a channel that many carry."""


def account_of(inbox: Inbox) -> Account:
    """Raises `Unavailable` when a secret was sealed with another desk's key."""
    provider = str(inbox.settings.get(PROVIDER) or "")
    return Account(
        inbox.pk,
        inbox.address,
        hook=hook_of(inbox),
        values=_opened(inbox),
        hosts=settings.HOOK_HOSTS,
        renewed=renewed(inbox).values,
        provider=provider,
        grant=grant_of(inbox),
    )


def not_ready(inbox: Inbox) -> str:
    """What is missing before anything can leave by this inbox, in one sentence, or nothing."""
    try:
        return channel(inbox.channel).ready(account_of(inbox))
    except Unavailable as error:
        return str(error)


def door_of(inbox: Inbox) -> Door | None:
    """Who calls at this inbox's hook: its channel's one provider, or the one of many that it was given."""
    speaks = channel(inbox.channel)
    if isinstance(speaks, Hooked):
        return speaks
    named = str(inbox.settings.get(PROVIDER) or "")
    return speaks.provider(named) if named and isinstance(speaks, Backed) else None


def plain_fields(inbox: Inbox) -> dict[str, str]:
    """Those fields of the account that are no secret: what reading may depend on."""
    door, kept = door_of(inbox), inbox.settings.get(KEY)
    if door is None or not isinstance(kept, dict):
        return {}
    return {field.name: str(kept[field.name]) for field in door.fields if kept.get(field.name) and not field.secret}


def hook_of(inbox: Inbox) -> str:
    return f"{settings.PUBLIC_URL}/hooks/{inbox.hook}" if inbox.hook else ""


def new_hook() -> str:
    """192 bits that nobody guesses: whoever knows the address may still not speak without the provider's signature."""
    return secrets.token_urlsafe(24)


def _opened(inbox: Inbox) -> dict[str, str]:
    door, kept = door_of(inbox), inbox.settings.get(KEY)
    if door is None or not isinstance(kept, dict):
        return {}
    given = {field: str(kept[field.name]) for field in door.fields if kept.get(field.name)}
    return {field.name: unseal(value) if field.secret else value for field, value in given.items()}
