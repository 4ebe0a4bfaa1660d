"""The few questions that trust asks the DNS. Tests answer them from a table."""

from typing import Literal, Protocol

import dns.exception
import dns.resolver

TIMEOUT = 3.0  # seconds for one question, all servers tried

type Kind = Literal["TXT", "A", "AAAA", "MX"]


class DnsTrouble(Exception):
    """No server answered: ask again later. A name that does not exist is no trouble, it has no records."""


class Resolver(Protocol):
    def __call__(self, name: str, kind: Kind) -> list[str]:
        """The records: whole TXT strings, addresses, MX host names in order of preference; [] when there are none."""


def ask(name: str, kind: Kind) -> list[str]:
    """Ask the system's DNS servers."""
    try:
        answers = dns.resolver.resolve(name, kind, lifetime=TIMEOUT, search=False)
    except (
        dns.resolver.NXDOMAIN,
        dns.resolver.NoAnswer,
        dns.exception.SyntaxError,
        dns.name.LabelTooLong,
        dns.name.EmptyLabel,
    ):
        return []
    except dns.exception.DNSException as error:
        raise DnsTrouble(f"DNS does not answer for {name}.") from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answers]
    if kind == "MX":
        return [str(record.exchange).rstrip(".") for record in sorted(answers, key=lambda one: int(one.preference))]
    return [str(record) for record in answers]
