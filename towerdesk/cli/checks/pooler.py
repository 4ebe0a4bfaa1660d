"""Whether a pooler stands before PostgreSQL that lends a connection for one transaction only, as PgBouncer does."""

from contextlib import closing

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


def changes_connections() -> bool:
    """What hangs on a connection does not last there: word of new jobs, locks of the clock, prepared statements.

    Found by who answers: while somebody else is in a transaction, such a pooler has given them the one that we had.
    """
    with closing(connection.copy()) as one, closing(connection.copy()) as other:
        before = _who_answers(one)
        other.set_autocommit(False)
        _who_answers(other)
        after = _who_answers(one)
        other.rollback()
    return before != after


def _who_answers(link: BaseDatabaseWrapper) -> int:
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    return number
