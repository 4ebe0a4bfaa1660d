"""The chat's stream over real HTTP: nothing is lost and nothing doubled, however often the line breaks."""

import contextlib
import json
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import pytest

from tests.journeys import browser as real
from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import set_ways
from towerdesk.lib.actor import CLOCK
from towerdesk.portal.chat.live import Stream
from towerdesk.testing.site_chat import site_chat, works
from towerdesk.tickets.models import Message
from towerdesk.tickets.presence import be_here
from towerdesk.tickets.reply import reply

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds until something that does not come is called missing


class Widget:
    """What the script does in a page, in Python: listens in a thread, comes back with its last event, sends again."""

    def __init__(self, address: str, inbox: Inbox, before: "Widget | None" = None) -> None:
        """`before`: the same page, which a server that is gone now had answered."""
        self.base = f"{address}/chat/{inbox.hook}"
        self.client = httpx.Client(timeout=PATIENCE, trust_env=False)
        said = self.client.post(f"{self.base}/start", json={}).json()
        self.headers, self.key = {"Authorization": f"Bearer {said['token']}"}, said["key"]
        self.items: dict[str, dict[str, Any]] = {}
        self.heard: list[str] = []  # keys, in the order in which they first came
        self.state: dict[str, Any] = {}
        self.last, self.lines, self.over = 0, 0, False
        self.line: httpx.Response | None = None
        if before is not None:
            self.headers, self.key, self.last, self.items = before.headers, before.key, before.last, dict(before.items)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def writes(self, text: str, number: str = "") -> str:
        number = number or uuid.uuid4().hex
        answer = self.client.post(
            f"{self.base}/messages", files={"id": (None, number), "text": (None, text)}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return number

    def cut(self) -> None:
        """As a train in a tunnel does."""
        line = self.line
        with contextlib.suppress(OSError, AttributeError):
            line.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def hangs_up(self) -> None:
        self.over = True
        self.cut()
        self.thread.join(PATIENCE)

    @property
    def texts(self) -> list[str]:
        return [item["text"] for item in sorted(self.items.values(), key=lambda one: (one["at"], one["number"]))]

    def _listen(self) -> None:
        while not self.over:
            try:
                last = {"Last-Event-ID": str(self.last)} if self.last else {}
                with self.client.stream("GET", f"{self.base}/live", headers={**self.headers, **last}) as self.line:
                    self.lines += 1
                    self._read(self.line.iter_text())
            except Exception:
                time.sleep(0.05)

    def _read(self, pieces: Iterator[str]) -> None:
        rest = ""
        for piece in pieces:
            *events, rest = (rest + piece).split("\n\n")
            for event in events:
                field = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line)
                self._hear(field)

    def _hear(self, field: dict[str, str]) -> None:
        if field.get("event") == "items":
            for item in json.loads(field["data"]):
                if "number" in item and item["key"] not in self.items:
                    self.heard.append(item["key"])
                if "number" in item:
                    self.items[item["key"]] = item
            self.last = int(field["id"])
        elif field.get("event") == "state":
            self.state = json.loads(field["data"])


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@contextmanager
def open_widget(address: str, inbox: Inbox, before: Widget | None = None) -> Iterator[Widget]:
    widget = Widget(address, inbox, before)
    try:
        yield widget
    finally:
        widget.hangs_up()


@pytest.fixture
def shop(desk) -> Inbox:
    inbox = site_chat(desk)
    set_ways(inbox, {"most_per_network": 5000}, by=CLOCK)
    return inbox


def test_lines_that_break_at_any_moment_lose_and_double_nothing(shop, ana):
    chance = random.Random(7)
    with real.serving() as address, open_widget(address, shop) as widget:
        sent = []
        for number in range(24):
            sent.append(f"{number}")
            if number % 3 == 2 and (ticket := Visitor.objects.get(key=widget.key).ticket):
                reply(ticket, f"{number}", by=ana, then="keep")
            else:
                again = widget.writes(f"{number}")
                if chance.random() < 0.3:
                    widget.writes(f"{number}", again)  # its acknowledgement was lost
            if chance.random() < 0.5:
                widget.cut()
            works()
            time.sleep(chance.random() * 0.05)
        until(lambda: len(widget.items) >= len(sent))

        assert widget.texts == sent
        assert len(widget.heard) == len(set(widget.heard)) == len(sent)
        assert widget.lines > 5


def test_a_restart_of_the_web_process_is_only_a_pause(shop, ana):
    with real.serving() as address, open_widget(address, shop) as widget:
        widget.writes("Before.")
        works()
        until(lambda: widget.texts == ["Before."])
    reply(Visitor.objects.get(key=widget.key).ticket, "Meanwhile.", by=ana)
    works()
    with real.serving() as address, open_widget(address, shop, widget) as other:
        until(lambda: other.texts == ["Before.", "Meanwhile."])


def test_presence_goes_both_ways_and_nobody_hears_another(shop, ana):
    with real.serving() as address, open_widget(address, shop) as mara, open_widget(address, shop) as jonas:
        mara.writes("It drips.")
        works()
        until(lambda: mara.items)
        visitor = Visitor.objects.get(key=mara.key)
        until(lambda: Visitor.objects.get(key=mara.key).here)
        be_here(visitor.ticket, writing="reply", by=ana)
        until(lambda: mara.state.get("people") == [{"name": "Ana", "typing": True}])
        reply(visitor.ticket, "Turn it.", by=ana)
        works()
        until(lambda: len(mara.items) == 2)
        number = next(item["number"] for item in mara.items.values() if not item["mine"])
        mara.client.post(f"{mara.base}/seen", json={"numbers": [number], "read": True}, headers=mara.headers)

        assert Message.objects.get(pk=number).delivery == "read"
        assert (jonas.items, jonas.state["people"], jonas.state["step"]) == ({}, [], "new")
    until(lambda: not Visitor.objects.get(key=mara.key).here)


def test_a_stranger_hears_nothing(shop):
    with real.serving() as address:
        for headers in ({}, {"Authorization": "Bearer " + "x" * 43}):
            answer = httpx.get(f"{address}/chat/{shop.hook}/live", headers=headers, trust_env=False)
            assert answer.status_code == 401


def test_who_moves_up_in_the_line_hears_it_without_anything_being_asked(shop, django_assert_num_queries):
    stream = Stream(Visitor(inbox=shop), 0)
    stream.moves_to(3)
    assert stream.say_place() == ""  # how it stands has not been said yet

    stream.say_state(json.dumps({"step": "waiting", "place": 4}))
    with django_assert_num_queries(0):
        stream.moves_to(3)
        assert stream.say_place() == 'event: state\ndata: {"step": "waiting", "place": 3}\n\n'
    assert stream.say_place() == ""
