"""Keep PostgreSQL running while somebody needs it; the last to leave stops it.

Every process that needs it holds a shared lock. Locks end with their process, also by kill -9: nothing to miscount.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from . import cluster
from .account import account_for
from .home import make_home
from .places import Place


@contextlib.contextmanager
def running(data: Path, *, fast: bool = False) -> Iterator[str]:
    """`with running(data) as dsn:` PostgreSQL runs inside; after it too, when another process still needs it."""
    lock = take(data)
    try:
        yield cluster.ensure(data, fast=fast)
    finally:
        leave(data, lock)


def take(data: Path) -> int:
    """Join those who need it, as a file descriptor. Waits while the last one before us is stopping it."""
    place = Place(data)
    make_home(place, account_for(place.cluster))
    lock = os.open(place.home / "needed", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def leave(data: Path, lock: int) -> None:
    """Give up `lock`, and stop PostgreSQL when nobody else needs it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        cluster.stop(data)
    finally:
        os.close(lock)
