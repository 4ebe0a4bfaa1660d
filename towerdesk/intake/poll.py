"""The IMAP door: each mailbox is watched by a thread of its own, so that one in trouble stops no other."""

import threading
from hashlib import sha256
from typing import Any

import structlog
from django.db import connection, transaction

from towerdesk.channels.email.imap import Fetched, Mailbox, account
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.grant import grant_of
from towerdesk.intake.models import Cursor, Raw
from towerdesk.intake.store import store
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds before the next try after trouble

log = structlog.get_logger()


def read_new(inbox: Inbox, box: Mailbox) -> int:
    """Store everything that is new in the mailbox; how many mails that was.

    Each mail and the cursor are committed together: after a crash it goes on where it was, nothing twice, nothing lost.
    """
    cursor = place(inbox, box)
    known = _digests(inbox) if cursor.last_uid + 1 < cursor.again_until else set()
    stored = 0
    for fetched in box.fetch(box.after(cursor.last_uid)):
        stored += _keep(inbox, cursor, fetched, known)
        if box.account.move_to:
            box.move(fetched.uid)
    Inbox.objects.filter(pk=inbox.pk).update(last_seen_at=now(), trouble="")
    return stored


def watch(inbox_id: int, settings: dict[str, Any], stop: threading.Event) -> None:
    """Until told to stop: connect, read, wait for more; after trouble say so on the inbox and try again later."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            inbox = Inbox.objects.get(pk=inbox_id)
            with Mailbox(account(settings, grant_of(inbox))) as box:
                while not stop.is_set():
                    read_new(inbox, box)
                    pause = FIRST_PAUSE
                    connection.close()  # not held while nothing happens
                    box.wait(stop)
        except Exception as error:
            _tell(inbox_id, error)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            connection.close()


class Watchers:
    """The threads that watch, one for each mailbox with these settings."""

    def __init__(self) -> None:
        self.running: dict[tuple[int, str], tuple[threading.Thread, threading.Event]] = {}

    def adjust(self) -> int:
        """Start what is missing and stop what is no longer wanted; how many are running."""
        wanted = {(inbox.pk, repr(inbox.settings["imap"])): inbox.settings["imap"] for inbox in _with_mailbox()}
        for key in [key for key in self.running if key not in wanted or not self.running[key][0].is_alive()]:
            self.running.pop(key)[1].set()
        for key, settings in wanted.items():
            if key not in self.running:
                stop = threading.Event()
                thread = threading.Thread(
                    target=watch, args=(key[0], settings, stop), name=f"imap-{key[0]}", daemon=True
                )
                self.running[key] = (thread, stop)
                thread.start()
        return len(self.running)

    def stop(self) -> None:
        threads = [thread for thread, _ in self.running.values()]
        for _, stop in self.running.values():
            stop.set()
        self.running.clear()
        for thread in threads:
            thread.join(timeout=15)


_watchers = Watchers()


def keep_watching() -> int:
    """Run by the worker's clock: costs one query on a desk without mailboxes."""
    return _watchers.adjust()


def serve(stop: threading.Event) -> None:
    """For a process of its own: watch until told to stop, and notice changed settings within ten seconds."""
    watchers = Watchers()
    while not stop.is_set():
        watchers.adjust()
        connection.close()
        stop.wait(10)
    watchers.stop()


def _with_mailbox() -> list[Inbox]:
    return list(Inbox.objects.filter(channel="email", paused=False, settings__has_key="imap").order_by("pk"))


def place(inbox: Inbox, box: Mailbox) -> Cursor:
    """Where we are. Another UIDVALIDITY means that all UIDs are new: read again, and pass over what is stored."""
    cursor, is_new = Cursor.objects.get_or_create(inbox=inbox, folder=box.account.folder[:200])
    if cursor.uid_validity == box.uid_validity:
        return cursor
    cursor.last_uid = max(0, box.uid_next - 1) if is_new and box.account.only_new else 0
    cursor.again_until = 0 if is_new else box.uid_next
    cursor.uid_validity = box.uid_validity
    cursor.save(update_fields=["last_uid", "again_until", "uid_validity"])
    return cursor


def _digests(inbox: Inbox) -> set[str]:
    return set(Raw.objects.filter(inbox=inbox, door="imap").values_list("digest", flat=True))


def _keep(inbox: Inbox, cursor: Cursor, fetched: Fetched, known: set[str]) -> bool:
    """True when it was stored; not when it was before, by us or by another process that watches the same mailbox."""
    with transaction.atomic():
        held = Cursor.objects.select_for_update().get(pk=cursor.pk)
        if held.last_uid >= fetched.uid or held.uid_validity != cursor.uid_validity:
            return False
        is_new = fetched.uid >= held.again_until or sha256(fetched.content).hexdigest() not in known
        if is_new:
            envelope = {"folder": held.folder, "uid": fetched.uid, "thread": fetched.thread}
            store(fetched.content, inbox, door="imap", envelope=envelope)
            held.seen += 1
        held.last_uid = fetched.uid
        held.save(update_fields=["last_uid", "seen"])
    return is_new


def _tell(inbox_id: int, error: Exception) -> None:
    said = str(error) if isinstance(error, Trouble) else f"{type(error).__name__}: {error}"
    if not isinstance(error, Trouble):
        log.exception("a mailbox can't be read", inbox=inbox_id)
    try:
        connection.close()
        Inbox.objects.filter(pk=inbox_id).update(trouble=said[:1000])
    except Exception:
        log.warning("the trouble of a mailbox can't be noted", inbox=inbox_id, trouble=said)
