"""A real IMAP server for tests: Debian's Dovecot, an own instance on a free port, as root or as an ordinary user."""

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "correct-horse"  # noqa: S105
MISSING = "Dovecot is missing: install it with “apt-get install dovecot-imapd”."
PATIENCE = 60.0  # seconds
CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
auth_failure_delay = 0
auth_mechanisms = plain{mechanisms}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
{by_token}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


TOKENS_TOO = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/token.conf
}}
"""
INTROSPECTION = """
introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class Dovecot:
    port: int
    home: Path
    process: "subprocess.Popen[bytes]"

    def settings(self, user: str, **more: object) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": self.port, "tls": "none", "user": user, "password": PASSWORD, **more}

    def client(self, user: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        return client

    def put(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """As if they had arrived there."""
        with self.client(user) as client:
            for mail in mails:
                said, data = client.append(folder, "", "", mail)
                if said != "OK":
                    raise RuntimeError(f"Dovecot does not take a mail: {data!r}")

    def flags(self, user: str, folder: str = "INBOX") -> list[bytes]:
        with self.client(user) as client:
            client.select(folder, readonly=True)
            return [line for line in client.fetch("1:*", "(UID FLAGS)")[1] if isinstance(line, bytes)]

    def count(self, user: str, folder: str = "INBOX") -> int:
        with self.client(user) as client:
            said, data = client.select(folder, readonly=True)
            return int(data[0] or 0) if said == "OK" else -1

    def forget_uids(self, user: str) -> None:
        """What a restore or a move of the server does: the same mails under a new UIDVALIDITY."""
        for name in (
            "dovecot-uidlist",
            "dovecot.index",
            "dovecot.index.log",
            "dovecot.index.cache",
            "dovecot.list.index",
        ):
            (self.home / "mail" / user / name).unlink(missing_ok=True)


@contextlib.contextmanager
def dovecot(introspection: str = "") -> Iterator[Dovecot]:
    """`introspection`: where it asks whose access token it is (RFC 7662), so that tokens open mailboxes, too."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not program:
        raise FileNotFoundError(MISSING)
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # its sockets need a short path
    port = _free_port()
    config = _prepare(home, port, introspection)
    process = subprocess.Popen([program, "-F", "-c", config], stdin=subprocess.DEVNULL)
    server = Dovecot(port, home, process)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _prepare(home: Path, port: int, introspection: str) -> Path:
    """As root, Dovecot's own accounts and a mail account of no rights; as a user, all of it is that user."""
    home.chmod(0o755)
    mail = home / "mail"
    mail.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("nobody")
        internal, group, login = "dovecot", "dovecot", "dovenull"
        os.chown(mail, owner.pw_uid, owner.pw_gid)
    else:
        owner = pwd.getpwuid(os.geteuid())
        internal = login = getpass.getuser()
        group = grp.getgrgid(os.getegid()).gr_name
    (home / "token.conf").write_text(INTROSPECTION.format(url=introspection))
    config = home / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            home=home, port=port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
            internal=internal, group=group, login=login,
            mechanisms=" xoauth2 oauthbearer" if introspection else "",
            by_token=TOKENS_TOO.format(home=home) if introspection else "",
        )
    )  # fmt: skip
    return config


def _wait_for(server: Dovecot) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with imaplib.IMAP4("127.0.0.1", server.port, timeout=5):
                return
        except OSError as error:
            if server.process.poll() is not None or time.monotonic() > end:
                log = server.home / "log"
                said = log.read_text() if log.exists() else "it wrote no log"
                raise RuntimeError(f"Dovecot did not start: {said}") from error
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
