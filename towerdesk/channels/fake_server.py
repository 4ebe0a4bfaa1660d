"""A provider on loopback for tests: a real HTTP server that keeps what it is asked, and fails in ways that it is told to."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in small letters
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Says:
    """`hangs_up`: the line breaks after everything was taken, before a word of the answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False


def says(told: Any, status: int = 200, **headers: str) -> Says:
    """As JSON."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Says(status, json.dumps(told).encode(), {"Content-Type": "application/json", **named})


class FakeServer:
    """`goes_wrong` are answers for the next calls, in order, or functions that see the call and may pass with None."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.goes_wrong: list[Says | Callable[[Asked], Says | None]] = []

    def respond(self, asked: Asked) -> Says:
        """What a provider does when all is well."""
        return Says()

    def answer(self, asked: Asked) -> Says:
        self.asked.append(asked)
        trouble = self.goes_wrong.pop(0) if self.goes_wrong else None
        told = trouble(asked) if callable(trouble) else trouble
        return told or self.respond(asked)


@contextmanager
def serving[S: FakeServer](fake: S) -> Iterator[S]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.fake = fake  # type: ignore[attr-defined]
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class ServedStory[S: FakeServer]:
    """A story (`testing.stories.Story`) whose provider has a server that takes the desk's replies. It begins an hour ago."""

    def __init__(self, server: S) -> None:
        self.server = server
        self.at = int(time.time()) - 3600
        self._serving = serving(server)

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__(None, None, None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        fake: FakeServer = self.server.fake  # type: ignore[attr-defined]
        told = fake.answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
        if told.hangs_up:
            self.close_connection = True
            return
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", f"{len(told.body)}")
        self.end_headers()
        self.wfile.write(told.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Quiet."""
