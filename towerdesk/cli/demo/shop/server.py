"""The shop's door: HTTP and JSON, a bearer token, and `Idempotency-Key` on everything that changes something."""

import hmac
import json
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from towerdesk.cli.demo.shop import look, work
from towerdesk.cli.demo.shop.books import Books, No, Row

LONGEST = 100_000  # bytes of a request

type Given = dict[str, Any]


class Shop(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, books: Books, token: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.books, self.token = books, token

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(books: Books, token: str) -> Iterator[Shop]:
    """On a free port, in a thread of this process."""
    shop = Shop(books, token)
    thread = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.shutdown()
        shop.server_close()


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(length) if length <= LONGEST else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (named by the library)
        """Quiet: what was done stands in the books."""

    def _answer(self, body: bytes) -> None:
        try:
            status, answer = self._judged(body)
        except No as no:
            status, answer = no.status, {"error": str(no)}
        except sqlite3.OperationalError:
            status, answer = 503, {"error": "The books are busy."}
        except Exception as fault:
            print(f"{self.command} {self.path}: {fault!r}", file=sys.stderr, flush=True)
            status, answer = 500, {"error": "The shop has a fault."}
        sent = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _judged(self, body: bytes) -> tuple[int, Row]:
        parts = urlsplit(self.path)
        if parts.path == "/health":
            return 200, {"shop": "open"}
        given, ours = self.headers.get("Authorization", ""), f"Bearer {self.server.token}"
        if not hmac.compare_digest(given.encode(), ours.encode()):
            raise No("The token is not ours.", 401)
        if self.command == "GET":
            return 200, self._shown(parts.path, {name: one[-1] for name, one in parse_qs(parts.query).items()})
        return self._done(parts.path, body)

    def _shown(self, path: str, query: Given) -> Row:
        books = self.server.books
        if found := re.fullmatch(r"/actions/([^/]+)", path):
            return books.earlier(unquote(found[1]))
        with books.open() as link:
            for pattern, show in READS.items():
                if found := re.fullmatch(pattern, path):
                    return show(link, [unquote(one) for one in found.groups()], query, books)
        raise No("There is nothing here.", 404)

    def _done(self, path: str, body: bytes) -> tuple[int, Row]:
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            raise No("This is no JSON.", 400) from None
        if not isinstance(given, dict):
            raise No("This is no JSON object.", 400)
        books, key = self.server.books, self.headers.get("Idempotency-Key", "")
        for pattern, do in WRITES.items():
            if found := re.fullmatch(pattern, path):
                values = [unquote(one) for one in found.groups()]
                said = json.dumps(given, sort_keys=True)
                return books.once(key, "POST", path, said, lambda link: do(link, *values, given, books))  # noqa: B023
        raise No("There is nothing here.", 404)


def _account_of(given: Given) -> str:
    account = given.get("account")
    if not isinstance(account, str) or not account:
        raise No("Say for which account.", 422)
    return account


READS: dict[str, Callable[[sqlite3.Connection, list[str], Given, Books], Row]] = {
    r"/about": lambda link, _, query, books: {"shop": "Brasswell"},
    r"/accounts": lambda link, _, query, books: look.account_of_mail(link, query.get("mail", "")),
    r"/accounts/([^/]+)/orders": lambda link, at, _, books: look.orders(link, *at),
    r"/accounts/([^/]+)/subscriptions": lambda link, at, _, books: look.subscriptions(link, *at),
    r"/orders/([^/]+)": lambda link, at, _, books: look.order(link, at[0], books.now().date()),
    r"/orders/([^/]+)/refunds": lambda link, at, _, books: look.refunds(link, *at),
    r"/subscriptions/([^/]+)": lambda link, at, _, books: look.subscription(link, *at),
}


def _refund(link: sqlite3.Connection, number: str, given: Given, books: Books) -> Row:
    of, amount, reason = _account_of(given), given.get("amount"), str(given.get("reason") or "")
    if item := given.get("item"):
        return work.refund_item(link, number, of, str(item), amount, reason, books.now().date())
    return work.refund_order(link, number, of, amount, reason, books.now().date())


def _address(link: sqlite3.Connection, number: str, given: Given, books: Books) -> Row:
    street, city, country = (str(given.get(name) or "") for name in ("street", "city", "country"))
    return work.change_address(link, number, _account_of(given), street, city, country)


def _label(link: sqlite3.Connection, number: str, given: Given, books: Books) -> Row:
    item, reason = str(given.get("item") or ""), str(given.get("reason") or "")
    return work.make_label(link, number, _account_of(given), item, reason, books.now().date())


WRITES: dict[str, Callable[..., Row]] = {
    r"/orders/([^/]+)/cancel": lambda link, at, given, books: work.cancel(
        link, at, _account_of(given), books.now().date()
    ),
    r"/orders/([^/]+)/refunds": _refund,
    r"/orders/([^/]+)/address": _address,
    r"/orders/([^/]+)/invoice": lambda link, at, given, books: work.send_invoice(
        link, at, _account_of(given), books.now().isoformat()
    ),
    r"/orders/([^/]+)/labels": _label,
    r"/labels/([^/]+)/cancel": lambda link, at, given, books: work.cancel_label(link, at, _account_of(given)),
    r"/subscriptions/([^/]+)/pause": lambda link, at, given, books: work.pause(
        link, at, _account_of(given), str(given.get("until") or ""), books.now().date()
    ),
    r"/subscriptions/([^/]+)/resume": lambda link, at, given, books: work.resume(
        link, at, _account_of(given), books.now().date()
    ),
    r"/subscriptions/([^/]+)/end": lambda link, at, given, books: work.end(link, at, _account_of(given)),
    r"/subscriptions/([^/]+)/plan": lambda link, at, given, books: work.change_plan(
        link, at, _account_of(given), given
    ),
}
