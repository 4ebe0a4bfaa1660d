"""One process of the desk as its supervisor sees it: started, started again with growing pauses, ended."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from towerdesk.cli import logs

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the next start
LONG_ENOUGH = 30.0  # seconds of life after which earlier failures are forgotten


class Child:
    """`once`: a process that may end well by itself and is then not started again."""

    def __init__(self, name: str, module: str, data: Path, ready_writer: int, *, once: bool = False) -> None:
        self.name, self.module, self.data = name, module, data
        self.ready_writer, self.once = ready_writer, once
        self.pid = 0
        self.failures = 0
        self.done = False
        self.started_at = 0.0
        self.next_start = 0.0
        self.lifeline = -1

    def keep_running(self) -> None:
        if not self.pid and not self.done and time.monotonic() >= self.next_start:
            self._start()

    def due_in(self) -> float:
        """Seconds until this child wants a start; far away when it runs."""
        return 3600.0 if self.pid or self.done else max(0.0, self.next_start - time.monotonic())

    def has_ended(self, code: int) -> None:
        self.pid = 0
        os.close(self.lifeline)
        if self.done or (self.once and code == 0):
            self.done = True
            return
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived > LONG_ENOUGH else self.failures + 1
        pause = PAUSES[min(self.failures, len(PAUSES)) - 1]
        self.next_start = time.monotonic() + pause
        logs.tell(f"{self.name} ended ({_how(code)}); started again in {pause:g} s")

    def ask_to_end(self) -> None:
        self.done = True
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        if self.pid:
            self._signal(signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
            self.pid = 0

    def _start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches the supervisor alone and the order of ending holds."""
        reader, self.lifeline = os.pipe()
        with logs.opened(self.data, self.name) as log:
            process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                stdin=reader,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[self.ready_writer],
                env=os.environ | _surroundings(self.ready_writer),
            )
        os.close(reader)
        self.pid, self.started_at = process.pid, time.monotonic()
        process.returncode = 0  # reaped by the supervisor, not by this object

    def _signal(self, number: int) -> None:
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _surroundings(ready_writer: int) -> dict[str, str]:
    return {
        "TOWERDESK_SUPERVISED": str(ready_writer),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc otherwise keeps memory of its own for every thread
    }


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
