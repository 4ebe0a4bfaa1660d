"""Keep the desk's processes alive until told to stop. Small on purpose: it knows no Django and stays below 20 MB.

    start PostgreSQL, web, worker, SMTP door → ready line → start again what dies → on SIGTERM end all in order

Run as `python -m towerdesk.cli.supervisor FD`, the plan as JSON in that pipe. Each child's standard input is a pipe
that ends when this process does, by whatever means: then the children end too.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from towerdesk.cli import logs
from towerdesk.cli.child import Child
from towerdesk.cli.probe import smtp_answers, web_answers
from towerdesk.lib import postgres
from towerdesk.lib.errors import Trouble

STARTS_BEFORE_GIVING_UP = 3  # while the desk has never been ready: then the fault is in its settings
TICK = 1.0  # seconds between two looks when nothing happens
PATIENCE = 120.0  # seconds for the first ready line


@dataclass(frozen=True)
class Plan:
    data: str
    host: str
    port: int
    smtp_port: int
    sign_in: str
    parts: dict[str, str]  # the processes web, worker and smtpd: name → Python module
    afterwards: dict[str, str]  # more of them, started when the desk is ready; they may end well by themselves
    lock: int  # file descriptors: the desk's lock, and the lease on PostgreSQL (-1: an external one)
    lease: int
    fast: bool


def main() -> int:
    with os.fdopen(int(sys.argv[1])) as pipe:
        plan = Plan(**json.load(pipe))
    for descriptor in (plan.lock, plan.lease):
        if descriptor >= 0:
            os.set_inheritable(descriptor, False)
    return Supervisor(plan).run()


class Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.data = Path(plan.data)
        self.stopping = False
        self.ready = False
        self.began = time.monotonic()
        self.wake_reader, self.wake_writer = os.pipe()
        self.ready_reader, ready_writer = os.pipe()
        self.ready_writer = ready_writer
        self.children = [Child(name, module, self.data, ready_writer) for name, module in plan.parts.items()]
        self.worker_is_up = False

    def run(self) -> int:
        self._listen_to_signals()
        while not self.stopping:
            self._keep_database()
            self._reap()
            for child in self.children:
                child.keep_running()
            if not self.ready:
                self._look_whether_ready()
            logs.keep_small(self.data)
            self._wait()
        return self._end()

    def _listen_to_signals(self) -> None:
        os.set_blocking(self.wake_writer, False)
        os.set_blocking(self.wake_reader, False)
        os.set_blocking(self.ready_reader, False)
        signal.set_wakeup_fd(self.wake_writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep_database(self) -> None:
        if self.plan.lease < 0 or postgres.running_pid(self.data):
            return
        logs.tell("PostgreSQL is gone; it is started again")
        try:
            postgres.ensure(self.data, fast=self.plan.fast)
        except Trouble as trouble:
            logs.tell(str(trouble))

    def _reap(self) -> None:
        """Collect every ended process, also a PostgreSQL that we started."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for child in self.children:
                if child.pid == pid:
                    child.has_ended(os.waitstatus_to_exitcode(status))

    def _look_whether_ready(self) -> None:
        failing = [child.name for child in self.children if child.failures >= STARTS_BEFORE_GIVING_UP]
        missing = self._not_up()
        if failing or (missing and time.monotonic() - self.began > PATIENCE):
            self._give_up([*failing, *missing][0])
        elif not missing:
            self.ready = True
            print(f"ready http://{self.plan.host}:{self.plan.port}  {self.plan.sign_in}", flush=True)
            self.children += [
                Child(name, module, self.data, self.ready_writer, once=True)
                for name, module in self.plan.afterwards.items()
            ]

    def _not_up(self) -> list[str]:
        with contextlib.suppress(BlockingIOError):
            self.worker_is_up = b"worker" in os.read(self.ready_reader, 1000) or self.worker_is_up
        up = {
            "worker": self.worker_is_up,
            "smtpd": smtp_answers(self.plan.host, self.plan.smtp_port),
            "web": web_answers(self.plan.host, self.plan.port),
        }
        return [name for name, answers in up.items() if not answers]

    def _give_up(self, name: str) -> None:
        logs.tell(f"The {name} does not start. {logs.last_words(self.data, name)}")
        if "/" in self.plan.sign_in:
            logs.tell(f"When it does: {self.plan.sign_in}")
        self.stopping = True

    def _wait(self) -> None:
        soonest = min([TICK if self.ready else 0.1, *(child.due_in() for child in self.children)])
        select.select([self.wake_reader], [], [], max(0.02, soonest))
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake_reader, 1000)

    def _end(self) -> int:
        """The doors first, then the worker, PostgreSQL last. A second signal hurries nothing: all of it has an end."""
        doors = [child for child in self.children if child.name != "worker"]
        workers = [child for child in self.children if child.name == "worker"]
        for group, patience in ((doors, 6.0), (workers, 8.0)):
            self._end_group(group, patience)
        if self.plan.lease >= 0:
            with contextlib.suppress(Trouble):
                postgres.leave(self.data, self.plan.lease)
        return 0 if self.ready else 1

    def _end_group(self, group: list[Child], patience: float) -> None:
        for child in group:
            child.ask_to_end()
        end = time.monotonic() + patience
        while any(child.pid for child in group) and time.monotonic() < end:
            self._reap()
            time.sleep(0.02)
        for child in group:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
