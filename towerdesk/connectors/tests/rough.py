"""A line to the shop on which things go wrong, over real HTTP: it passes on what it gets, and does to it what it is told."""

import http.client
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANGS = 3.0  # seconds


class Rough(ThreadingHTTPServer):
    """`does` is what happens to the next calls that change something, in order: "500", "500 after", "cut", "cut after",
    "hang", "hang after", "503", "redirect", "huge after", "kill", "kill after", "hold after". `victim` is the process that
    is killed. What is held is answered well when `go` is set; `held` says that it is.
    """

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.behind, self.victim = behind, 0
        self.does: list[str] = []
        self.seen: list[str] = []
        self.held, self.go = threading.Event(), threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextmanager
def rough(behind: int) -> Iterator[Rough]:
    line = Rough(behind)
    threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield line
    finally:
        line.shutdown()
        line.server_close()


class Line(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Rough

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (named by the library)
        """Quiet."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        does = self.server.does.pop(0) if self.server.does and self.command == "POST" else ""
        self.server.seen.append(f"{self.command} {self.path}")
        what, _, after = does.partition(" ")
        if what and not after:
            return self._go_wrong(what)
        status, answer = self._shop_says(body)
        if what == "hold":
            self.server.held.set()
            self.server.go.wait(20)
            what = ""
        return self._go_wrong(what) if what else self._say(status, answer)

    def _shop_says(self, body: bytes) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=5)
        passed = {name: self.headers[name] for name in ("Authorization", "Idempotency-Key") if name in self.headers}
        link.request(self.command, self.path, body or None, passed)
        said = link.getresponse()
        found = said.status, said.read()
        link.close()
        return found

    def _go_wrong(self, what: str) -> None:
        if what.isdecimal():
            return self._say(int(what), b'{"error": "The server has a bad day."}')
        if what == "kill":
            os.kill(self.server.victim, signal.SIGKILL)
        if what == "hang":
            threading.Event().wait(HANGS)
        if what == "huge":
            return self._say(200, b" " * (3 * 2**20))
        if what == "redirect":
            return self._say(302, b"", "http://127.0.0.1:1/elsewhere")
        self.close_connection = True
        return self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, status: int, answer: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(answer)
