"""Work that is put off until somebody needs it, and then done once."""

import threading
from collections.abc import Callable


class Once:
    """What `later` was told is done by the first `now`; other threads wait until it is. What fails is tried again."""

    def __init__(self) -> None:
        self._work: Callable[[], None] | None = None
        self._lock = threading.RLock()
        self._is_at_it = False

    def later(self, work: Callable[[], None]) -> None:
        self._work = work

    def now(self) -> None:
        """The work itself may ask for it, too."""
        if self._work is None:
            return
        with self._lock:
            if self._work is None or self._is_at_it:
                return
            self._is_at_it = True
            try:
                self._work()
                self._work = None
            finally:
                self._is_at_it = False
