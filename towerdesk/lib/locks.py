"""Things that only one process may do at a time, by PostgreSQL's advisory locks: they end with the connection."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from towerdesk.lib.statement import ask


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
    ask("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


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


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"towerdesk {name}".encode()).digest()[:8], "big", signed=True)
