"""A mail asks the database few questions on its way to a ticket: whatever one of them costs, every mail pays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.events.models import Event
from towerdesk.flow import accept_raw, decide
from towerdesk.intake.store import store
from towerdesk.testing.mails import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrives(desk):
    """Call it: a stranger's mail, through both of its jobs; gives how many statements each of them asks."""

    def through(sender):
        store(mail(sender=sender), desk.inbox, door="smtp", envelope={})
        return [asked(accept_raw, "raw.arrived"), asked(decide, "message.received")]

    return through


def asked(step, kind):
    """Without begin, savepoints and commit."""
    event = Event.objects.filter(kind=kind).latest("pk")
    with CaptureQueriesContext(connection) as seen:
        step(event)
    return sum("SAVEPOINT" not in one["sql"] for one in seen)


def test_a_strangers_mail_is_on_a_ticket_after_few_statements(arrives):
    """On a desk without rules and policies, whose assistant knows nothing yet."""
    arrives("first@example.com")  # what the desk is set to do is read once

    accepting, deciding = arrives("second@example.com")

    assert accepting <= 7
    assert deciding <= 14
