"""Inboxes, without their connections: host, user and password of a mailbox are given on the desk itself."""

from typing import Annotated, Any

from pydantic import Field

from towerdesk.channels.models import Inbox
from towerdesk.channels.set_up import change_inbox, open_inbox, remove_inbox, why_it_stays
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.shapes import Name, Slug, the_team

SECRET = ("password", "secret", "token", "key", "imap", "smtp", "account", "renewed", "oauth", "provider")
"""What the name of a setting holds that never leaves the desk, and that an import leaves as it is."""


ADDRESS = r"^([^@\sA-Z<>,;]{1,64}@[^@\sA-Z<>,;]{1,253}|[a-z][a-z0-9_-]{0,19}:[^\sA-Z<>,;]{1,290})$"
"""A mail address, or the channel and the account's name at its provider: `telegram:brasswell_bot`."""
PLAIN = ("name", "channel", "sender_name", "paused", "undo_seconds", "reopen_days")


class InboxEntry(Entry):
    address: Annotated[str, Field(pattern=ADDRESS)]
    name: Annotated[Name, Field(max_length=80)]
    channel: Annotated[str, Field(max_length=20)] = "email"
    sender_name: Annotated[str, Field(max_length=120)] = ""
    team: Slug
    paused: bool = False
    undo_seconds: Annotated[int, Field(ge=0, le=600)] = 15
    reopen_days: Annotated[int, Field(ge=0, le=365)] = 14
    settings: dict[str, Any] = {}


class Inboxes(Section[InboxEntry]):
    name = "inboxes"
    key = "address"
    shape = InboxEntry

    def entries(self) -> list[InboxEntry]:
        return [_entry(inbox) for inbox in Inbox.objects.select_related("team").order_by("address")]

    def write(self, entry: InboxEntry, *, by: Actor) -> None:
        values: dict[str, Any] = {name: getattr(entry, name) for name in PLAIN}
        values["team"] = the_team(entry.team)
        inbox = Inbox.objects.filter(address=entry.address).first()
        if inbox is None:
            open_inbox(entry.address, settings=_open(entry.settings), by=by, **values)
        else:
            kept = {name: value for name, value in inbox.settings.items() if is_secret(name)}
            change_inbox(inbox, settings=_open(entry.settings) | kept, by=by, **values)

    def fate(self, key: str) -> Fate:
        inbox = Inbox.objects.get(address=key)
        if not why_it_stays(inbox):
            return DELETE
        return "it has had mail and is paused already" if inbox.paused else RETIRE

    def prune(self, key: str, *, by: Actor) -> None:
        inbox = Inbox.objects.get(address=key)
        if why_it_stays(inbox):
            change_inbox(inbox, paused=True, by=by)
        else:
            remove_inbox(inbox, by=by)


def _entry(inbox: Inbox) -> InboxEntry:
    return InboxEntry(
        address=inbox.address,
        name=inbox.name,
        channel=inbox.channel,
        sender_name=inbox.sender_name,
        team=inbox.team.slug,
        paused=inbox.paused,
        undo_seconds=inbox.undo_seconds,
        reopen_days=inbox.reopen_days,
        settings=_open(inbox.settings),
    )


def _open(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in sorted(settings) if not is_secret(name)}


def is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)
