"""A shop with two customers, for tests: Mara has an order of each status and beans every other week, Jonas has one order."""

from datetime import timedelta
from pathlib import Path

from towerdesk.cli.demo.shop.books import Books

MARA, JONAS = "mara@example.com", "jonas@example.com"
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
    with books.change() as link:
        for account, mail, name in (("C-1", MARA, "Mara Lindqvist"), ("C-2", JONAS, "Jonas Weber")):
            values = [account, mail, name, "", "en", "Hamngatan 4", "Uppsala", "Sweden"]
            link.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        for number, (account, status, days) in ORDERS.items():
            placed = today - timedelta(days=days)
            delivered = (placed + timedelta(days=7)).date().isoformat() if status == "delivered" else None
            values = [
                number,
                account,
                status,
                placed.isoformat(),
                delivered,
                "Hamngatan 4",
                "Uppsala",
                "Sweden",
                0,
                "card",
            ]
            link.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            for line, (name, kind, price) in enumerate(
                (("Drift", "grinder", 32900), ("Harbour beans 1 kg", "beans", 3200)), 1
            ):
                link.execute(
                    "INSERT INTO items VALUES (?, ?, ?, ?, 1, ?)", [f"{number}-{line}", number, name, kind, price]
                )
        next_on = (today + timedelta(days=5)).date().isoformat()
        beans = ["S-0001", "C-1", "Harbour", "1 kg", 2, "whole", "active", None, next_on]
        link.execute("INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", beans)
    return books
