"""Who waits for a lock just now: so that a test of two at once need not guess how long the second one takes to get there."""

import time

from django.db import connection

WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND strpos(query, %s) > 0)
"""
LONG = 60.0  # seconds; nobody takes so long who will ever come


def waits(what: str) -> bool:
    """Whether somebody does whose statement has these words among its first thousand characters."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [what])
        return bool(cursor.fetchone()[0])


def until_somebody_waits(what: str) -> None:
    end = time.monotonic() + LONG
    while not waits(what):
        assert time.monotonic() < end, f"Nobody waits for a lock with “{what}”."  # noqa: S101
        time.sleep(0.02)
