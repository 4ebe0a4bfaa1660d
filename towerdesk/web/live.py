"""Server-sent events at /live: which ticket has changed, for those who may read it. Plain ASGI beside Django's threads.

The session is read once, rights are asked per event with `visible_to`, a reader that comes back names its last event and
hears what it missed, and all streams end when the server is told to stop.
"""

import asyncio
import json
import signal
from collections.abc import Iterable
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, get_user
from django.http import HttpRequest

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.events.hub import MISSED, Heard, Hub, hub
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.streams import (
    HEARTBEAT,
    Receive,
    Scope,
    Send,
    begin,
    header,
    in_thread,
    number_in,
    refuse,
    until_gone,
)
from towerdesk.lib.text import as_number
from towerdesk.notifications.models import Notification
from towerdesk.tickets.models import Ticket

TOGETHER = 0.06  # seconds in which events are gathered, so that a burst asks for rights once
LONGEST = 20 * 60.0  # seconds; the browser comes back at once, and its session is looked at again
MOST_MISSED = 500
MUCH = "much"
"""Told instead of all that somebody missed who was away for a night: what they look at is drawn anew."""
SKEW = 2.0  # seconds between an event's own time and its commit
OVERLAP = 50  # events may be committed out of the order of their numbers: a returning reader starts a little earlier


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    actor = await in_thread(_actor_of, header(scope, b"cookie"))
    if actor is None:
        await refuse(send, 401, "Please sign in.")
        return
    await begin(send)
    gone = asyncio.create_task(until_gone(receive))
    try:
        await _tell(hub(), actor, scope, send, gone)
    finally:
        gone.cancel()


async def lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _end_streams_on_signals()
            await send({"type": "lifespan.startup.complete"})
        else:
            hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _tell(hub: Hub, actor: Actor, scope: Scope, send: Send, gone: "asyncio.Task[None]") -> None:
    """Until the reader goes, the server stops, or it is time to look at the session again."""
    queue, loop = hub.join(), asyncio.get_running_loop()
    until = loop.time() + LONGEST
    stopping = asyncio.create_task(hub.closed.wait())
    try:
        last = await _begin(actor, scope, send)
        while not gone.done() and not stopping.done() and queue in hub.readers and loop.time() < until:
            heard = await _next(queue, gone, stopping)
            if MISSED in heard:
                last = await _catch_up(actor, last, send)
            lines = await in_thread(_lines, actor, heard) if heard else ": still here\n\n"
            last = max([last, *(one.id for one in heard)])
            if lines:
                await send({"type": "http.response.body", "body": lines.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        stopping.cancel()
        hub.leave(queue)


async def _next(queue: "asyncio.Queue[Heard]", *ends: "asyncio.Task[Any]") -> list[Heard]:
    """What comes next, with all that follows within a moment; empty after a quiet while."""
    first = asyncio.create_task(queue.get())
    await asyncio.wait((first, *ends), timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    if not first.done():
        first.cancel()
        return []
    await asyncio.sleep(TOGETHER)
    return [first.result(), *(queue.get_nowait() for _ in range(queue.qsize()))]


async def _begin(actor: Actor, scope: Scope, send: Send) -> int:
    """Whoever comes back hears what it missed; whoever is new, what happened since its page was drawn."""
    last = _last_event(scope)
    drawn = number_in(scope, "drawn")
    if not last and drawn:
        last = await in_thread(_last_before, drawn)
    return await _catch_up(actor, last, send)


async def _catch_up(actor: Actor, last: int, send: Send) -> int:
    if not last:
        return last
    missed = await in_thread(_since, last - OVERLAP)
    if len(missed) == MOST_MISSED:
        missed = [Heard(await in_thread(_newest), MUCH, None)]
        lines = _line(missed[0])
    else:
        lines = await in_thread(_lines, actor, missed)
    lines += await in_thread(_told_since, actor, last)
    if lines:
        await send({"type": "http.response.body", "body": lines.encode(), "more_body": True})
    return max([last, *(one.id for one in missed)])


def _last_before(drawn: int) -> int:
    """The newest event that was already there when a page was drawn (seconds since 1970), among the last few hundred."""
    rows = Event.objects.order_by("-id").values_list("id", "at")[:MOST_MISSED]
    oldest = 0
    for number, at in rows:
        if at.timestamp() < drawn - SKEW:
            return number
        oldest = number
    return oldest


def _since(last: int) -> list[Heard]:
    rows = Event.objects.after(last).exclude(ticket_id=None).values_list("id", "kind", "ticket_id")[:MOST_MISSED]
    return [Heard(*row) for row in rows]


def _newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _told_since(actor: Actor, last: int) -> str:
    """That there is news for this reader is in no log: it is told again when some came after event number `last`."""
    before = Event.objects.filter(pk__lte=last).order_by("-pk").values_list("at", flat=True).first()
    if before is None or actor.user_id is None:
        return ""
    since = before - timedelta(seconds=SKEW)
    news = Notification.objects.filter(user=actor.user_id, at_desk=True, read_at=None, last_at__gte=since)
    ticket = news.order_by("-last_at").values_list("ticket_id", flat=True).first()
    return _line(Heard(0, f"told:{actor.user_id}", ticket)) if ticket else ""


def _lines(actor: Actor, heard: Iterable[Heard]) -> str:
    """What this actor may know of it, as lines of a stream."""
    of_tickets = [one for one in heard if one.ticket is not None]
    asked = {one.ticket for one in heard if one.ticket is not None}
    allowed = (
        set(Ticket.objects.visible_to(actor).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    )
    return "".join(_line(one) for one in of_tickets if one.ticket in allowed)


def _line(one: Heard) -> str:
    """What is not in the log has no id: a reader that comes back can't ask for it again."""
    begin = f"id: {one.id}\n" if one.id else ""
    return f"{begin}data: {json.dumps({'kind': one.kind, 'ticket': one.ticket})}\n\n"


def _actor_of(cookies: str) -> Actor | None:
    """Who is signed in, by the same session that Django's pages read."""
    try:
        key = SimpleCookie(cookies)[settings.SESSION_COOKIE_NAME].value
    except (KeyError, CookieError):
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    if SESSION_KEY not in request.session or BACKEND_SESSION_KEY not in request.session:
        return None
    user = get_user(request)
    return actors.agent(user) if isinstance(user, User) and user.is_active else None


def _last_event(scope: Scope) -> int:
    """The browser's Last-Event-ID, else the `after` of a page that knows how far it was drawn."""
    given = header(scope, b"last-event-id")
    return as_number(given) or number_in(scope, "after")


def _end_streams_on_signals() -> None:
    """A server waits for open requests before it says goodbye; streams have to hear of it earlier."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(received: int, frame: Any, before: Any = before) -> None:
            loop.call_soon_threadsafe(hub().close)
            if callable(before):
                before(received, frame)

        try:
            signal.signal(number, stop)
        except ValueError:  # not the main thread: a test server, which closes the hub itself
            return
