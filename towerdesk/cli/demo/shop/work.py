"""What the shop does, and when it does not: the rules that its articles tell customers, held by the shop itself."""

import sqlite3
from datetime import date, timedelta

from towerdesk.cli.demo.shop.books import No, Row, cents, money
from towerdesk.cli.demo.shop.look import (
    RETURN_DAYS,
    account,
    items,
    order_row,
    refunded,
    subscription_row,
    total,
)

BLENDS = ("Harbour", "Meadow", "Nightshift")
BAGS = ("250 g", "1 kg")
WEEKS = (1, 2, 4)
GRINDS = ("whole", "espresso", "filter")
LONGEST_PAUSE = timedelta(weeks=12)
TO_A_CARD, TO_A_BANK = 5, 2  # days at most
NO_RETURN = ("beans", "filter", "gift card")


def cancel(books: sqlite3.Connection, number: str, of: str, today: date) -> Row:
    """Free of charge while it is confirmed; all the money goes back at once."""
    row = order_row(books, number, of)
    if row["status"] == "cancelled":
        raise No(f"Order {number} is cancelled already.")
    if row["status"] != "confirmed":
        raise No(f"Order {number} is {row['status']}, so it can no longer be cancelled.")
    books.execute("UPDATE orders SET status = 'cancelled' WHERE number = ?", [row["number"]])
    left = total(row, items(books, row["number"])) - refunded(books, row["number"])
    refund = _refund(books, row, None, left, "cancelled", today) if left else {"refund": None, "arrives_by": None}
    return {"order": row["number"], "status": "cancelled", "amount": money(left), **refund}


def refund_order(books: sqlite3.Connection, number: str, of: str, amount: object, reason: str, today: date) -> Row:
    row = order_row(books, number, of)
    wanted, left = cents(amount), total(row, items(books, row["number"])) - refunded(books, row["number"])
    if row["status"] == "confirmed":
        raise No(f"Order {number} is not sent yet: cancel it instead.")
    if left <= 0:
        raise No(f"Order {number} was refunded in full already.")
    if wanted > left:
        raise No(f"Only {money(left)} of order {number} can still be refunded.")
    made = _refund(books, row, None, wanted, reason, today)
    return {"order": row["number"], "amount": money(wanted), "refundable": money(left - wanted), **made}


def refund_item(
    books: sqlite3.Connection, number: str, of: str, item: str, amount: object, reason: str, today: date
) -> Row:
    row = order_row(books, number, of)
    lines = items(books, row["number"])
    line = next((one for one in lines if one["item"] == item), None)
    if line is None:
        raise No(f"Order {number} has no item {item}.", 404)
    if row["status"] == "confirmed":
        raise No(f"Order {number} is not sent yet: cancel it instead.")
    back = refunded(books, row["number"], item)
    left = min(line["price"] * line["quantity"] - back, total(row, lines) - refunded(books, row["number"]))
    wanted = cents(amount)
    if left <= 0:
        raise No(f"{line['name']} of order {number} was refunded in full already.")
    if wanted > left:
        raise No(f"Only {money(left)} of {line['name']} can still be refunded.")
    made = _refund(books, row, item, wanted, reason, today)
    return {"order": row["number"], "item": item, "amount": money(wanted), **made}


def change_address(books: sqlite3.Connection, number: str, of: str, street: str, city: str, country: str) -> Row:
    row = order_row(books, number, of)
    if row["status"] != "confirmed":
        raise No(f"Order {number} is {row['status']}: its address can no longer be changed.")
    if country and country.casefold() != row["country"].casefold():
        raise No(f"Order {number} goes to {row['country']}: to another country it has to be ordered anew.")
    if not street.strip() or not city.strip():
        raise No("A street and a city are needed.", 422)
    books.execute("UPDATE orders SET street = ?, city = ? WHERE number = ?", [street, city, row["number"]])
    was = {"was_street": row["street"], "was_city": row["city"]}
    return {"order": row["number"], "street": street, "city": city, "country": row["country"], **was}


def pause(books: sqlite3.Connection, number: str, of: str, until: str, today: date) -> Row:
    row, end = _running(books, number, of), _day(until)
    if not today < end <= today + LONGEST_PAUSE:
        latest = today + LONGEST_PAUSE
        raise No(f"A subscription can be paused until {latest.isoformat()} at most.")
    books.execute(
        "UPDATE subscriptions SET status = 'paused', paused_until = ?, next_on = ? WHERE subscription = ?",
        [end.isoformat(), end.isoformat(), number],
    )
    return {"subscription": number, "status": "paused", "paused_until": end.isoformat(), "next_on": end.isoformat()} | {
        "was_next_on": row["next_on"]
    }


def resume(books: sqlite3.Connection, number: str, of: str, today: date) -> Row:
    row = _running(books, number, of)
    if row["status"] != "paused":
        raise No(f"Subscription {number} is not paused.")
    next_on = _next_tuesday(today).isoformat()
    books.execute(
        "UPDATE subscriptions SET status = 'active', paused_until = NULL, next_on = ? WHERE subscription = ?",
        [next_on, number],
    )
    was = {"was_paused_until": row["paused_until"]}
    return {"subscription": number, "status": "active", "next_on": next_on, **was}


