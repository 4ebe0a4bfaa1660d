"""Tell whoever sleeps until the next deadline that there is one."""

from datetime import datetime

from django.db import connection

CHANNEL = "towerdesk_deadline"


def wake(moment: datetime | None) -> None:
    """Heard when the transaction is committed; a moment that comes later than the one slept for wakes nobody for long."""
    if moment is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(moment.timestamp())])
