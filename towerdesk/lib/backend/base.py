"""PostgreSQL as Django has it, asked less often whether it is still there. Django finds this module by its name."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

ASKED_FOR = 5.0  # seconds for which the server's word counts


class DatabaseWrapper(base.DatabaseWrapper):
    """Before the first question of each request and job Django asks the server whether the connection still stands.

    A server that ended, was stopped or dropped us has closed its socket or says so there: then, or when it was not asked
    for some seconds, it is asked. Otherwise the look at the socket is enough, for a hundredth of the price.
    """

    asked_at = 0.0

    def is_usable(self) -> bool:
        """Never after an error that no rollback has cleared away: a column that is another one since, say, makes a prepared
        statement fail (“cached plan must not change result type”) for as long as its connection lasts.
        """
        if self.errors_occurred:
            return False
        if _is_quiet(self.connection) and time.monotonic() - self.asked_at < ASKED_FOR:
            return True
        usable = super().is_usable()
        self.asked_at = time.monotonic() if usable else 0.0
        return usable


def _is_quiet(link: Any) -> bool:
    """It is open, and nothing was said there that nobody has read."""
    if link is None or link.closed:
        return False
    look = select.poll()
    look.register(link.fileno(), select.POLLIN)
    return not look.poll(0)
