"""What is announced is heard, and the end of the server too."""

import asyncio

import psycopg
import pytest
from procrastinate.contrib.django.utils import connector_params

from towerdesk.lib.ears import Ears

pytestmark = pytest.mark.django_db(transaction=True)


def with_ears(story):
    async def whole():
        link = await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True)
        other = await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True)
        async with link, other, asyncio.timeout(60):
            ears = Ears(link)
            await ears.listen("drips")
            return await story(ears, other)

    return asyncio.run(whole())


def test_what_came_before_is_heard_and_what_comes_later():
    async def story(ears, other):
        await other.execute("NOTIFY drips, '1'")
        await other.execute("NOTIFY leaks, '2'")
        first = await ears.hear()
        later = asyncio.create_task(ears.hear())
        await asyncio.sleep(0)
        await other.execute("NOTIFY drips, '3'")
        return [(one.channel, one.payload) for one in [*first, *await later]]

    assert with_ears(story) == [("drips", "1"), ("drips", "3")]


def test_what_comes_while_something_else_is_asked_is_not_lost():
    async def story(ears, other):
        await other.execute("NOTIFY drips, '1'")
        await ears.link.execute("SELECT 1")
        return [one.payload for one in await ears.hear()]

    assert with_ears(story) == ["1"]


def test_silence_ends_when_it_was_to_end():
    async def story(ears, other):
        return await ears.hear(within=0.01)

    assert with_ears(story) == []


async def hear_for_ever(ears):
    while True:
        await ears.hear()


def test_that_the_server_is_gone_is_heard():
    async def story(ears, other):
        hearing = asyncio.create_task(hear_for_ever(ears))
        await asyncio.sleep(0)
        await other.execute("SELECT pg_terminate_backend(%s)", [ears.link.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            await hearing

    with_ears(story)
