"""The operating system's account that PostgreSQL runs as. It refuses to run as root, so root lends it another one."""

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Unavailable

NAME = "towerdesk-pg"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    switch: dict[str, Any] = field(default_factory=dict)  # arguments for `subprocess` that become this account

    def may_use(self, path: Path) -> bool:
        """Whether the account can reach and run (or enter) this path."""
        if not self.switch:
            return os.access(path, os.X_OK)
        return subprocess.run(["test", "-x", path], cwd="/", check=False, **self.switch).returncode == 0

    def give(self, folder: Path) -> None:
        """A folder of its own that nobody else may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.switch:
            os.chown(folder, self.uid, self.gid)


def account_for(cluster: Path) -> Account:
    """Ourselves; as root the cluster's owner, or for a new cluster the system account made for it."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    with contextlib.suppress(FileNotFoundError):
        owner = cluster.stat()
        if owner.st_uid != 0:
            return _lent(owner.st_uid, owner.st_gid)
    known = _system_account()
    return _lent(known.pw_uid, known.pw_gid)


def _lent(uid: int, gid: int) -> Account:
    return Account(uid, gid, {"user": uid, "group": gid, "extra_groups": []})


def _system_account() -> pwd.struct_passwd:
    for attempt in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        ["adduser", "-S", "-D", "-H", NAME],
    ):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(NAME)
        with contextlib.suppress(FileNotFoundError):
            subprocess.run(attempt, check=False, capture_output=True)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(NAME)
    raise Unavailable(
        f"PostgreSQL does not run as root, and the account {NAME} could not be made: make it, start the desk as "
        "an ordinary user, or set DATABASE_URL."
    )
