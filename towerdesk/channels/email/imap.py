"""A mailbox on an IMAP server: what is new in one folder, as bytes, without changing anything there."""

import imaplib
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from towerdesk.channels.contract import Grant
from towerdesk.channels.email.xoauth2 import xoauth2
from towerdesk.lib.errors import Invalid, Unavailable
from towerdesk.lib.text import one_line
from towerdesk.lib.vault import unseal

TIMEOUT = 30.0  # seconds without an answer
IDLE_FOR = 9 * 60  # seconds; servers and routers forget silent connections after ten minutes or more
LOOK_EVERY = 5.0  # seconds between looks at whether we shall stop
PORTS = {"ssl": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True)
class Account:
    """`Inbox.settings["imap"]`, read. `move_to`: a folder for what has been stored, empty: it stays where it is."""

    host: str
    user: str
    sealed: str  # the password, sealed by lib.vault
    port: int
    tls: str = "ssl"  # ssl, starttls, none
    folder: str = "INBOX"
    move_to: str = ""
    only_new: bool = False  # leave alone what was there before the first visit
    every: float = 60.0  # seconds between looks where the server has no IDLE
    grant: Grant | None = None  # instead of a password


@dataclass(frozen=True, slots=True)
class Fetched:
    uid: int
    content: bytes
    thread: str = ""  # Gmail's id of the conversation


def account(settings: Mapping[str, Any], grant: Grant | None = None) -> Account:
    """Raises `Invalid` with a sentence when something is missing or out of range."""
    tls = str(settings.get("tls") or "ssl")
    if tls not in PORTS:
        raise Invalid(f"How to secure the connection is ssl, starttls or none, not {tls!r}.")
    missing = [
        name for name in ("host", "user", "password") if not settings.get(name) and not (grant and name != "host")
    ]
    if missing:
        raise Invalid(f"The mailbox needs its {' and '.join(missing)}.")
    return Account(
        host=str(settings["host"]),
        user=grant.user if grant else str(settings["user"]),
        sealed="" if grant else str(settings["password"]),
        port=int(settings.get("port") or PORTS[tls]),
        tls=tls,
        folder=str(settings.get("folder") or "INBOX"),
        move_to=str(settings.get("move_to") or ""),
        only_new=bool(settings.get("only_new")),
        every=max(5.0, float(settings.get("every") or 60)),
        grant=grant,
    )


class Mailbox:
    """An open folder. `with Mailbox(account) as box`. Every failure is an `Unavailable` with a sentence."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.uid_validity = self.uid_next = 0

    def __enter__(self) -> "Mailbox":
        with _in_words(self.account):
            self.box = _connect(self.account)
            try:
                _log_in(self.box, self.account)
                self._open()
            except BaseException:
                self.box.client.shutdown()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            self.box.client.shutdown()

    def after(self, uid: int) -> list[int]:
        """The UIDs above this one, lowest first (RFC 3501: `n:*` names the last message even when its UID is lower)."""
        with _in_words(self.account):
            _, data = self.box.client.uid("SEARCH", f"UID {uid + 1}:*")
        return sorted(found for found in map(int, b" ".join(filter(None, data)).split()) if found > uid)

    def fetch(self, uids: list[int]) -> Iterator[Fetched]:
        """One after the other. PEEK leaves \\Seen alone; what was removed meanwhile is passed over."""
        asks_google = "X-GM-EXT-1" in self.box.client.capabilities
        wanted = "(BODY.PEEK[] X-GM-THRID)" if asks_google else "(BODY.PEEK[])"
        for uid in uids:
            with _in_words(self.account):
                _, data = self.box.client.uid("FETCH", str(uid), wanted)
            for entry in data:
                if isinstance(entry, tuple):
                    yield Fetched(uid, entry[1], _thread(entry[0]))
                    break

    def move(self, uid: int) -> None:
        with _in_words(self.account):
            self.box.move([str(uid)], self.account.move_to)

    def wait(self, stop: threading.Event) -> None:
        """Until something may have changed, or we shall stop. By IDLE (RFC 2177) where the server has it."""
        with _in_words(self.account):
            if "IDLE" not in self.box.client.capabilities:
                stop.wait(self.account.every)
                self.box.client.noop()
                return
            self.box.idle.start()  # type: ignore[no-untyped-call]
            end = time.monotonic() + IDLE_FOR
            while not stop.is_set() and time.monotonic() < end and not self.box.idle.poll(timeout=LOOK_EVERY):
                pass
            self.box.idle.stop()  # type: ignore[no-untyped-call]

    def _open(self) -> None:
        """Read-only, unless stored mails are moved away."""
        self.box.folder.set(self.account.folder, readonly=not self.account.move_to)
        if self.account.move_to and not self.box.folder.exists(self.account.move_to):
            self.box.folder.create(self.account.move_to)
        self.uid_validity = self._number("UIDVALIDITY")
        self.uid_next = self._number("UIDNEXT")

    def _number(self, name: str) -> int:
        _, values = self.box.client.response(name)
        return int(values[0]) if values and values[0] else 0


class _in_words:  # noqa: N801 - reads as a statement
    """Turn what the libraries raise into one sentence."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ssl.SSLError):
            raise Unavailable(f"{self.account.host} has no certificate that we trust ({_said(error)}).") from error
        if isinstance(error, (OSError, EOFError)):
            raise Unavailable(f"{self.account.host}:{self.account.port} can't be reached ({_said(error)}).") from error
        if isinstance(error, (imaplib.IMAP4.error, ImapToolsError, ValueError)):
            raise Unavailable(f"{self.account.host} says no: {_said(error)}") from error


def _connect(account: Account) -> BaseMailBox:
    if account.tls == "none":
        return MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if account.tls == "starttls":
        return MailBoxStartTls(account.host, account.port, timeout=TIMEOUT, ssl_context=context)
    return MailBox(account.host, account.port, timeout=TIMEOUT, ssl_context=context)


def _log_in(box: BaseMailBox, account: Account) -> None:
    if account.grant:
        _show_token(box, account.grant)
    else:
        password = unseal(account.sealed)
        plain = account.user.isascii() and password.isascii()
        (box.login if plain else box.login_utf8)(account.user, password, initial_folder=None)
    _, data = box.client.capability()  # there may be more of them than before signing in
    box.client.capabilities = tuple(data[0].decode("ascii", "replace").upper().split()) if data and data[0] else ()


def _show_token(box: BaseMailBox, grant: Grant) -> None:
    """One that is refused is renewed once: clocks differ, and companies take tokens back before their time."""
    token = grant.token()
    try:
        _by_token(box, grant.user, token)
    except imaplib.IMAP4.abort:
        grant.token(refused=token)  # it hung up on us: the next visit has a new one
        raise
    except imaplib.IMAP4.error:
        _by_token(box, grant.user, grant.token(refused=token))


def _by_token(box: BaseMailBox, user: str, token: str) -> None:
    answers = iter([xoauth2(user, token).encode()])
    box.client.authenticate("XOAUTH2", lambda _: next(answers, b""))


def _thread(about: bytes) -> str:
    _, found, rest = about.partition(b"X-GM-THRID ")
    return rest.split(b" ")[0].decode("ascii", "replace").strip("()") if found else ""


def _said(error: BaseException) -> str:
    return one_line(str(error), 200) or type(error).__name__
