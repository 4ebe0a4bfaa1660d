"""Live the whole log of incidents through the verbs, once: one JSON line per figure.

    python -m tests.performance.incidents [part/parts, 1/1]

Incidents don't touch each other, so parts may run beside each other, each in a database of its own.
"""

import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from tests.journeys.incidents import Incident, Replay, differences, incidents, verdict
from tests.performance.desk import Desk, desk
from tests.performance.figures import Report


def main() -> None:
    part, parts = (int(number) for number in (sys.argv[1] if sys.argv[1:] else "1/1").split("/"))
    report = Report()
    with desk() as one, a_database(one):
        lived = live(report, list(islice(incidents(), part - 1, None, parts)))
        judge(report, lived)
    print(f"\n{report.table()}")


@contextlib.contextmanager
def a_database(one: Desk) -> Iterator[None]:
    """Its tables and nobody at work in it: this process does everything."""
    os.environ.update(one.env | {"TOWERDESK_PG_FAST": "1"})
    from towerdesk.cli.session import session

    with session("desk"):
        yield


def live(report: Report, log: Sequence[Incident]) -> list[tuple[Incident, int]]:
    from towerdesk.events.record import follow_with

    follow_with({})  # nobody works here but the verbs and the clocks
    replay, began = Replay(), time.process_time()
    lived = []
    for at, incident in enumerate(log):
        lived.append((incident, replay.live(incident)))
        if at % 500 == 499:
            print(f"{at + 1} of {len(log)} incidents", file=sys.stderr, flush=True)
    spent = time.process_time() - began
    events = sum(len(incident.updates) for incident, _ in lived)
    report.tell("incidents_lived", float(len(lived)), "incidents")
    report.tell("incidents_events", float(events), "events")
    report.tell("incidents_cpu", spent / events * 1000, "ms/event")
    return lived


def judge(report: Report, lived: Sequence[tuple[Incident, int]]) -> None:
    """Equal to what follows from the log's times; and how that lies to the log's own column."""
    wrong = differences(lived)
    for line in wrong[:20]:
        print(line, file=sys.stderr)
    report.tell("incidents_verdicts_that_differ", float(len(wrong)), "incidents", goal=0)
    crossed = Counter((verdict(incident)[0], incident.made_sla) for incident, _ in lived)
    for (ours, theirs), number in sorted(crossed.items()):
        name = f"incidents_{'kept' if ours else 'missed'}_here_{'kept' if theirs else 'missed'}_there"
        report.tell(name, float(number), "incidents")


if __name__ == "__main__":
    main()
