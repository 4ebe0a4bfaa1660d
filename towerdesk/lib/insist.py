"""Write down what can't be done over, through a database that is being started again."""

import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

PAUSES = (0.0, 0.5, 2.0, 5.0, 10.0)
"""Seconds between tries: if the database is away for longer, it stays open what happened, and that is found out later."""


def insist[T](write: Callable[[], T]) -> T:
    for pause in PAUSES[:-1]:
        time.sleep(pause)
        try:
            return write()
        except (DatabaseError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close()
    time.sleep(PAUSES[-1])
    return write()
