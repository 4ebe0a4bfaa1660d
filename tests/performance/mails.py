"""Mails of the demo company's customers, each from somebody else, ready to be sent."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.performance.client import MailServer
from tests.performance.desk import Desk
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.mails import as_mail
from towerdesk.cli.demo.traffic import Generator

SENDERS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    to: str
    content: bytes


def mails(seed: int) -> Iterator[Mail]:
    """Without end; never two from one address, so that no ceiling is met."""
    generator, to = Generator(seed), company().inboxes[0].address
    for number, request in enumerate(iter(generator.request, None)):
        person = replace(request.person, email=f"writer.{seed}.{number}@example.com")
        yield Mail(person.email, to, as_mail(replace(request, person=person), to))


def all_at_once(desk: Desk, some: list[Mail], settle: Callable[[], object]) -> tuple[float, float]:
    """Mails a second: kept by the door, and on tickets."""
    shares = [some[start::SENDERS_AT_ONCE] for start in range(SENDERS_AT_ONCE)]
    threads = [threading.Thread(target=_send, args=(MailServer(desk), share)) for share in shares]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = time.monotonic() - began
    settle()
    return len(some) / kept, len(some) / (time.monotonic() - began)


def _send(server: MailServer, share: list[Mail]) -> None:
    for mail in share:
        server.send(mail.sender, mail.to, mail.content)
