"""Make a cluster, start it, stop it, look at it. Survives kill -9 of its starter and of PostgreSQL itself."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from ..errors import Invalid, Unavailable
from . import programs, server
from .account import Account, account_for
from .database import prepare
from .home import make_home
from .places import PORT, SUPERUSER, Place, dsn

SETTINGS = {  # for a small machine; what is acknowledged is on the disk
    "port": str(PORT),
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",  # the first change of a page after one writes the whole page to the log
    "max_wal_size": "1GB",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for clusters that are thrown away


def ensure(data: Path, *, fast: bool = False, patience: float = 60) -> str:
    """Make the data folder's PostgreSQL run, with the desk's database in it, and return its address.

    Any number of processes may call it at once. `fast` gives up durability: for tests only.
    """
    place = Place(data)
    account = account_for(place.cluster)
    with _one_at_a_time(place, account):
        account = account_for(place.cluster)
        bindir = None
        if not server.answers_soon(place, patience):
            bindir = programs.reachable(programs.find(place.cluster), place.home, account)
            _make(place, bindir, account, fast=fast)
            _start(place, bindir, account, SETTINGS | (FAST if fast else {}), patience)
        prepare(place, bindir)
    return dsn(data)


def stop(data: Path, *, patience: float = 30) -> bool:
    """End it in order: sessions are cut, what is committed stays. False when it was not running."""
    place = Place(data)
    pid = server.running_pid(data)
    if not pid:
        return False
    for how in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if server.gone(place, pid, patience):
            return True
    raise Unavailable(f"PostgreSQL (process {pid}) does not stop: see {place.log}.")


@contextlib.contextmanager
def _one_at_a_time(place: Place, account: Account) -> Iterator[None]:
    try:
        make_home(place, account)
        with (place.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise Invalid(
            f"The data folder {place.data} can't be used by this account ({error.filename}): "
            "set TOWERDESK_DATA to a folder that you own."
        ) from error


def _make(place: Place, bindir: Path, account: Account, *, fast: bool) -> None:
    """A new cluster appears whole: made beside its place, then renamed."""
    if (place.cluster / "PG_VERSION").exists():
        return
    draft = place.home / "data.new"
    for left in (draft, place.cluster):
        if left.exists():
            shutil.rmtree(left)
    account.give(draft)
    locale = ["--locale=C.UTF-8"]
    if programs.major(bindir) >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums", *locale]
    options += ["--no-sync"] if fast else []
    command: list[str | Path] = [bindir / "initdb", "-D", draft, *options]
    made = subprocess.run(
        command, cwd=place.home, env=programs.clean_env(), capture_output=True, text=True, **account.switch
    )
    if made.returncode:
        raise Unavailable(f"PostgreSQL could not make its database in {place.home}: {_last_line(made.stderr)}")
    draft.rename(place.cluster)


def _start(place: Place, bindir: Path, account: Account, settings: dict[str, str], patience: float) -> None:
    command: list[str | Path] = [bindir / "postgres", "-D", place.cluster, "-k", _socket_as_seen(place)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    lock = server.hold(place, patience)
    try:
        server.forget_the_dead(place)
        with place.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[lock],
                cwd=place.home,
                env=programs.clean_env(),
                **account.switch,
            )
    finally:
        os.close(lock)
    if not _comes_up(place, process, patience):
        raise Unavailable(f"PostgreSQL did not start: {server.last_reason(place)} (see {place.log}).")


def _socket_as_seen(place: Place) -> Path:
    return place.socket.resolve() if place.socket.parent.is_symlink() else place.socket


def _comes_up(place: Place, process: "subprocess.Popen[bytes]", patience: float) -> bool:
    end = time.monotonic() + patience
    while process.poll() is None:
        if server.says_ready(place, process.pid):
            return True
        if time.monotonic() > end:
            process.terminate()
            process.wait(10)
            break
        time.sleep(0.01)
    return False


def _last_line(said: str) -> str:
    lines = [
        line for line in said.splitlines() if line.strip() and not line.startswith(("initdb: removing", "initdb: hint"))
    ]
    return lines[-1].removeprefix("initdb: error: ") if lines else "no reason given"
