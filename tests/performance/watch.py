"""Look at the desk's queue without being counted."""

import time

import psycopg

from tests.performance.desk import Desk

PATIENCE = 300.0
LEFT = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND queueing_lock IS NULL AND (scheduled_at IS NULL OR scheduled_at < now())
"""


class Watch:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.link = psycopg.connect(desk.dsn, autocommit=True)
        desk.not_counted.add(self.link.info.backend_pid)

    def settle(self) -> None:
        """Wait until the worker has nothing left to do."""
        end = time.monotonic() + PATIENCE
        while self._left():
            if time.monotonic() > end:
                raise RuntimeError(f"The worker still has {self._left()} jobs to do.")
            time.sleep(0.01)

    def idle_minute(self) -> float:
        """Milliseconds of CPU that a desk with nothing to do takes in a minute: its clock, its heartbeats."""
        before = self.desk.cpu()
        time.sleep(60)
        return (self.desk.cpu() - before) * 1000

    def _left(self) -> int:
        row = self.link.execute(LEFT).fetchone()
        return row[0] if row else 0
