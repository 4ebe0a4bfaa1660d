"""The stream, driven as a server drives it. Events are committed for real: only then does PostgreSQL tell of them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from towerdesk.accounts.models import Team
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.notifications.notify import notify
from towerdesk.notifications.tell import tell
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.presence import be_here
from towerdesk.web import live

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds until a missing event is called missing


class Reader:
    """A browser that reads /live: what was sent to it, in order."""

    def __init__(self, client: Client, *, last: int = 0) -> None:
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.scope = {
            "type": "http",
            "path": "/live",
            "query_string": f"after={last}".encode(),
            "headers": [(b"cookie", cookie.encode())],
        }
        self.status = 0
        self.text = ""
        self.ended = False
        self.leaving = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")

    @property
    def tickets(self) -> list[int]:
        lines = [line for line in self.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: "))["ticket"] for line in lines]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.02)


def run(story: Callable[[], Awaitable[None]]) -> None:
    """On a loop of its own; afterwards the hub and its database connections are gone."""

    async def whole() -> None:
        try:
            await story()
        finally:
            live.hub().close()
            await asyncio.sleep(0.05)
            await asyncio.gather(live.in_thread(connections.close_all), live.in_thread(connections.close_all))

    asyncio.run(whole())


async def in_thread(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    def then_close() -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(then_close)


@pytest.fixture
def bens_browser(ben_user: Any) -> Client:
    client = Client()
    client.force_login(ben_user)
    return client


def test_a_change_reaches_an_open_page_and_nothing_that_it_may_not_see(bens_browser, ana, desk, mara):
    open_to_all, secret = cast.opened(desk, mara), cast.opened(desk, mara)
    Ticket.objects.filter(pk=secret.pk).update(team=Team.objects.create(name="Legal", slug="legal", restricted=True))

    async def story() -> None:
        reader = Reader(bens_browser)
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: live.hub().is_listening)
        await in_thread(note, secret, "For Legal only.", by=ana)
        await in_thread(note, open_to_all, "For everybody here.", by=ana)
        await until(lambda: open_to_all.pk in reader.tickets)
        reader.leaving.set()
        await asyncio.wait_for(stream, PATIENCE)
        assert reader.status == 200
        assert secret.pk not in reader.tickets
        assert not live.hub().readers

    run(story)


def test_whoever_comes_back_hears_what_was_missed(bens_browser, ana, ticket):
    last = Event.objects.latest("id").pk
    note(ticket, "While you were away.", by=ana)

    async def story() -> None:
        reader = Reader(bens_browser, last=last)
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: ticket.pk in reader.tickets)
        reader.leaving.set()
        await asyncio.wait_for(stream, PATIENCE)

    run(story)


def test_whoever_missed_more_than_can_be_told_draws_it_anew(bens_browser, ana, ticket):
    seen = Event.objects.order_by("-id").first().pk
    Event.objects.bulk_create(Event(kind="message.noted", ticket_id=ticket.pk) for _ in range(live.MOST_MISSED + 1))
    newest = Event.objects.order_by("-id").first().pk

    async def story() -> None:
        reader = Reader(bens_browser, last=seen)
        listening = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: live.MUCH in reader.text)
        await in_thread(note, ticket, "Looked at it.", by=ana)
        await until(lambda: ticket.pk in reader.tickets)
        reader.leaving.set()
        await listening
        assert reader.tickets[0] is None
        assert len(reader.tickets) < 2 * live.OVERLAP  # the last ones may be told again
        assert f"id: {newest}\n" in reader.text

    run(story)


def test_a_page_hears_what_happened_between_its_drawing_and_its_listening(bens_browser, ana, ticket):
    note(ticket, "Just after your page was drawn.", by=ana)
    Event.objects.filter(kind="ticket.opened").update(at=now() - timedelta(minutes=5))

    async def story() -> None:
        reader = Reader(bens_browser)
        reader.scope["query_string"] = f"drawn={int(now().timestamp())}".encode()
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: ticket.pk in reader.tickets)
        reader.leaving.set()
        await asyncio.wait_for(stream, PATIENCE)

    run(story)


def test_a_page_hears_that_there_was_news_before_it_listened(bens_browser, ana, ticket, ben_user):
    tell(ticket, ben_user, "She rings at two", by=ana)
    notify(Event.objects.latest("id"))
    Event.objects.filter(kind="ticket.opened").update(at=now() - timedelta(minutes=5))

    async def story() -> None:
        reader = Reader(bens_browser)
        reader.scope["query_string"] = f"drawn={int(now().timestamp())}".encode()
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: f'"kind": "told:{ben_user.pk}"' in reader.text)
        reader.leaving.set()
        await asyncio.wait_for(stream, PATIENCE)

    run(story)


def test_who_is_at_a_ticket_is_told_at_once_and_never_asked_for_again(bens_browser, ana, ticket):
    async def story() -> None:
        reader = Reader(bens_browser)
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: live.hub().is_listening)
        await in_thread(be_here, ticket, writing="reply", by=ana)
        await until(lambda: ticket.pk in reader.tickets)
        reader.leaving.set()
        await asyncio.wait_for(stream, PATIENCE)
        assert '"kind": "presence"' in reader.text
        assert "id: 0" not in reader.text

    run(story)


def test_the_stream_ends_when_the_server_is_told_to_stop(bens_browser):
    async def story() -> None:
        reader = Reader(bens_browser)
        stream = asyncio.create_task(live.stream(reader.scope, reader.receive, reader.send))
        await until(lambda: bool(live.hub().readers))
        live.hub().close()
        await asyncio.wait_for(stream, PATIENCE)
        assert reader.ended

    run(story)


def test_all_open_pages_hear_again_after_the_database_let_go_of_the_connection(bens_browser, ana, ticket, desk, mara):
    other = cast.opened(desk, mara)

    async def story() -> None:
        last = await in_thread(lambda: Event.objects.latest("id").pk)
        readers = [Reader(bens_browser, last=last) for _ in range(3)]
        streams = [asyncio.create_task(live.stream(one.scope, one.receive, one.send)) for one in readers]
        await until(lambda: live.hub().is_listening and len(live.hub().readers) == 3)
        assert await in_thread(_hang_up) == 1
        await in_thread(note, ticket, "Said while nobody listened, or just after.", by=ana)
        await until(lambda: all(ticket.pk in one.tickets for one in readers))
        await in_thread(note, other, "Said later.", by=ana)
        await until(lambda: all(other.pk in one.tickets for one in readers))
        for one in readers:
            one.leaving.set()
        await asyncio.wait_for(asyncio.gather(*streams), PATIENCE)

    run(story)


def _hang_up() -> int:
    """How many connections listened, all of which were ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'LISTEN \"towerdesk_events\"'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("cookies", ["", "sessionid=x", f"{settings.SESSION_COOKIE_NAME}=forged"])
def test_nobody_listens_without_signing_in(cookies):
    async def story() -> None:
        said: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        scope = {"type": "http", "path": "/live", "query_string": b"", "headers": [(b"cookie", cookies.encode())]}
        await live.stream(scope, receive, send)
        assert said[0]["status"] == 401

    run(story)
