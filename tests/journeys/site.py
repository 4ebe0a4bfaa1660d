"""A shop's own site with our chat on it, and a worker beside the browsers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import connections

from tests.journeys import browser as real
from towerdesk.assistant.settle import conclude
from towerdesk.delivery.send import send_due
from towerdesk.events.models import Event
from towerdesk.flow import decide, to_a_person
from towerdesk.intake.happened import wake_missed
from towerdesk.testing.site_chat import works

POLICY = "default-src 'self'; script-src 'self' {0}; connect-src {0}; img-src 'self' {0}"


@contextmanager
def host(line: str, desk: str) -> Iterator[str]:
    """The shop's site: styles that shout, a strict policy, and one line of ours."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"button,textarea,div{color:lime!important;font-size:40px!important}"
            kind = "text/css"
            if self.path != "/site.css":
                kind, body = (
                    "text/html; charset=utf-8",
                    f"""<!doctype html><html lang="en"><head><title>Shop</title>
                  <meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/site.css">{line}</head>
                  <body><h1>Solo 2</h1><a href="/next">Next page</a></body></html>""".encode(),
                )
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY.format(desk))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def a_worker(*, decides: bool = False) -> Iterator[None]:
    """Reads what arrives and sends what is due, as the worker does, while the browsers look at it; `decides`: thinks, too."""
    over = threading.Event()

    def work() -> None:
        last = 0
        while not over.wait(0.1):
            works()
            last = think(last) if decides else last
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


STEPS = {"message.received": decide, "ticket.person_asked": to_a_person}


def think(last: int) -> int:
    """The assistant considers what came in since that event; what came too early is read again. Returns the newest event."""
    for event in Event.objects.filter(kind__in=STEPS, pk__gt=last).order_by("pk"):
        STEPS[event.kind](event)
        last = event.pk
    send_due()
    conclude()
    wake_missed()
    return last


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + real.PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