def end(books: sqlite3.Connection, number: str, of: str) -> Row:
    row = _running(books, number, of)
    books.execute(
        "UPDATE subscriptions SET status = 'ended', paused_until = NULL, next_on = NULL WHERE subscription = ?",
        [number],
    )
    return {"subscription": number, "status": "ended", "was_next_on": row["next_on"]}


def change_plan(books: sqlite3.Connection, number: str, of: str, wanted: Row) -> Row:
    """Of `wanted` blend, bag, every_weeks and grind whatever is said."""
    row = _running(books, number, of)
    allowed = {"blend": BLENDS, "bag": BAGS, "every_weeks": WEEKS, "grind": GRINDS}
    said = {name: wanted[name] for name in allowed if wanted.get(name) is not None}
    for name, value in said.items():
        if value not in allowed[name]:
            raise No(f"{name} can't be {value}: choose one of {', '.join(str(one) for one in allowed[name])}.", 422)
    if not said:
        raise No("Nothing was said that should change.", 422)
    after = {name: said.get(name, row[name]) for name in allowed}
    books.execute(
        "UPDATE subscriptions SET blend = ?, bag = ?, every_weeks = ?, grind = ? WHERE subscription = ?",
        [*after.values(), number],
    )
    return {
        "subscription": number,
        **after,
        **{f"was_{name}": row[name] for name in allowed},
        "next_on": row["next_on"],
    }


def send_invoice(books: sqlite3.Connection, number: str, of: str, at: str) -> Row:
    row = order_row(books, number, of)
    if row["status"] in ("confirmed", "packed"):
        raise No(f"Order {number} has no invoice yet: it is made when the order is shipped.")
    mail = account(books, row["account"])["mail"]
    books.execute(
        "INSERT INTO letters (number, kind, mail, sent_at) VALUES (?, 'invoice', ?, ?)", [row["number"], mail, at]
    )
    return {"order": row["number"], "invoice": row["number"].replace("B-", "INV-"), "mail": mail}


def make_label(books: sqlite3.Connection, number: str, of: str, item: str, reason: str, today: date) -> Row:
    row = order_row(books, number, of)
    line = next((one for one in items(books, row["number"]) if one["item"] == item), None)
    if line is None:
        raise No(f"Order {number} has no item {item}.", 404)
    if row["status"] != "delivered":
        raise No(f"Order {number} is {row['status']}: only what was delivered can be returned.")
    last = date.fromisoformat(row["delivered_on"]) + timedelta(days=RETURN_DAYS)
    faulty = reason in ("faulty", "damaged", "wrong")
    if today > last and not faulty:
        raise No(f"Order {number} could be returned until {last.isoformat()}.")
    if line["kind"] in NO_RETURN and not faulty:
        raise No(f"{line['name']} can't be returned.")
    if books.execute("SELECT 1 FROM labels WHERE item = ? AND status <> 'cancelled'", [item]).fetchone():
        raise No(f"There is a return label for {line['name']} of order {number} already.")
    made = books.execute("SELECT count(*) AS n FROM labels").fetchone()["n"]
    label = f"RL-{5001 + made}"
    books.execute("INSERT INTO labels VALUES (?, ?, ?, 'open', ?)", [label, item, reason, today.isoformat()])
    cost = 0 if faulty else 4900 if line["name"] == "Duo" else 690
    valid = (today + timedelta(days=14)).isoformat()
    return {"label": label, "order": row["number"], "item": item, "valid_until": valid, "cost": money(cost)}


def cancel_label(books: sqlite3.Connection, label: str, of: str) -> Row:
    asked = (
        "SELECT labels.*, orders.account FROM labels JOIN items USING (item) JOIN orders USING (number) WHERE label = ?"
    )
    found = books.execute(asked, [label]).fetchone()
    if found is None or found["account"] != of:
        raise No(f"There is no return label {label} of this account.", 404)
    if found["status"] != "open":
        raise No(f"Return label {label} is {found['status']}.")
    books.execute("UPDATE labels SET status = 'cancelled' WHERE label = ?", [label])
    return {"label": label, "status": "cancelled"}


def _refund(books: sqlite3.Connection, row: Row, item: str | None, amount: int, reason: str, today: date) -> Row:
    made = books.execute("SELECT count(*) AS n FROM refunds").fetchone()["n"]
    refund = f"RF-{7001 + made}"
    days = TO_A_BANK if row["paid_by"] == "bank" else TO_A_CARD
    by = _working_day(today, days).isoformat()
    said = [refund, row["number"], item, amount, reason[:200], "started", today.isoformat(), by]
    books.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", said)
    return {"refund": refund, "arrives_by": by, "paid_by": row["paid_by"]}


def _running(books: sqlite3.Connection, number: str, of: str) -> Row:
    row = subscription_row(books, number, of)
    if row["status"] == "ended":
        raise No(f"Subscription {number} has ended.")
    return row


def _day(text: str) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise No(f"{text!r} is no date.", 422) from None


def _next_tuesday(today: date) -> date:
    """The day on which beans are roasted."""
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


def _working_day(today: date, days: int) -> date:
    while days:
        today += timedelta(days=1)
        days -= today.weekday() < 5
    return today
