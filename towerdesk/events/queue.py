"""Defer a job in the current transaction: it exists exactly when the change that asked for it does."""

from datetime import timedelta
from typing import Any

from procrastinate.contrib.django import app

from towerdesk.lib.clock import now


def defer(
    task: str, *, lock: str | None = None, after: timedelta | None = None, priority: int = 0, **arguments: Any
) -> None:
    """Queue the task named `task`; jobs with the same `lock` run one at a time and in order."""
    job = app.configure_task(
        task,
        lock=lock,
        schedule_at=now() + after if after else None,
        priority=priority,
    )
    job.defer(**arguments)
