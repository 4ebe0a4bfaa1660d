"""What an issue says of a bug: what is known, and how many it concerns. Nobody's name, unless a person chose their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from towerdesk.problems.bugs.environment import Met, gathered
from towerdesk.problems.bugs.redact import redacted
from towerdesk.problems.bugs.worth import Worth
from towerdesk.problems.models import Bug
from towerdesk.tickets.models import Message, Ticket

LONGEST_QUOTE = 1200
MOST_QUOTES = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """What one report says. `safe` is its text without who wrote it."""

    ticket: Ticket
    message: Message
    text: str
    safe: str
    files: Sequence[str]


def evidence(reports: Iterable[Ticket]) -> list[Quote]:
    """The first words of each report, with the names of its files; three queries, however many."""
    tickets = {one.pk: one for one in reports}
    firsts: dict[int, Message] = {}
    said = Message.objects.filter(ticket__in=tickets, direction="in", public=True, taken_back_at=None)
    for message in said.prefetch_related("attachments").order_by("id"):
        firsts.setdefault(message.ticket_id, message)
    names = [one.requester.name for one in tickets.values()]
    return [_quote(tickets[number], message, names) for number, message in list(firsts.items())[:MOST_QUOTES]]


def environment_of(reports: Iterable[Ticket]) -> list[Met]:
    """Of everything that was written on them from outside."""
    texts: dict[int, list[str]] = {}
    numbers = [one.pk for one in reports]
    said = Message.objects.filter(ticket__in=numbers, direction="in", public=True, taken_back_at=None)
    for ticket, text in said.values_list("ticket", "text").order_by("id"):
        texts.setdefault(ticket, []).append(text)
    return gathered(texts)


def body(bug: Bug, met: Sequence[Met], worth: Worth, quotes: Sequence[Quote], whole: Iterable[int], link: str) -> str:
    """Markdown. `whole` are tickets whose words a person chose to send as they are; of `quotes` all others are redacted."""
    chosen = set(whole)
    parts = [f"Reported by {worth.customers} customer{'' if worth.customers == 1 else 's'} ({worth.reports} in all)."]
    parts += _section("Steps to reproduce", _numbered(bug.steps))
    parts += _section("Expected", bug.expected)
    parts += _section("What happens instead", bug.actual)
    lines = [f"- {met_one.kind}: {met_one.value} ({met_one.count} of {worth.reports})" for met_one in met]
    lines += [f"- {name}: {value}" for name, value in bug.environment.items()]
    parts += _section("Environment", "\n".join(lines))
    said = [
        "\n".join(f"> {line}" for line in (one.text if one.ticket.pk in chosen else one.safe).splitlines())
        for one in quotes
    ]
    parts += _section("What customers write", "\n\n".join(said))
    return "\n\n".join([*parts, f"Bug {bug.number} at the desk: {link}"])


def _quote(ticket: Ticket, message: Message, names: Sequence[str]) -> Quote:
    text = message.visible.strip()[:LONGEST_QUOTE]
    safe = redacted(text, [*names, message.author_name])
    return Quote(ticket, message, text, safe, [file.name for file in message.attachments.all() if not file.inline])


def _section(title: str, text: str) -> list[str]:
    return [f"## {title}", text.strip()] if text.strip() else []


def _numbered(steps: str) -> str:
    lines = [line.strip() for line in steps.splitlines() if line.strip()]
    return "\n".join(f"{number}. {line.lstrip('0123456789.-) ')}" for number, line in enumerate(lines, 1))
