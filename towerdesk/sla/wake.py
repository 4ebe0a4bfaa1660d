"""Tell whoever sleeps until the next deadline that there is one."""

from datetime import datetime

from towerdesk.lib.rows import Said, write

CHANNEL = "towerdesk_deadline"


def wake(moment: datetime) -> None:
    write(waking(moment))


def waking(moment: datetime) -> Said:
    """By the statement that writes the clocks. Heard when the transaction is committed; a moment that comes later than the
    one slept for wakes nobody for long."""
    return Said("SELECT pg_notify(%s, %s)", [CHANNEL, str(moment.timestamp())])
