"""A statement that is built once goes straight to the driver, without what Django and the driver do for each new text.

Django makes a cursor, two wrappers and a map of types for every question; the driver takes the text apart to number its
marks, anew each time when it is long. Here that is done once for a statement, and a connection keeps one cursor. The
connection is looked up once, since what Django hands out as `connection` looks it up for each of its attributes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import RawCursor
from psycopg.adapt import Transformer

type Values = Sequence[Any] | Mapping[str, Any]

MARK = re.compile(r"%%|%s|%\((\w+)\)s")


class Statement:
    """`sql` has a `%s` for each value, or `%(name)s` for each named one, and `%%` for a percent sign, as Django has it.

    Raises what Django's cursors raise.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._names: list[str] = []
        self._numbered = self._number(sql)

    def _number(self, sql: str) -> bytes:
        count = 0

        def write(found: re.Match[str]) -> str:
            nonlocal count
            if found[0] == "%%":
                return "%"
            if name := found[1]:
                self._names += [name] * (name not in self._names)
                return f"${self._names.index(name) + 1}"
            count += 1
            return f"${count}"

        return MARK.sub(write, sql).encode()

    def ask(self, values: Values = (), using: str = DEFAULT_DB_ALIAS) -> list[tuple[Any, ...]]:
        """Its rows; none when it gives none."""
        connection = connections[using]
        if connection.queries_logged or connection.execute_wrappers:
            return self._as_django_does(connection, values)
        connection.close_if_health_check_failed()
        if connection.connection is None:
            connection.ensure_connection()
        if connection.needs_rollback:
            connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            in_order = [values[name] for name in self._names] if isinstance(values, Mapping) else values
            cursor = _cursor_of(connection)
            cursor._last_query = self._numbered  # else the driver forgets how each type of value is written and read
            cursor.execute(self._numbered, in_order)
            return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []

    def _as_django_does(self, connection: BaseDatabaseWrapper, values: Values) -> list[tuple[Any, ...]]:
        """Somebody counts or watches what is asked."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            return cursor.fetchall() if cursor.description else []


def _cursor_of(connection: BaseDatabaseWrapper) -> "RawCursor[tuple[Any, ...]]":
    """One for as long as the driver's connection lasts, with the types that Django has given it, and how they are read."""
    link: Any = connection.connection
    kept: RawCursor[tuple[Any, ...]] | None = getattr(link, "kept_cursor", None)
    if kept is None:
        kept = link.kept_cursor = RawCursor(link)
        kept._tx = Transformer(kept)
    return kept
