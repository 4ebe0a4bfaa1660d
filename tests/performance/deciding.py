"""One whole decision of the assistant in this process: read, retrieve, propose, check, judge, write down and act.

    python -m tests.performance.deciding [decisions, 10000]

makes that many one after the other and tells on the way what the process holds in memory, which should not grow.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from pathlib import Path

from tests.performance import cpu
from tests.performance.desk import Desk, desk
from tests.performance.figures import Report
from towerdesk.cli.demo.traffic import Generator

WORDS = 160
TIMES = 100
TEXTS = 500
WARM = 10
TOLD_AT = (100, 1_000, 2_500, 5_000, 7_500, 10_000)
PAGE = os.sysconf("SC_PAGE_SIZE")


def decide(desk: Desk) -> tuple[float, float]:
    """Median and 95th percentile of the CPU milliseconds of this process and its server process, warm, one core."""
    found = list(islice(costs(), WARM + TIMES))[WARM:]
    return statistics.median(found), late(found)


def costs() -> Iterator[float]:
    """CPU milliseconds of one decision after the other, each about somebody else's ticket; without end."""
    from django.db import connection

    from towerdesk.assistant.consider import consider
    from towerdesk.events.record import follow_with

    follow_with({})  # so that the desk's own worker leaves these to us
    arrived, texts = _door(), _long_ones()
    server = connection.cursor().connection.info.backend_pid
    for number in count():
        message = arrived(number, *next(texts))
        before = cpu.of_one(server) + time.process_time()
        if consider(message) is None:
            raise RuntimeError("The assistant did not consider a message.")
        yield (time.process_time() + cpu.of_one(server) - before) * 1000


def late(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)]


def _door() -> Callable[[int, str, str], object]:
    from towerdesk.channels.models import Inbox
    from towerdesk.people.find import person_for
    from towerdesk.tickets.open import open_ticket
    from towerdesk.tickets.receive import Received, receive

    inbox = Inbox.objects.select_related("team").earliest("id")

    def arrived(number: int, subject: str, text: str) -> object:
        person = person_for(f"decided{number}@example.com")
        ticket = open_ticket(subject, requester=person, inbox=inbox, by=person.actor())
        return receive(ticket, Received(text, subject=subject, person=person), by=person.actor())

    return arrived


def _long_ones() -> Iterator[tuple[str, str]]:
    """Requests of the demo's customers, put together until they have 160 words; without end, the same ones again.

    The generator remembers all that it ever said, which would look like a leak of the assistant's.
    """
    generator = Generator(5)
    return cycle([_long_one(generator) for _ in range(TEXTS)])


def _long_one(generator: Generator) -> tuple[str, str]:
    first = generator.request()
    text = first.words
    while len(text.split()) < WORDS:
        text += "\n\n" + generator.request(intent=first.intent).words
    return first.subject, " ".join(text.split()[:WORDS])


def main() -> None:
    times = int(sys.argv[1]) if sys.argv[1:] else 10_000
    report = Report()
    with desk() as one:
        os.environ.update(one.env)
        one.start()
        from tests.performance.__main__ import learn, set_up

        set_up(one)
        learn()
        with one.paused("worker"):
            _many(report, times)


def _many(report: Report, times: int) -> None:
    found: list[float] = []
    for number, cost in enumerate(islice(costs(), times), 1):
        found.append(cost)
        if number in TOLD_AT:
            report.tell(f"memory_after_{number}", _memory(), "MB")
    report.tell("decision_median", statistics.median(found[WARM:]))
    report.tell("decision_p95", late(found[WARM:]), goal=80)


def _memory() -> float:
    """What this process holds (RSS), in 10^6 bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


if __name__ == "__main__":
    main()
