"""A server on loopback that takes webhooks: it keeps what it is given and answers what a test told it to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Listener:
    """`answers` are statuses other than 200, in order."""

    url: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@contextmanager
def listener() -> Iterator[Listener]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    kept = Listener(f"http://127.0.0.1:{server.server_port}/told")
    server.kept = kept  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        kept: Listener = self.server.kept  # type: ignore[attr-defined]
        kept.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(kept.answers.pop(0) if kept.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""
