"""Hold many idle chats open on one web process, and see how soon words get across: one JSON line per figure.

    python -m tests.performance.chats [chats, 1000]

An idle chat is a visitor with a ticket whose page listens. "Seen" is when the agent's own stream says that the ticket has
changed, and when the visitor's stream says the reply; both pass through the worker.
"""

import asyncio
import os
import random
import resource
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.performance.client import signed_in
from tests.performance.desk import Desk, desk
from tests.performance.figures import Report

if TYPE_CHECKING:
    from towerdesk.chats.models import Visitor

CHATS, MESSAGES = 1_000, 60
AT_ONCE = 40  # pages that open at the same moment
GAP = 0.25  # seconds between two messages: four a second over all chats
PATIENCE = 30.0


@dataclass(slots=True)
class Chat:
    token: str
    ticket: int
    heard: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)


def main() -> None:
    number = int(sys.argv[1]) if sys.argv[1:] else CHATS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, number + 500), hard), hard))
    report = Report()
    with desk() as one:
        os.environ.update(one.env)
        one.start()
        key, chats = set_up(number)
        asyncio.run(measure(one, report, key, chats))
    print(f"\n{report.table()}")


def set_up(number: int) -> tuple[str, list[Chat]]:
    from towerdesk.cli.session import set_up_django

    set_up_django()
    from towerdesk.accounts.models import Team
    from towerdesk.chats.open_chat import open_chat
    from towerdesk.chats.visitors import begin
    from towerdesk.chats.ways import set_ways
    from towerdesk.events.record import follow_with
    from towerdesk.lib.actor import CLOCK

    team, _ = Team.objects.get_or_create(slug="shop", defaults={"name": "Shop"})
    inbox = open_chat("Bench", team, by=CLOCK)
    set_ways(inbox, {"most_per_network": 10**9, "leave_minutes": 600}, by=CLOCK)
    follow_with({})  # these tickets are only there to be waited on
    begun = [begin(inbox, {"name": f"Visitor {at}"}) for at in range(number)]
    return str(inbox.hook), [Chat(token, _ticket(visitor)) for visitor, token in begun]


def _ticket(visitor: "Visitor") -> int:
    """As if they had written: kept, read, and met."""
    from towerdesk.channels.chat.note import Note, write_note
    from towerdesk.chats.meet import meet
    from towerdesk.intake.accept import accept
    from towerdesk.intake.store import store
    from towerdesk.lib.clock import now

    note = Note("the-first-one", visitor.key, "A question", now(), name=visitor.name)
    taken = accept(store(write_note(note), visitor.inbox, door="chat", envelope={}).pk)
    if taken is None or taken.raw.message is None:
        raise RuntimeError("The first words of a visitor did not become a ticket.")
    meet(taken.raw.message)
    return taken.raw.message.ticket_id


async def measure(one: Desk, report: Report, key: str, chats: list[Chat]) -> None:
    cookie = (await asyncio.to_thread(signed_in, one)).headers["Cookie"]
    agent: asyncio.Queue[str] = asyncio.Queue()
    lines = [asyncio.create_task(listen(one, "/live", {"Cookie": cookie}, agent))]
    await asyncio.sleep(2)
    before, began = one.memory(one.pids("web")), time.monotonic()
    gate = asyncio.Semaphore(AT_ONCE)
    lines += [asyncio.create_task(_open(one, key, chat, gate)) for chat in chats]
    for chat in chats:
        await _until(chat.heard, "event: state")
    report.tell("chats_open", float(len(chats)), "chats")
    report.tell("chats_open_seconds", time.monotonic() - began, "s")
    await asyncio.sleep(12)
    report.tell("chat_idle_memory", (one.memory(one.pids("web")) - before) * 1000 / len(chats), "kB/chat")
    used = one.cpu()
    await asyncio.sleep(20)
    report.tell("chats_idle_cpu", (one.cpu() - used) / 20 * 100, "% of a core")
    await words(one, report, key, chats, agent)
    for line in lines:
        line.cancel()
    await asyncio.gather(*lines, return_exceptions=True)


async def words(one: Desk, report: Report, key: str, chats: list[Chat], agent: "asyncio.Queue[str]") -> None:
    chosen = random.Random(3).choices(chats, k=MESSAGES)
    seen = [await _seen(one, key, chat, agent) for chat in chosen]
    report.tell("chat_seen_by_agent_median", _part(seen, 0.5), "s")
    report.tell("chat_seen_by_agent_p95", _part(seen, 0.95), "s", goal=1)
    answered = [await _answered(chat) for chat in chosen[: MESSAGES // 2]]
    report.tell("chat_reply_seen_p95", _part(answered, 0.95), "s", goal=1)


async def _seen(one: Desk, key: str, chat: Chat, agent: "asyncio.Queue[str]") -> float:
    await asyncio.sleep(GAP)
    while not agent.empty():
        agent.get_nowait()
    began = time.monotonic()
    await _post(one, f"/chat/{key}/messages", chat.token, {"id": uuid.uuid4().hex, "text": "Is it in stock?"})
    await _until(agent, f'"message.received", "ticket": {chat.ticket}' + "}")
    return time.monotonic() - began


async def _answered(chat: Chat) -> float:
    await asyncio.sleep(GAP)
    text = f"Yes, it is: {uuid.uuid4().hex}"
    began = time.monotonic()
    await asyncio.to_thread(_reply, chat.ticket, text)
    await _until(chat.heard, text)
    return time.monotonic() - began


def _reply(number: int, text: str) -> None:
    from towerdesk.events.record import follow_with
    from towerdesk.flow import FOLLOWERS
    from towerdesk.lib.actor import CLOCK
    from towerdesk.tickets.models import Ticket
    from towerdesk.tickets.reply import reply

    follow_with(FOLLOWERS)
    reply(Ticket.objects.get(pk=number), text, by=CLOCK, then="keep")


async def _open(one: Desk, key: str, chat: Chat, gate: asyncio.Semaphore) -> None:
    async with gate:
        await asyncio.sleep(0.01)
    await listen(one, f"/chat/{key}/live", {"Authorization": f"Bearer {chat.token}"}, chat.heard)


async def listen(one: Desk, path: str, headers: dict[str, str], heard: "asyncio.Queue[str]") -> None:
    """A bare line: what memory costs shall be the desk's."""
    reader, writer = await asyncio.open_connection("127.0.0.1", one.port, limit=2**20)
    asked = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{asked}\r\n".encode())
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        async for line in _lines(reader):
            if line.startswith(("data:", "event:", "HTTP/1.1 4")):
                heard.put_nowait(line)
    writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    while line := await reader.readline():
        yield line.decode(errors="replace").strip()


async def _post(one: Desk, path: str, token: str, form: dict[str, str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in form.items()).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    if b" 200 " not in answer[:20]:
        raise RuntimeError(f"{path} answered {answer[:300]!r}")


async def _until(heard: "asyncio.Queue[str]", words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while words not in await heard.get():
            pass


def _part(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


if __name__ == "__main__":
    main()
