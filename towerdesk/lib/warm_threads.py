"""Threads, of which the one that worked last works next.

Its connection, its server process and the plans they keep are in the processor's caches still. The library's own pool goes round
among its threads and finds all of them cold each time: a ticket page takes a fifth longer (decision 0053).
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

type Work = tuple[Future[Any], Callable[[], Any]]


class WarmThreads(Executor):
    """At most so many, each begun when there is no idle one. They end with the process."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._idle: list[SimpleQueue[Work]] = []
        self._waiting: deque[Work] = deque()
        self._changing = Lock()

    def submit[**P, T](self, work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        self._hand_out((done, partial(work, *args, **named)))
        return done

    def _hand_out(self, work: Work) -> None:
        with self._changing:
            if self._idle:
                self._idle.pop().put(work)
            elif self._left:
                self._left -= 1
                Thread(target=self._run, args=(work,), name="web", daemon=True).start()
            else:
                self._waiting.append(work)

    def _run(self, work: Work) -> None:
        """It is free before the answer is told: else who asks again at once, being told, would be given another thread."""
        mine: SimpleQueue[Work] = SimpleQueue()
        while True:
            tell = _done(*work)
            del work  # or an idle thread would hold the last answer
            next_one = self._next(mine)
            tell()
            del tell
            work = next_one or mine.get()

    def _next(self, mine: "SimpleQueue[Work]") -> Work | None:
        with self._changing:
            if self._waiting:
                return self._waiting.popleft()
            self._idle.append(mine)
        return None


def _done(done: Future[Any], work: Callable[[], Any]) -> Callable[[], None]:
    """Does it, and returns what tells whoever waits for it."""
    if not done.set_running_or_notify_cancel():
        return lambda: None
    try:
        return partial(done.set_result, work())
    except BaseException as error:
        return partial(done.set_exception, error)
