"""A desk with a quarter's tickets, and what the linter says of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from towerdesk.advice.lint import lint
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Ticket


@pytest.fixture
def came(desk, mara) -> Callable[..., list[Ticket]]:
    """`came(100, priority="high")`: so many tickets of Mara's, opened just now."""

    def make(number: int = 100, **values: object) -> list[Ticket]:
        due = now() + timedelta(hours=4)
        common = {"requester": mara, "inbox": desk.inbox, "team": desk.repairs, "next_step": "Ana answers"}
        said = {"subject": "It drips", "due_at": due} | common | values
        return Ticket.objects.bulk_create(Ticket(**said) for _ in range(number))

    return make


@pytest.fixture
def leaks(desk) -> Intent:
    return Intent.objects.create(slug="leak", name="Leak after descaling", team=desk.repairs)


@pytest.fixture
def said() -> Callable[[str], list[str]]:
    """What the check of this name says now."""

    def look(name: str) -> list[str]:
        return [one.finding.what for one in lint(by=CLOCK) if one.check.name == name]

    return look
