"""The shop as it was on each day of the past that is told: its clock set back, its orders on their way as of then.

It is a copy that nobody else is served from; what was done in it is done in the real books when all is told.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from config import env
from towerdesk.cli.demo.shop.books import Books, Row
from towerdesk.cli.demo.shop.seed import DELIVERED, PACKED, SHIPPED, seed
from towerdesk.cli.demo.shop.server import serving
from towerdesk.connectors import registry
from towerdesk.connectors.contract import TEXT, Account
from towerdesk.connectors.http.connector import HttpConnector, HttpTool
from towerdesk.lib.clock import now

NOBODY, NOTHING = "C-0", "B-0"
"""Whose orders are that nobody has placed yet, and of which order what has not gone back yet."""
HOUR = timedelta(hours=1)
CHANGED = re.compile(r"/orders/([^/]+)/")
LOOKS = """
UPDATE orders SET
  account = CASE WHEN account = :nobody AND placed_at <= :now
    THEN (SELECT account FROM later WHERE later.number = orders.number) ELSE account END,
  status = CASE WHEN placed_at <= :delivered THEN 'delivered' WHEN placed_at <= :shipped THEN 'shipped'
    WHEN placed_at <= :packed THEN 'packed' ELSE 'confirmed' END,
  delivered_on = CASE WHEN placed_at <= :delivered THEN date(placed_at, :days) END
WHERE status <> 'cancelled' AND placed_at > :since
"""


@dataclass
class PastShop:
    """`look` is called before anybody acts: from then on the shop shows the moment that it is."""

    link: sqlite3.Connection
    at: list[datetime]  # one, which the server's threads read

    def look(self) -> None:
        moment = now()
        if moment - self.at[0] < HOUR:
            return
        since, self.at[0] = self.at[0] - 2 * DELIVERED, moment
        _age(self.link, since, moment)


@contextmanager
def shop_of_the_past(begin: datetime, *, goes_on: bool = False) -> Iterator[PastShop]:
    """While this lasts, this process calls the copy where it would call the shop. `goes_on`: with the copy of a telling that
    was broken off, if it is there."""
    real = Books(env.data_dir() / "shop.sqlite3")
    seed(real)
    at, file = [begin], real.file.with_name("shop-past.sqlite3")
    past = Books(file, now=lambda: at[0])
    if not (goes_on and file.exists()):
        _copy(real, file)
        _rewind(past, begin)
    with past.open() as link, serving(past, env.secret("shop")) as running:
        link.execute("PRAGMA synchronous = NORMAL")  # should this machine die, the copy is of a moment ago, and whole
        host, known = running.url.removeprefix("http://"), settings.CONNECTOR_HOSTS
        settings.CONNECTOR_HOSTS = [*known, host]
        registry.put("http", _Elsewhere(host))
        try:
            yield PastShop(link, at)
        finally:
            registry.put("http", None)
            settings.CONNECTOR_HOSTS = known
    _bring_home(past, real)
    past.file.unlink()


class _Elsewhere(HttpConnector):
    """The shop's tools at another address; all else as it is."""

    def __init__(self, host: str) -> None:
        self.host = host

    def tools(self, account: Account) -> Sequence[HttpTool]:
        text = re.sub(r"(?m)^base: http://\S+", f"base: http://{self.host}", str(account.settings.get(TEXT, "")))
        ours = replace(account, settings={**account.settings, TEXT: text}, hosts=[self.host])
        return list(super().tools(ours if account.slug == "shop" else account))


def _copy(real: Books, file: Path) -> None:
    for left in ("", "-wal", "-shm"):  # by a telling that was broken off
        Path(f"{file}{left}").unlink(missing_ok=True)
    with real.open() as link, sqlite3.connect(file) as copy:
        link.backup(copy)
    copy.close()


def _rewind(books: Books, begin: datetime) -> None:
    """What was ordered later is nobody's yet, and so is what went back later; the rest is as far as it was."""
    moment = begin.isoformat()
    with books.change() as link:
        link.execute("INSERT INTO accounts VALUES (?, 'nobody', '', '', '', '', '', '')", [NOBODY])
        link.execute(
            "INSERT INTO orders VALUES (?, ?, 'cancelled', '', NULL, '', '', '', 0, 'card')", [NOTHING, NOBODY]
        )
        link.execute("CREATE TABLE later AS SELECT number, account FROM orders WHERE placed_at > ?", [moment])
        link.execute("CREATE UNIQUE INDEX later_number ON later (number)")
        link.execute("UPDATE orders SET account = ? WHERE number IN (SELECT number FROM later)", [NOBODY])
        link.execute("UPDATE refunds SET number = ? WHERE started_on > ? AND reason <> 'cancelled'", [NOTHING, moment])
        _age(link, begin - 2 * DELIVERED, begin)


def _age(link: sqlite3.Connection, since: datetime, moment: datetime) -> None:
    ages = {"delivered": DELIVERED, "shipped": SHIPPED, "packed": PACKED}
    values = {name: (moment - age).isoformat() for name, age in ages.items()}
    days = f"+{DELIVERED.days} days"
    link.execute(
        LOOKS, {**values, "nobody": NOBODY, "now": moment.isoformat(), "since": since.isoformat(), "days": days}
    )


def _bring_home(past: Books, real: Books) -> None:
    """What was done, under its key, and what came of it; all else in the real books is as of today already."""
    with past.open() as link:
        done = link.execute("SELECT * FROM actions").fetchall()
        numbers = sorted({found[1] for one in done if (found := CHANGED.match(one["path"]))})
        orders = [link.execute("SELECT * FROM orders WHERE number = ?", [one]).fetchone() for one in numbers]
        refunds = [link.execute("SELECT * FROM refunds WHERE number = ?", [one]).fetchall() for one in numbers]
    with real.change() as link:
        for one in done:
            link.execute("INSERT OR IGNORE INTO actions VALUES (?, ?, ?, ?, ?, ?, ?)", list(one.values()))
        for order, theirs in zip(orders, refunds, strict=True):
            _write(link, order, theirs)


def _write(link: sqlite3.Connection, order: Row, refunds: list[Row]) -> None:
    """What was cancelled neither arrived nor went back later."""
    number, where = order["number"], [order["street"], order["city"], order["number"]]
    link.execute("UPDATE orders SET street = ?, city = ? WHERE number = ?", where)
    if order["status"] == "cancelled":
        link.execute("UPDATE orders SET status = 'cancelled', delivered_on = NULL WHERE number = ?", [number])
        link.execute("DELETE FROM refunds WHERE number = ?", [number])
        for one in refunds:
            link.execute("INSERT OR IGNORE INTO refunds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(one.values()))
