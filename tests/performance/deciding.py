"""One whole decision of the assistant in this process: read, retrieve, propose, check, judge, write down and act."""

import statistics
import time
from itertools import islice

from tests.performance import cpu
from tests.performance.desk import Desk
from towerdesk.cli.demo.traffic import Generator

WORDS = 160
TIMES = 100


def decide(desk: Desk) -> tuple[float, float]:
    """Median and 95th percentile of the CPU milliseconds of this process and its server process, warm, one core."""
    from django.db import connection

    from towerdesk.assistant.consider import consider
    from towerdesk.channels.models import Inbox
    from towerdesk.events.record import follow_with
    from towerdesk.people.find import person_for
    from towerdesk.tickets.models import Message
    from towerdesk.tickets.open import open_ticket
    from towerdesk.tickets.receive import Received, receive

    def arrived(number: int, subject: str, text: str) -> Message:
        person = person_for(f"decided{number}@example.com")
        ticket = open_ticket(subject, requester=person, inbox=inbox, by=person.actor())
        return receive(ticket, Received(text, subject=subject, person=person), by=person.actor())

    follow_with({})  # so that the desk's own worker leaves these to us
    inbox = Inbox.objects.select_related("team").earliest("id")
    messages = [arrived(at, *said) for at, said in enumerate(islice(_long_ones(), TIMES + 10))]
    server = connection.cursor().connection.info.backend_pid
    found = []
    for message in messages:
        before = cpu.of_one(server) + time.process_time()
        if consider(message) is None:
            raise RuntimeError("The assistant did not consider a message.")
        found.append((time.process_time() + cpu.of_one(server) - before) * 1000)
    warm = sorted(found[10:])
    return statistics.median(warm), warm[int(len(warm) * 0.95)]


def _long_ones() -> "list[tuple[str, str]]":
    """Requests of the demo's customers, put together until they have 160 words."""
    generator, found = Generator(5), []
    for _ in range(TIMES + 10):
        first = generator.request()
        text = first.words
        while len(text.split()) < WORDS:
            text += "\n\n" + generator.request(intent=first.intent).words
        found.append((first.subject, " ".join(text.split()[:WORDS])))
    return found
