"""Ask PostgreSQL one thing by the shortest way: for statements that are built once, of which a mail needs some fifty.

Django makes a cursor of its own and one of the driver's for each; that takes longer than to send the statement and read the
answer. Here each connection keeps one cursor, and its answers are read at once. Who listens to what is asked (a test that
counts, a debug log) is still asked by Django's way, with the same errors either way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def ask(sql: str, values: Sequence[Any] | Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS) -> list[tuple[Any, ...]]:
    """Its rows; none when it gives none. Raises what Django's cursors raise."""
    connection: Any = connections[using]
    if connection.execute_wrappers or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor = _kept(connection)
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.pgresult.nfields else []  # its `description` makes an object for each column


def _kept(connection: Any) -> Any:
    """The cursor of this connection, a new one after each time that it was opened."""
    kept = connection.__dict__.get("asking")
    if kept is None or kept.connection is not connection.connection or kept.closed:
        kept = connection.asking = connection.create_cursor()
    return kept
