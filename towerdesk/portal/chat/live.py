"""The stream of one chat, /chat/KEY/live: what was written, and how it stands. Plain ASGI, beside Django's threads.

An idle stream is one task that sleeps. One reader per process hears the log and wakes whom it concerns; what a stream then
says it reads with the visitor's own rights (`chats.conversation`). Whoever comes back names the last event and hears what
they missed; every item has a key, so that hearing it twice changes nothing.
"""

import asyncio
import contextlib
import json
import time
from typing import Any

from towerdesk.channels.models import Inbox
from towerdesk.chats.conversation import news_of
from towerdesk.chats.models import Visitor
from towerdesk.chats.presence import NEWS, came, still_here, went
from towerdesk.chats.state import places_in, state_of
from towerdesk.chats.visitors import visitor_of
from towerdesk.events.hub import Heard, Hub, hub
from towerdesk.lib.errors import Trouble
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
from towerdesk.portal.chat.guard import cors, find, must_not_hurry, token_in

TOGETHER = 0.03  # seconds in which what happens is gathered
BEAT = 10.0  # seconds between looks at who waits and who is here
MOST_STREAMS = 8  # of one visitor: tabs
REFUSALS = {401: "This chat is not known here any more.", 429: "Too many pages of this chat are open."}


class Stream:
    """One open page. `unsaid`: whether the conversation may have changed, not only how it stands."""

    def __init__(self, visitor: Visitor, last: int) -> None:
        self.visitor, self.last = visitor, last
        self.wake = asyncio.Event()
        self.unsaid, self.is_over, self.beats, self.has_moved = True, False, False, False
        self.tickets: set[int] = set()
        self.state = ""
        self.place = 0
        self.quiet_since = time.monotonic()

    def news(self, *, written: bool) -> None:
        self.unsaid = self.unsaid or written
        self.beats = True
        self.wake.set()

    def moves_to(self, place: int) -> None:
        """In the line of those who wait. Nothing else about them has changed, so nothing is asked for."""
        self.place, self.has_moved = place, True
        self.wake.set()

    def say_place(self) -> str:
        moved, self.has_moved = self.has_moved and bool(self.state), False
        return self.say_state(json.dumps({**json.loads(self.state), "place": self.place})) if moved else ""

    def say_state(self, state: str) -> str:
        """Nothing when that is known."""
        if state == self.state:
            return ""
        self.state = state
        return f"event: state\ndata: {state}\n\n"

    def stop(self) -> None:
        self.is_over = True
        self.wake.set()


