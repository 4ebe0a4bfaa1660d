"""Connect an inbox to a mailbox on an IMAP server, or let go of it."""

from typing import Any

from django.db import transaction

from towerdesk.channels.email.imap import Mailbox, account
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.companies import company
from towerdesk.channels.oauth.grant import grant_of
from towerdesk.events.record import record
from towerdesk.intake.poll import place
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.vault import seal


def connect_mailbox(inbox: Inbox, *, by: Actor, host: str, user: str, password: str, **more: Any) -> None:
    """`more`: port, tls, folder, move_to, only_new, every. It is tried out first; raises `Invalid` or `Unavailable`."""
    by.must("inbox.change")
    settings = {"host": host, "user": user, "password": seal(password), **more}
    with Mailbox(account(settings)):
        pass
    with transaction.atomic():
        _write(inbox, settings)
        record("inbox.connected", by=by, subject=inbox.pk, server=host)


def watch_granted(inbox: Inbox, *, by: Actor) -> None:
    """Watch the mailbox that somebody gave leave to use: what comes from now on. Raises `Unavailable`."""
    by.must("inbox.change")
    grant, had = grant_of(inbox), inbox.settings.get("imap") or {}
    if grant is None:
        raise Invalid(f"Nobody gave {inbox} leave to use a mailbox: connect it first.")
    at = company(grant.company).imap
    more = {name: had[name] for name in ("folder", "move_to", "only_new", "every") if name in had} or {"only_new": True}
    settings = {**at, **more, "user": grant.user, "since": now().isoformat()}  # anew since: watchers begin afresh
    with Mailbox(account(settings, grant)) as box, transaction.atomic():
        _write(inbox, settings)
        place(inbox, box)  # "new" is what comes from this moment on, however long it takes until somebody looks


def disconnect_mailbox(inbox: Inbox, *, by: Actor) -> None:
    """What was stored stays; the cursor too, so that connecting again goes on where it was."""
    by.must("inbox.change")
    with transaction.atomic():
        _write(inbox, None)
        record("inbox.disconnected", by=by, subject=inbox.pk)


def _write(inbox: Inbox, settings: dict[str, Any] | None) -> None:
    held = Inbox.objects.select_for_update().get(pk=inbox.pk)
    held.settings = {name: value for name, value in held.settings.items() if name != "imap"}
    if settings:
        held.settings["imap"] = settings
    held.trouble = ""
    held.save(update_fields=["settings", "trouble"])
    inbox.settings = held.settings
