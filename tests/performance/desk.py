"""A real desk to measure: `towerdesk up` in a folder of its own, on free ports, gone afterwards."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.performance import cpu
from towerdesk.lib import postgres

PATIENCE = 180.0  # seconds for the ready line
EMAIL = "bench@towerdesk.local"
PARTS = ("web", "worker", "smtpd")


class Desk:
    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="desk-bench-"))
        self.port, self.smtp_port = _free_ports(2)
        self.process: subprocess.Popen[str] | None = None
        self.not_counted: set[int] = set()  # server processes behind connections of our own

    @property
    def dsn(self) -> str:
        return postgres.dsn(self.data)

    @property
    def roots(self) -> list[int]:
        """The supervisor, and PostgreSQL, which has left its family."""
        return [self.process.pid if self.process else 0, postgres.running_pid(self.data)]

    @property
    def env(self) -> dict[str, str]:
        return {
            "TOWERDESK_DATA": str(self.data),
            "TOWERDESK_PORT": str(self.port),
            "TOWERDESK_SMTP_PORT": str(self.smtp_port),
            "TOWERDESK_ADMIN_EMAIL": EMAIL,
            "TOWERDESK_ADMIN_PASSWORD": "a password for the bench",
        }

    def start(self) -> float:
        """Returns the seconds to the ready line. Raises `RuntimeError` with the logs when there is none."""
        began = time.monotonic()
        errors = (self.data / "up.log").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "towerdesk.cli.main", "up"],
            env=_surroundings() | self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        for line in self.process.stdout or ():
            if line.startswith("ready "):
                return time.monotonic() - began
        errors.seek(0)
        raise RuntimeError(f"The desk did not start: {errors.read()}")

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    def cpu(self) -> float:
        """Seconds used so far by all its processes and PostgreSQL, without what the measuring itself asks."""
        return cpu.used(self.roots, but=self.not_counted)

    def pids(self, *parts: str) -> list[int]:
        """Processes of the desk by the names of its parts; without any, all but PostgreSQL."""
        ours = cpu.family(self.roots[:1]) - cpu.family(self.roots[1:])
        if not parts:
            return sorted(ours)
        return [pid for pid in ours if _runs(pid) in parts]

    def memory(self, pids: Iterable[int]) -> float:
        """Megabytes (10^6 bytes), what is shared counted in parts (PSS)."""
        return sum(_pss(pid) for pid in pids)

    @contextlib.contextmanager
    def paused(self, part: str) -> Iterator[None]:
        """Nothing of this part runs inside, so that what it would do is not counted."""
        pids = self.pids(part)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """Not started yet; whatever happens, stopped and removed in the end."""
    one = Desk()
    try:
        yield one
    finally:
        one.stop()
        postgres.stop(one.data)
        shutil.rmtree(one.data, ignore_errors=True)


def _surroundings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TOWERDESK_", "DATABASE_URL"))}


def _runs(pid: int) -> str:
    with contextlib.suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        return next((word.rpartition(".")[2] for word in command if word.startswith("towerdesk.cli.")), "")
    return ""


def _pss(pid: int) -> float:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:"))
    return 0.0


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
