"""So many times within so many seconds, by key. Kept in this process alone: a restart forgets it."""

import threading
import time
from collections import deque

MOST_KEYS = 50_000


class Limit:
    """A sliding window; `allow` also takes the place that it grants."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._taken: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def allow(self, key: str, most: int, at: float | None = None) -> float:
        """0 when it may be, else the seconds until it may be again."""
        moment = time.monotonic() if at is None else at
        with self._lock:
            taken = self._taken.setdefault(key, deque())
            while taken and taken[0] <= moment - self.seconds:
                taken.popleft()
            if len(taken) >= most:
                return max(taken[0] + self.seconds - moment, 0.1) if taken else self.seconds
            taken.append(moment)
            if len(self._taken) > MOST_KEYS:
                self._forget(moment)
        return 0.0

    def _forget(self, moment: float) -> None:
        old = [key for key, taken in self._taken.items() if not taken or taken[-1] <= moment - self.seconds]
        for key in old:
            del self._taken[key]
