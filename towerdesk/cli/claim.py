"""One desk per data folder: the supervisor holds a lock, with its process number in it for `towerdesk stop`."""

import contextlib
import fcntl
import os
from pathlib import Path

from towerdesk.lib.errors import Conflict, Invalid


def claim(data: Path) -> int:
    """The lock as a file descriptor that lives through exec; raises `Conflict` when the desk already runs."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        lock = os.open(_file(data), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Invalid(
            f"The data folder {data} can't be used ({error.strerror}): set TOWERDESK_DATA to one that you may write."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Conflict(
            f"This desk is already running (process {running(data)}): “towerdesk stop” ends it; "
            "for a second desk set TOWERDESK_DATA to another folder."
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    os.set_inheritable(lock, True)
    return lock


def running(data: Path) -> int:
    """The supervisor's process number, or 0 when no desk runs on this folder."""
    with contextlib.suppress(FileNotFoundError), _file(data).open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read().strip() or 0)
    return 0


def _file(data: Path) -> Path:
    return data / "desk.lock"
