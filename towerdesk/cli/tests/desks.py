"""Real desks for tests: own folder, own ports, ended for sure."""

import contextlib
import fcntl
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from towerdesk.lib import postgres

PATIENCE = 300.0  # seconds; generous, since a slow machine is no failure


class Desk:
    """One data folder with two free ports; `start` runs a command in it and `ready()` waits for its line."""

    def __init__(self, like: Path | None = None) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="desk-"))
        if like:
            subprocess.run(["cp", "-a", f"{like}/.", self.data], check=True)
        self.port, self.smtp_port = free_ports(2)
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()

    @property
    def env(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("TOWERDESK_", "DATABASE_URL"))
        }
        return kept | {
            "TOWERDESK_DATA": str(self.data),
            "TOWERDESK_PORT": str(self.port),
            "TOWERDESK_SMTP_PORT": str(self.smtp_port),
            "TOWERDESK_PG_FAST": "1",
        }

    def start(self, words: list[str], descriptors: tuple[int, ...] = (), **env: str) -> None:
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=descriptors,
            start_new_session=True,
        )
        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def up(self, **env: str) -> str:
        """`towerdesk up`, and its ready line."""
        self.start(["towerdesk.cli.main", "up"], **env)
        return self.ready()

    def ready(self) -> str:
        return self.says("ready ")

    def says(self, words: str) -> str:
        """The next line, on standard output or error, that holds these words."""
        end, heard = time.monotonic() + PATIENCE, []
        while time.monotonic() < end:
            with contextlib.suppress(queue.Empty):
                heard.append(self.lines.get(timeout=0.2))
                if words in heard[-1]:
                    return heard[-1].rstrip()
            if self.process and self.process.poll() is not None and self.lines.empty():
                break
        raise AssertionError(f"it never said {words!r}, but: {''.join(heard)} {self.logs()}")

    def run(self, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """One command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "towerdesk.cli.main", *words],
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def processes(self) -> dict[str, int]:
        """Name → process id of the desk's living processes, found by their environment."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                mine = f"TOWERDESK_DATA={self.data}".encode() in (folder / "environ").read_bytes().split(b"\0")
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                if mine and words[1] == "-m":
                    found[words[2].rpartition(".")[2]] = int(folder.name)
        return found

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        os.kill(self.process.pid, number)

    def wait(self) -> int:
        assert self.process
        return self.process.wait(PATIENCE)

    def logs(self) -> str:
        return "\n".join(
            f"{file.name}: {file.read_text()[-1500:]}" for file in sorted((self.data / "logs").glob("*.log"))
        )

    def end(self) -> None:
        for pid in self.processes().values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait(PATIENCE)
        until(lambda: not self.processes())
        postgres.stop(self.data)
        shutil.rmtree(self.data)

    def _read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.lines.put(line)


@contextlib.contextmanager
def opened_once(shared: Path) -> Iterator[Path]:
    """A data folder to copy: the tables of a desk are made once, not for every test, nor for every test process.

    The test processes that share the folder `shared` share it too; the last of them to leave removes it.
    """
    with (shared / "users").open("w") as users, (shared / "made").open("a+") as made:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        folder = made.read()
        if not folder:
            folder = str(_opened())
            made.write(folder)
            made.flush()
        fcntl.flock(made, fcntl.LOCK_UN)
        yield Path(folder)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            made.truncate(0)
            shutil.rmtree(folder)


def _opened() -> Path:
    """The folder of a desk that Ana, its administrator, opened and stopped again."""
    desk = Desk()
    try:
        desk.up(TOWERDESK_ADMIN_EMAIL="ana@example.com")
        desk.run("stop")
        desk.wait()
    except BaseException:
        desk.end()
        raise
    return desk.data


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
