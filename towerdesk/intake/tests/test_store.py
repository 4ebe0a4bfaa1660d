"""Bytes first: what is kept, where it goes, and that the SMTP door keeps exactly the same."""

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.accounts.models import Team
from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.intake.first_inbox import first_inbox
from towerdesk.intake.models import Raw
from towerdesk.intake.store import inbox_for, store
from towerdesk.intake.store_fast import store_fast
from towerdesk.lib.errors import NotFound
from towerdesk.testing import cast
from towerdesk.testing.mails import mail


@pytest.mark.django_db(transaction=True)
def test_the_smtp_doors_own_statement_writes_what_store_writes():
    inbox = cast.small_desk().inbox
    forget_jobs()
    envelope = {"from": "mara@lindqvist.example", "to": ["support@brasswell.example"], "ip": "192.0.2.1", "helo": "mx"}
    store(mail(), inbox, door="smtp", envelope=envelope)
    by_store = written()
    asyncio.run(fast(mail(), inbox, envelope))

    assert written() == by_store


def written() -> list[dict[str, Any]]:
    """The newest raw, event and job, without ids and times; then they are taken away."""
    raw, event, job = Raw.objects.get(), Event.objects.get(), ProcrastinateJob.objects.get()
    assert event.subject_id == raw.pk
    assert job.args == {"event": event.pk, "follower": "accept"}
    assert abs((event.at - raw.arrived_at).total_seconds()) < 60
    rows = [Raw.objects.values().get(), Event.objects.values().get(), ProcrastinateJob.objects.values().get()]
    rows[0]["content"] = bytes(rows[0]["content"])
    for row in rows:
        for passing in ("id", "arrived_at", "at", "subject_id", "args"):
            row.pop(passing, None)
    forget_jobs()
    Event.objects.all().delete()
    Raw.objects.all().delete()
    return rows


def forget_jobs() -> None:
    """The queue's tables are not emptied between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


async def fast(content: bytes, inbox: Inbox, envelope: dict[str, Any]) -> None:
    link = await psycopg.AsyncConnection.connect(address(), autocommit=True)
    async with link:
        await store_fast(link, content, [(inbox.pk, envelope)], door="smtp")


def address() -> str:
    """Of the test database."""
    params = connection.get_connection_params()
    known = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    return psycopg.conninfo.make_conninfo(**known)


def test_a_recipient_finds_its_inbox_whatever_its_case_and_plus_part(desk):
    billing = Inbox.objects.create(name="Billing", address="billing@brasswell.example", team=desk.billing)

    assert inbox_for(["x@elsewhere.example", "Billing+april@Brasswell.Example"]) == billing
    assert inbox_for(["nobody@brasswell.example"]) == desk.inbox
    assert inbox_for([]) == desk.inbox


@pytest.mark.django_db
def test_without_any_inbox_one_sentence_says_what_to_do():
    with pytest.raises(NotFound, match="There is no inbox yet"):
        inbox_for(["support@brasswell.example"])


@pytest.mark.django_db
def test_a_new_desk_gets_one_inbox_once():
    assert first_inbox("Help@Brasswell.example") == first_inbox()
    assert (Inbox.objects.get().address, Team.objects.get().name) == ("help@brasswell.example", "Support")
