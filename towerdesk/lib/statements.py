"""A statement that is built once goes straight to the driver, without what Django and the driver do for each new text.

Django makes a cursor, two wrappers and a map of types for every question; the driver takes the text apart to number its
marks, anew each time when it is long. Here that is done once for a statement, and a connection keeps one cursor.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import RawCursor

MARK = re.compile(r"%%|%s")


class Statement:
    """`sql` has a `%s` for each value and `%%` for a percent sign, as Django has it, and it answers with rows."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._numbered = _numbered(sql)

    def ask(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if connection.queries_logged or connection.execute_wrappers:
            return self._as_django_does(connection, values)
        connection.validate_thread_sharing()
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            return _cursor_of(connection).execute(self._numbered, values).fetchall()

    def _as_django_does(self, connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Somebody counts or watches what is asked."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            return cursor.fetchall()


def _numbered(sql: str) -> bytes:
    count = 0

    def write(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return MARK.sub(write, sql).encode()


def _cursor_of(connection: BaseDatabaseWrapper) -> "RawCursor[tuple[Any, ...]]":
    """One for as long as the driver's connection lasts, with the types that Django has given it."""
    link: Any = connection.connection
    kept: RawCursor[tuple[Any, ...]] | None = getattr(link, "kept_cursor", None)
    if kept is None:
        kept = link.kept_cursor = RawCursor(link)
    return kept
