"""Give an inbox what its channel needs to reach the provider, and let the provider know where we are."""

import secrets
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from towerdesk.channels.account import KEY, PROVIDER, account_of, door_of, new_hook
from towerdesk.channels.contract import Introducing
from towerdesk.channels.doors import Backed, Door
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.channels.renew import renew
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.vault import seal


def connect(inbox: Inbox, values: Mapping[str, str], *, by: Actor) -> str:
    """Kept first, then tried: raises `Trouble` when the provider is not content.

    What is not given stays as it was, and so does a secret that is left empty.
    Returns one sentence. The address of the hook and secrets that the desk makes are made once and then stay.
    """
    by.must("inbox.change")
    door = door_of(inbox)
    if door is None:
        raise Invalid(f"{inbox} speaks by {inbox.channel}, and no provider calls it: choose one first.")
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox.pk)
        held.hook = held.hook or new_hook()
        held.settings = {**held.settings, KEY: _with(held.settings.get(KEY) or {}, values, door)}
        held.trouble = ""
        held.save(update_fields=["hook", "settings", "trouble"])
        record("inbox.connected", by=by, subject=inbox.pk, server=door.title)
    inbox.hook, inbox.settings, inbox.trouble = held.hook, held.settings, held.trouble
    renew(inbox, at_once=True)
    speaks = channel(inbox.channel)
    if isinstance(speaks, Introducing):
        return speaks.introduce(account_of(inbox))
    return f"{inbox} is kept. Now follow the steps at {door.title}."


def choose_provider(inbox: Inbox, name: str, *, by: Actor) -> None:
    """Who brings this inbox's messages from now on; empty: nobody. What the one before was told is forgotten."""
    by.must("inbox.change")
    speaks = channel(inbox.channel)
    if not isinstance(speaks, Backed) or (name and name not in speaks.providers()):
        raise Invalid(f"{inbox} can't have the provider {name!r}.")
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox.pk)
        if name == held.settings.get(PROVIDER, ""):
            return
        held.hook = held.hook or new_hook()
        held.settings = {key: value for key, value in held.settings.items() if key not in (KEY, PROVIDER)}
        if name:
            door = speaks.provider(name)
            made = {one.name: seal(secrets.token_urlsafe(32)) for one in door.fields if one.made} if door else {}
            held.settings |= {PROVIDER: name, KEY: made}
        held.save(update_fields=["hook", "settings"])
        record("inbox.changed", by=by, subject=inbox.pk, address=inbox.address, what="provider")
    inbox.hook, inbox.settings = held.hook, held.settings


def _with(had: Mapping[str, str], values: Mapping[str, str], door: Door) -> dict[str, str]:
    kept = dict(had)
    for field in door.fields:
        given = values.get(field.name, "").strip()
        if not given and field.made and not kept.get(field.name):
            given = secrets.token_urlsafe(32)
        if not given and field.name in values and not field.secret:
            kept.pop(field.name, None)
        if given:
            kept[field.name] = seal(given) if field.secret else given
        if field.needed and not kept.get(field.name):
            raise Invalid(f"{field.label} is needed.", {field.name: "This is needed."})
    return kept


def public_enough() -> str:
    """Empty, or one sentence: providers call from the internet, over TLS."""
    if settings.PUBLIC_URL.startswith("https://"):
        return ""
    return f"Providers reach the desk only by https: set TOWERDESK_URL, which is {settings.PUBLIC_URL} now."
