"""Make the folders that a cluster needs, reachable by the account it runs as and closed to everybody else."""

import contextlib
import os
from pathlib import Path

from ..errors import Invalid
from .account import Account
from .places import Place

ELSEWHERE = Path("/var/lib/towerdesk-postgres")


def make_home(place: Place, account: Account) -> None:
    place.data.mkdir(parents=True, exist_ok=True, mode=0o711 if account.switch else 0o700)
    if account.switch:
        _let_pass(place.data, account)
    if not place.home.exists():
        if not account.may_use(place.data):
            _link_elsewhere(place, account)
        place.home.mkdir(mode=0o711, exist_ok=True)
    if account.switch:
        _let_pass(place.home, account)
    if not account.may_use(place.home):
        raise Invalid(
            f"The database in {place.home} can't be reached by its account any more: "
            "give back the right to enter the folders above it, or set TOWERDESK_DATA to another folder."
        )
    _make_socket_folder(place, account)


def _let_pass(folder: Path, account: Account) -> None:
    """The folder itself is ours: others may pass through it, not list it. Folders above it are left alone."""
    if not account.may_use(folder) and folder.stat().st_uid == 0:
        folder.chmod(folder.stat().st_mode | 0o011)


def _link_elsewhere(place: Place, account: Account) -> None:
    """Root's data folder lies below a closed one (/root): the cluster goes to the system's place, with a link to it."""
    home = ELSEWHERE / os.urandom(6).hex()
    try:
        home.mkdir(parents=True, mode=0o711)
    except OSError as error:
        raise Invalid(
            f"The data folder {place.data} is below a folder that only root may enter, and PostgreSQL does not run as "
            "root: set TOWERDESK_DATA to a folder such as /var/lib/towerdesk."
        ) from error
    (home / "desk").write_text(f"{place.data}\n")
    (place.data / "postgres").symlink_to(home)


def _make_socket_folder(place: Place, account: Account) -> None:
    folder = place.socket
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account.switch:
            os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if found.st_uid not in (account.uid, os.geteuid()) or found.st_mode & 0o077 or folder.is_symlink():
        raise Invalid(f"The folder {folder} is not the desk's own: remove it, then start again.")
