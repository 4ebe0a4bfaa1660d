"""Server-sent events at /live: which ticket has changed, for those who may read it. Plain ASGI beside Django's threads.

The session is read once, rights are asked per event with `visible_to`, a reader that comes back names its last event and
hears what it missed, and all streams end when the server is told to stop.
"""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, get_user
from django.db import close_old_connections
from django.http import HttpRequest

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.notifications.models import Notification
from towerdesk.tickets.models import Ticket
from towerdesk.web.hub import MISSED, Heard, Hub

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
TOGETHER = 0.06  # seconds in which events are gathered, so that a burst asks for rights once
LONGEST = 20 * 60.0  # seconds; the browser comes back at once, and its session is looked at again
MOST_MISSED = 500
SKEW = 2.0  # seconds between an event's own time and its commit
OVERLAP = 50  # events may be committed out of the order of their numbers: a returning reader starts a little earlier

_threads = ThreadPoolExecutor(2, thread_name_prefix="live")
_hub: Hub | None = None


def hub() -> Hub:
    global _hub
    if _hub is None or _hub.closed.is_set():
        _hub = Hub()
    return _hub


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    actor = await _in_thread(_actor_of, _header(scope, b"cookie"))
    if actor is None:
        await _refuse(send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"retry: 1500\n\n", "more_body": True})
    gone = asyncio.create_task(_until_gone(receive))
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


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


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
            lines = await _in_thread(_lines, actor, heard) if heard else ": still here\n\n"
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
    drawn = _number(scope, "drawn")
    if not last and drawn:
        last = await _in_thread(_last_before, drawn)
    return await _catch_up(actor, last, send)


async def _catch_up(actor: Actor, last: int, send: Send) -> int:
    if not last:
        return last
    missed = await _in_thread(_since, last - OVERLAP)
    lines = await _in_thread(_lines, actor, missed) + await _in_thread(_told_since, actor, last)
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


async def _in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    def run() -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Please sign in."})


def _header(scope: Scope, name: bytes) -> str:
    return "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _last_event(scope: Scope) -> int:
    """The browser's Last-Event-ID, else the `after` of a page that knows how far it was drawn."""
    given = _header(scope, b"last-event-id")
    return int(given) if given.isdecimal() and len(given) < 19 else _number(scope, "after")


def _number(scope: Scope, name: str) -> int:
    query = dict(pair.split("=", 1) for pair in scope["query_string"].decode("latin-1").split("&") if "=" in pair)
    given = query.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


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
