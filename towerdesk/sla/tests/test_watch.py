"""The lookout sleeps until a deadline, and hears of an earlier one."""

import asyncio
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from towerdesk.lib.clock import now
from towerdesk.sla.models import Clock
from towerdesk.sla.wake import wake
from towerdesk.sla.watch import watch
from towerdesk.testing import cast


@pytest.mark.django_db(transaction=True)
def test_a_deadline_that_comes_earlier_is_heard_and_not_met_before_its_time(desk, mara, promise):
    promise(solution=480, calendar=None)
    ticket = cast.opened(desk, mara)
    due = now() + timedelta(seconds=1.5)
    seen: list[float] = []

    async def lookout() -> None:
        async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as link:
            looking = asyncio.create_task(watch(link, note))
            try:
                await asyncio.sleep(0.3)
                await asyncio.to_thread(_bring_forward, ticket.pk, due)
                await asyncio.wait_for(_until(seen), timeout=60)  # it would have slept for five minutes
            finally:
                looking.cancel()

    async def note() -> None:
        seen.append(time.time())

    asyncio.run(lookout())

    assert seen[0] >= due.timestamp()


def _bring_forward(ticket: int, due) -> None:
    Clock.objects.filter(ticket=ticket).update(next_at=due)
    wake(due)
    connection.close()


def _address() -> str:
    its = connection.settings_dict
    place = {
        "host": its["HOST"],
        "port": its["PORT"],
        "user": its["USER"],
        "dbname": its["NAME"],
        "password": its["PASSWORD"],
    }
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in place.items() if value})


async def _until(seen: list[float]) -> None:
    while not seen:
        await asyncio.sleep(0.02)
