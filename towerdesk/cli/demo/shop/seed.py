"""Fill the shop: an account for everybody of the cast, their orders, some returns and refunds, and beans by the month."""

import sqlite3
from datetime import datetime, timedelta

from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.people import Person
from towerdesk.cli.demo.shop.books import Books
from towerdesk.cli.demo.shop.orders import customers, owners, placed_at
from towerdesk.cli.demo.shop.work import BAGS, BLENDS, GRINDS, WEEKS

GOODS = (
    ("Harbour beans 1 kg", "beans", 3200, 30),
    ("Meadow beans 1 kg", "beans", 3200, 14),
    ("Nightshift beans 250 g", "beans", 950, 10),
    ("Feather scale", "scale", 8900, 8),
    ("Kestrel", "kettle", 12900, 8),
    ("Drift", "grinder", 32900, 8),
    ("Solo 2", "machine", 74900, 8),
    ("Duo", "machine", 239000, 2),
    ("Water filter, 3 pieces", "filter", 2700, 12),
    ("Group gasket set", "part", 1450, 8),
    ("Milk jug 500 ml", "accessory", 2490, 10),
)
"""Name, kind, price in cents, and how often it is bought."""
SHIPPING = 590
FREE_FROM = 5000
PACKED, SHIPPED, DELIVERED = timedelta(days=2.5), timedelta(days=3.5), timedelta(days=7)
"""So long after it was placed an order is packed, has left, has arrived."""


def seed(books: Books) -> None:
    """Once; a shop that has accounts is left as it is."""
    books.make()
    today = books.now()
    with books.change() as link:
        if link.execute("SELECT 1 FROM accounts LIMIT 1").fetchone():
            return
        accounts = {person.email: f"C-{number}" for number, person in enumerate(customers(), start=1001)}
        for person in customers():
            _account(link, accounts[person.email], person)
            _beans(link, accounts[person.email], person, today)
        for number, person in owners().items():
            _order(link, number, accounts[person.email], person, placed_at(number, today), today)


def _account(link: sqlite3.Connection, account: str, person: Person) -> None:
    values = [account, person.email, person.name, person.phone, person.language, person.street, person.city]
    link.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*values, person.country])


def _order(
    link: sqlite3.Connection, number: str, account: str, person: Person, placed: datetime, today: datetime
) -> None:
    chance = dice("shop", number)
    lines = chance.choices(GOODS, weights=[one[3] for one in GOODS], k=chance.choice((1, 1, 2, 3)))
    lines = list(dict.fromkeys(lines))
    worth = sum(one[2] for one in lines)
    status = _status(today - placed)
    delivered = (placed + DELIVERED).date().isoformat() if status == "delivered" else None
    if status == "delivered" and chance.random() < 0.04:
        status, delivered = "cancelled", None
    values = [number, account, status, placed.isoformat(), delivered, person.street, person.city, person.country]
    shipping, paid_by = 0 if worth >= FREE_FROM else SHIPPING, chance.choice(("card", "card", "card", "bank"))
    link.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*values, shipping, paid_by])
    for line, (name, kind, price, _) in enumerate(lines, start=1):
        link.execute("INSERT INTO items VALUES (?, ?, ?, ?, 1, ?)", [f"{number}-{line}", number, name, kind, price])
    if status == "cancelled":
        _refund(link, number, None, worth + shipping, "cancelled", placed + timedelta(days=1), today)
    elif status == "delivered" and chance.random() < 0.08:
        _refund(link, number, f"{number}-1", lines[0][2], "returned", placed + timedelta(days=20), today)


def _refund(
    link: sqlite3.Connection, number: str, item: str | None, amount: int, reason: str, at: datetime, today: datetime
) -> None:
    if at > today:
        return
    count = link.execute("SELECT count(*) AS n FROM refunds").fetchone()["n"]
    arrives = at + timedelta(days=7)
    status = "arrived" if arrives < today else "sent"
    values = [f"RF-{count + 7001}", number, item, amount, reason, status, at.date().isoformat()]
    link.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*values, arrives.date().isoformat()])


def _beans(link: sqlite3.Connection, account: str, person: Person, today: datetime) -> None:
    """Four of ten have beans sent by the month; some of them pause, some have ended it."""
    chance = dice("beans", person.email)
    if chance.random() > 0.4:
        return
    [status] = chance.choices(("active", "paused", "ended"), weights=(8, 1, 1))
    next_on = (today + timedelta(days=chance.randint(1, 20))).date().isoformat()
    paused = (today + timedelta(days=chance.randint(10, 60))).date().isoformat() if status == "paused" else None
    values = [f"S-{account[2:]}", account, chance.choice(BLENDS), chance.choice(BAGS), chance.choice(WEEKS)]
    values += [chance.choice(GRINDS), status, paused, None if status == "ended" else paused or next_on]
    link.execute("INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _status(age: timedelta) -> str:
    if age < PACKED:
        return "confirmed"
    return "packed" if age < SHIPPED else "shipped" if age < DELIVERED else "delivered"
