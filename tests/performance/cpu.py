"""CPU time of a desk: all its processes, the PostgreSQL cluster included, to the nanosecond.

A live process is read by its CPU clock (`clock_getcpuclockid(3)`), all its threads together; what its ended children
used is added from `/proc/<pid>/stat`. So a process that comes and goes in between counts as well.
"""

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

TICK = 1.0 / os.sysconf("SC_CLK_TCK")


def used(roots: Iterable[int], but: Iterable[int] = ()) -> float:
    """Seconds so far, of these processes and all below them; `but` those."""
    return sum(of_one(pid) for pid in family(roots) - set(but))


def family(roots: Iterable[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found, left = set(), list(roots)
    while left:
        pid = left.pop()
        found.add(pid)
        left += children.get(pid, [])
    return found


def cost(
    meter: Callable[[], float],
    work: Callable[[int], object],
    *,
    times: int,
    batches: int = 7,
    settle: Callable[[], object] = lambda: None,
) -> float:
    """Milliseconds of CPU for one `work(number)`: the median of some batches of `times` each. `meter` says seconds.

    `settle` waits until everything that a batch has set off is done.
    """
    found, numbers = [], count()
    for _ in range(batches):
        settle()
        before = meter()
        for _ in range(times):
            work(next(numbers))
        settle()
        found.append((meter() - before) / times * 1000)
    return statistics.median(found)


def _parents() -> Iterable[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                yield int(entry.name), int(_stat(int(entry.name))[1])


def of_one(pid: int) -> float:
    """Seconds so far, its ended children included; 0 when it is gone."""
    with contextlib.suppress(OSError, IndexError):
        of_ended_children = sum(int(ticks) for ticks in _stat(pid)[13:15]) * TICK
        return time.clock_gettime_ns((~pid << 3) | 2) / 1e9 + of_ended_children
    return 0.0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name: state, parent, … (proc(5) counts them from 3 on)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
