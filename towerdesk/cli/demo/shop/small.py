"""A shop with two customers, for tests: Mara has an order of each status and beans every other week, Jonas has one order."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from towerdesk.cli.demo.shop.books import Books

MARA, JONAS = "mara@example.com", "jonas@example.com"
HOME = ("Hamngatan 4", "Uppsala", "Sweden")
THINGS = (("Drift", "grinder", 1, 32900), ("Harbour beans 1 kg", "beans", 1, 3200))
ORDERS = {
    "B-20001": ("C-1", "confirmed", 1),
    "B-20002": ("C-1", "packed", 3),
    "B-20003": ("C-1", "delivered", 10),
    "B-20004": ("C-1", "delivered", 60),
    "B-20005": ("C-2", "confirmed", 1),
}
"""Number → account, status, and how many days ago it was placed."""


def small_shop(file: Path) -> Books:
    """Each order is a grinder for 329.00 and beans for 32.00."""
    books = Books(file)
    books.make()
    today = books.now()
    next_on = (today + timedelta(days=5)).date().isoformat()
    with books.change() as link:
        for account, mail, name in (("C-1", MARA, "Mara Lindqvist"), ("C-2", JONAS, "Jonas Weber")):
            _add(link, "accounts", account, mail, name, "", "en", *HOME)
        for number, (account, status, days) in ORDERS.items():
            placed = today - timedelta(days=days)
            delivered = (placed + timedelta(days=7)).date().isoformat() if status == "delivered" else None
            _add(link, "orders", number, account, status, placed.isoformat(), delivered, *HOME, 0, "card")
            for line, thing in enumerate(THINGS, start=1):
                _add(link, "items", f"{number}-{line}", number, *thing)
        _add(link, "subscriptions", "S-0001", "C-1", "Harbour", "1 kg", 2, "whole", "active", None, next_on)
    return books


def _add(link: sqlite3.Connection, table: str, *values: object) -> None:
    places = ", ".join("?" for _ in values)
    link.execute(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 (our own words)