class Switchboard:
    """All streams of this process, by visitor and by ticket. Everything here runs on the server's event loop."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.by_visitor: dict[int, set[Stream]] = {}
        self.by_ticket: dict[int, set[Stream]] = {}
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]

    def plug_in(self, stream: Stream) -> bool:
        mine = self.by_visitor.setdefault(stream.visitor.pk, set())
        if len(mine) >= MOST_STREAMS:
            return False
        mine.add(stream)
        self.follow(stream, stream.visitor.ticket_id)
        return True

    def follow(self, stream: Stream, ticket: int | None) -> None:
        if ticket is not None:
            stream.tickets.add(ticket)
            self.by_ticket.setdefault(ticket, set()).add(stream)

    def pull_out(self, stream: Stream) -> bool:
        """Whether it was the last one of its visitor."""
        for ticket in stream.tickets:
            self._forget(self.by_ticket, ticket, stream)
        self._forget(self.by_visitor, stream.visitor.pk, stream)
        return stream.visitor.pk not in self.by_visitor

    @staticmethod
    def _forget(lines: dict[int, set[Stream]], key: int, stream: Stream) -> None:
        lines.get(key, set()).discard(stream)
        if not lines.get(key):
            lines.pop(key, None)

    @property
    def streams(self) -> list[Stream]:
        return [stream for streams in self.by_visitor.values() for stream in streams]

    async def _listen(self) -> None:
        queue, closed = self.hub.join(), asyncio.create_task(self.hub.closed.wait())
        try:
            while not closed.done():
                heard = asyncio.create_task(queue.get())
                await asyncio.wait((heard, closed), return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    self._tell(heard.result())
                else:
                    heard.cancel()
        finally:
            self.hub.leave(queue)
            for stream in self.streams:
                stream.stop()

    def _tell(self, heard: Heard) -> None:
        if heard.ticket is None:
            if not heard.id and not heard.kind:  # something may have been missed
                for stream in self.streams:
                    stream.news(written=True)
            return
        if heard.kind.startswith(NEWS):
            mine = self.by_visitor.get(as_number(heard.kind.removeprefix(NEWS)), set())
            for stream in list(mine):
                new = heard.ticket not in stream.tickets
                self.follow(stream, heard.ticket)
                stream.news(written=new)
            return
        for stream in list(self.by_ticket.get(heard.ticket, ())):
            stream.news(written=bool(heard.id))

    async def _beat(self) -> None:
        """Who is here is written down, who waits hears of their place, and what was quiet for long says a word."""
        while not self.hub.closed.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.hub.closed.wait(), BEAT)
            with contextlib.suppress(Exception):  # the database may be away for a moment
                await self._look_around()

    async def _look_around(self) -> None:
        streams = self.streams
        if not streams:
            return
        await in_thread(still_here, [stream.visitor.pk for stream in streams])
        waiting = {stream.visitor.inbox_id for stream in streams if stream.place}
        for inbox in await in_thread(lambda: list(Inbox.objects.filter(pk__in=waiting))) if waiting else []:
            places = await in_thread(places_in, inbox)
            in_line = (one for one in streams if one.place and one.visitor.inbox_id == inbox.pk)
            for stream in in_line:
                place = places.get(stream.visitor.pk, 0)
                if place and place != stream.place:
                    stream.moves_to(place)
                elif not place:
                    stream.news(written=False)
        long_ago = time.monotonic() - HEARTBEAT + 1
        for stream in streams:
            if stream.quiet_since < long_ago:
                stream.wake.set()


_board: Switchboard | None = None


def switchboard() -> Switchboard:
    global _board
    if _board is None or _board.hub is not hub():
        _board = Switchboard(hub())
    return _board


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    key = str(scope["path"]).split("/")[2]
    status, headers, visitor = await in_thread(_admit, key, scope)
    more = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    if visitor is None:
        await refuse(send, status, REFUSALS.get(status, "Not allowed."), more)
        return
    mine, board = Stream(visitor, _last_event(scope)), switchboard()
    if not board.plug_in(mine):
        await refuse(send, 429, REFUSALS[429], more)
        return
    gone = asyncio.create_task(until_gone(receive))
    gone.add_done_callback(lambda _: mine.stop())
    try:
        await begin(send, headers=more)
        await in_thread(came, visitor)
        await _tell(mine, board, send)
    finally:
        gone.cancel()
        if board.pull_out(mine):
            with contextlib.suppress(Exception):  # the clock sees it, too
                await in_thread(went, visitor)


async def _tell(mine: Stream, board: Switchboard, send: Send) -> None:
    mine.beats = True
    while not mine.is_over:
        mine.wake.clear()
        lines = await _lines(mine, board) if mine.beats else mine.say_place()
        mine.quiet_since = time.monotonic()
        await send({"type": "http.response.body", "body": (lines or ": here\n\n").encode(), "more_body": True})
        await mine.wake.wait()
        if mine.beats:
            await asyncio.sleep(TOGETHER)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lines(mine: Stream, board: Switchboard) -> str:
    unsaid, mine.unsaid, mine.beats = mine.unsaid, False, False
    try:
        lines, state, tickets = await in_thread(_read, mine, unsaid)
    except Exception:
        mine.stop()  # the page comes back with its last event and loses nothing
        return ""
    for ticket in tickets:
        board.follow(mine, ticket)
    return lines + mine.say_state(state)


def _read(mine: Stream, unsaid: bool) -> tuple[str, str, list[int]]:
    visitor = Visitor.objects.select_related("inbox", "ticket__merged_into").get(pk=mine.visitor.pk)
    lines = ""
    if unsaid:
        news = news_of(visitor, mine.last)
        if news.items or not mine.last:
            lines = f"id: {news.upto}\nevent: items\ndata: {json.dumps(news.items)}\n\n"
        mine.last = news.upto
    state: dict[str, Any] = state_of(visitor)
    mine.place = state["place"]
    tickets = {number for number in (visitor.ticket_id, visitor.ticket and visitor.ticket.merged_into_id) if number}
    return lines, json.dumps(state), sorted(tickets)


def _admit(key: str, scope: Scope) -> tuple[int, dict[str, str], Visitor | None]:
    headers: dict[str, str] = {}
    try:
        inbox, ways = find(key)
        headers = cors(ways, header(scope, b"origin"))
        visitor = visitor_of(inbox, token_in(header(scope, b"authorization")))
        must_not_hurry(inbox, ways, (scope.get("client") or ("",))[0], visitor)
    except Trouble as trouble:
        return trouble.status, headers, None
    return (401 if visitor is None else 200), headers, visitor


def _last_event(scope: Scope) -> int:
    return as_number(header(scope, b"last-event-id")) or number_in(scope, "after")
