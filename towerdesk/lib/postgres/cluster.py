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
from . import programs
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
    "wal_compression": "on",
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
        if not _answers_soon(place, patience):
            bindir = programs.reachable(programs.find(place.cluster), place.home, account)
            _make(place, bindir, account)
            _start(place, bindir, account, SETTINGS | (FAST if fast else {}), patience)
        prepare(place, bindir)
    return dsn(data)


def stop(data: Path, *, patience: float = 30) -> bool:
    """End it in order: sessions are cut, what is committed stays. False when it was not running."""
    place = Place(data)
    pid = running_pid(data)
    if not pid:
        return False
    for how in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if _gone(place, pid, patience):
            return True
    raise Unavailable(f"PostgreSQL (process {pid}) does not stop: see {place.log}.")


def running_pid(data: Path) -> int:
    """The live PostgreSQL of this folder, or 0. A zombie or somebody who took over the number is not it."""
    place = Place(data)
    pid = _noted_pid(place)
    return pid if pid and _is_ours(place, pid) else 0


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


def _answers_soon(place: Place, patience: float) -> bool:
    """Running, starting or dying: watch until it is clear which."""
    end = time.monotonic() + patience
    while _noted_pid(place) and running_pid(place.data):
        if _says_ready(place, _noted_pid(place)):
            return True
        if time.monotonic() > end:
            raise Unavailable(f"PostgreSQL has been starting for {patience:.0f} seconds: see {place.log}.")
        time.sleep(0.05)
    return False


def _make(place: Place, bindir: Path, account: Account) -> None:
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
    command: list[str | Path] = [bindir / "initdb", "-D", draft, *options]
    made = subprocess.run(
        command, cwd=place.home, env=programs.clean_env(), capture_output=True, text=True, **account.switch
    )
    if made.returncode:
        raise Unavailable(f"PostgreSQL could not make its database in {place.home}: {_last_line(made.stderr)}")
    draft.rename(place.cluster)


def _start(place: Place, bindir: Path, account: Account, settings: dict[str, str], patience: float) -> None:
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)
    command: list[str | Path] = [bindir / "postgres", "-D", place.cluster, "-k", _socket_as_seen(place)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    for attempt in range(5):  # children of a killed server may hold its shared memory for a moment
        with place.log.open("ab") as log:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=place.home,
                env=programs.clean_env(),
                **account.switch,
            )
        if _comes_up(place, server, patience):
            return
        if "shared memory" not in _reason(place):
            break
        time.sleep(0.3 * (attempt + 1))
    raise Unavailable(f"PostgreSQL did not start: {_reason(place)} (see {place.log}).")


def _socket_as_seen(place: Place) -> Path:
    return place.socket.resolve() if place.socket.parent.is_symlink() else place.socket


def _comes_up(place: Place, server: "subprocess.Popen[bytes]", patience: float) -> bool:
    end = time.monotonic() + patience
    while server.poll() is None:
        if _says_ready(place, server.pid):
            return True
        if time.monotonic() > end:
            server.terminate()
            server.wait(10)
            break
        time.sleep(0.01)
    return False


def _says_ready(place: Place, pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        lines = (place.cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]) == pid and lines[7].strip() == "ready"
    return False


def _noted_pid(place: Place) -> int:
    with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
        return int((place.cluster / "postmaster.pid").read_text().splitlines()[0])
    return 0


def _is_ours(place: Place, pid: int) -> bool:
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return _takes_signals(pid)
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        return state not in "ZX" and (process / "cwd").readlink() == place.cluster.resolve()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def _takes_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _gone(place: Place, pid: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while _is_ours(place, pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return True


def _reason(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()[-50:]
    reasons = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
    return reasons[-1] if reasons else "no reason given"


def _last_line(said: str) -> str:
    lines = [
        line for line in said.splitlines() if line.strip() and not line.startswith(("initdb: removing", "initdb: hint"))
    ]
    return lines[-1].removeprefix("initdb: error: ") if lines else "no reason given"
