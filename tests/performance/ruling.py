"""What 1,000 active rules cost on one event: `python -m tests.performance.ruling` on any desk's database.

Everything happens in one transaction that is rolled back. Times are of the wall clock, on this process's own connection.
"""

import os
import statistics
import time

from tests.performance import cpu
from tests.performance.figures import Report

RULES, TIMES = 1000, 200
GOAL = 10.0  # milliseconds, for the 95th percentile
CONDITIONS = (
    "grinder{0} broken",
    '"does not start{0}"',
    "intent:none priority:critical tag:t{0}",
    "team:any is:unassigned language:x{0}",
    "requester:person{0}@example.com",
    "inbox:any channel:email created:<1h tag:vip{0}",
    "(refund{0} OR money{0}) -tag:paid",
    "organisation:any due:<2h area:part{0}",
    "status:pending,hold mood:upset number:{0}",
    "invoice{0} NOT (team:any tag:done{0})",
)
TEXT = "The grinder stopped in the middle of a cup and now only hums. What can I do before I send it in? " * 6


def measure(report: Report, rules: int = RULES, times: int = TIMES) -> None:
    """The first event of a process also reads the rules; that is told by itself."""
    from django.db import transaction

    with transaction.atomic():
        _write_rules(rules)
        first, quiet = _times(times, fires=False)
        report.tell(f"rules_{rules}_read", first)
        _tell(report, f"rules_{rules}", quiet)
        report.tell(f"rules_{rules}_cpu", _cpu(times), goal=GOAL)
        _, acting = _times(times // 3, fires=True)
        _tell(report, f"rules_{rules}_one_fires", acting)
        transaction.set_rollback(True)


def _tell(report: Report, name: str, found: list[float]) -> None:
    report.tell(f"{name}_median", statistics.median(found))
    report.tell(f"{name}_p95", sorted(found)[int(len(found) * 0.95)], goal=GOAL)


def _cpu(times: int) -> float:
    """Milliseconds of CPU for one event, this process and its server process together: what a busy machine can't change."""
    from django.db import connection

    from towerdesk.automation.rules import run

    server = connection.cursor().connection.info.backend_pid
    arrived = [_arrived(1_000_000 + number) for number in range(times)]
    begun = time.process_time() + cpu.used([server])
    for event, ticket in arrived:
        run(event, ticket)
    return (time.process_time() + cpu.used([server]) - begun) * 1000 / times


def _write_rules(number: int) -> None:
    from towerdesk.automation.models import Rule

    Rule.objects.all().delete()
    Rule.objects.bulk_create(
        Rule(
            name=f"Rule {at}",
            when=("message.received", "ticket.opened")[at % 2],
            condition=CONDITIONS[at % len(CONDITIONS)].format(at),
            actions=[{"do": "tag", "add": ["seen"]}],
            position=at,
        )
        for at in range(number)
    )


def _times(times: int, *, fires: bool) -> tuple[float, list[float]]:
    """Milliseconds for the first event, and for each of the others; every event is a new ticket's."""
    from towerdesk.automation.models import Rule
    from towerdesk.automation.rules import run

    if fires:
        Rule.objects.create(name="Fires", condition="grinder hums", actions=[{"do": "tag", "add": ["x"]}], position=-1)
    found = []
    for number in range(times + 1):
        event, ticket = _arrived(number)
        begun = time.perf_counter()
        fired = run(event, ticket)
        found.append((time.perf_counter() - begun) * 1000)
        if len(fired) != int(fires):
            raise RuntimeError(f"{len(fired)} rules fired where {int(fires)} should.")
    return found[0], found[1:]


def _arrived(number: int):  # type: ignore[no-untyped-def]
    """As the worker meets it: read from the database a moment after it was written."""
    from towerdesk.channels.models import Inbox
    from towerdesk.events.models import Event
    from towerdesk.people.find import person_for
    from towerdesk.tickets.models import Ticket
    from towerdesk.tickets.open import open_ticket
    from towerdesk.tickets.receive import Received, receive

    person = person_for(f"ruled{number}@example.com")
    inbox = Inbox.objects.select_related("team").earliest("id")
    ticket = open_ticket("It hums", requester=person, inbox=inbox, by=person.actor())
    receive(ticket, Received(TEXT, subject="It hums", person=person), by=person.actor(), opening=True)
    event = Event.objects.filter(ticket_id=ticket.pk, kind="message.received").latest("id")
    return event, Ticket.objects.get(pk=ticket.pk)


def main() -> None:
    """On a desk without an inbox a small one is made, and rolled back with the rest."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import transaction

    from towerdesk.channels.models import Inbox
    from towerdesk.testing.cast import small_desk

    with transaction.atomic():
        if not Inbox.objects.exists():
            small_desk()
        measure(Report())
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
