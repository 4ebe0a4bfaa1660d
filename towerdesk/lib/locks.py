"""Things that only one process may do at a time, by PostgreSQL's advisory locks: they end with the connection."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from towerdesk.lib.statements import Statement

HOLD = Statement("SELECT pg_advisory_xact_lock(%s)")
HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND granted
      AND classid::bigint = %s AND objid::bigint = %s AND objsubid = 1
)
"""


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Wait until nobody else holds `name`, then hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_number(name)])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])


def one_at_a_time(name: str) -> None:
    """Wait until nobody else holds `name`, and hold it until the transaction ends."""
    HOLD.ask([_number(name)])


@contextmanager
def if_nobody_else(name: str) -> Iterator[bool]:
    """False at once when another process holds `name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])


def is_held(name: str) -> bool:
    """Whether anybody holds `name` just now, ourselves included. Nobody who was killed does."""
    number = _number(name) % 2**64
    with connection.cursor() as cursor:
        cursor.execute(HELD, [number >> 32, number % 2**32])
        return bool(cursor.fetchone()[0])


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"towerdesk {name}".encode()).digest()[:8], "big", signed=True)
