"""The running server as seen from its files: which process it is, whether it lives, whether it is ready."""

import contextlib
import fcntl
import os
import socket
import struct
import time
from pathlib import Path

from ..errors import Unavailable
from .places import SOCKET_NAME, Place

SSL_REQUEST = 80877103  # "SSLRequest" in PostgreSQL's manual, message formats


def running_pid(data: Path) -> int:
    """The live PostgreSQL of this folder, or 0. A zombie or somebody who took over the number is not it."""
    place = Place(data)
    pid = noted_pid(place)
    return pid if pid and is_ours(place, pid) else 0


def answers_soon(place: Place, patience: float) -> bool:
    """Running, starting or dying: watch until it is clear which."""
    end = time.monotonic() + patience
    while running_pid(place.data):
        if says_ready(place, noted_pid(place)) and answers(place):
            return True
        if time.monotonic() > end:
            raise Unavailable(f"PostgreSQL has been starting for {patience:.0f} seconds: see {place.log}.")
        time.sleep(0.05)
    return False


def answers(place: Place) -> bool:
    """Ask whether it would encrypt (SSLRequest): any answer comes from a living server, its files may be a dead one's."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        link.connect(f"{place.socket}{SOCKET_NAME}")
        link.sendall(struct.pack("!ii", 8, SSL_REQUEST))
        return link.recv(1) in (b"N", b"S")
    return False


def hold(place: Place, patience: float) -> int:
    """A lock that every process of the server inherits: getting it proves that none of the last one is left.

    It also holds where process numbers say nothing: for a zombie, and between containers that share the folder.
    """
    lock = os.open(place.home / "server", os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                os.close(lock)
                raise Unavailable(
                    f"A PostgreSQL still works in {place.home}, perhaps in another container: stop that desk first."
                ) from None
            time.sleep(0.05)
        else:
            return lock


def forget_the_dead(place: Place) -> None:
    """Remove what a killed server left lying; only to be called by who holds the server's lock."""
    for left in (place.cluster / "postmaster.pid", *place.socket.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def says_ready(place: Place, pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        lines = (place.cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]) == pid and lines[7].strip() == "ready"
    return False


def noted_pid(place: Place) -> int:
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        return int((place.cluster / "postmaster.pid").read_text().splitlines()[0])
    return 0


def is_ours(place: Place, pid: int) -> bool:
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return _takes_signals(pid)
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        return state not in "ZX" and (process / "cwd").readlink() == place.cluster.resolve()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def gone(place: Place, pid: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while is_ours(place, pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return True


def last_reason(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()[-50:]
    reasons = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
    return reasons[-1] if reasons else "no reason given"


def _takes_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
