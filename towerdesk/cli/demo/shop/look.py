"""What the shop shows of accounts, orders, refunds and subscriptions."""

import sqlite3
from datetime import date, timedelta

from towerdesk.cli.demo.shop.books import No, Row, money

RETURN_DAYS = 30
LABEL_DAYS = 14


def account_of_mail(books: sqlite3.Connection, mail: str) -> Row:
    found: Row | None = books.execute("SELECT * FROM accounts WHERE mail = ?", [mail.strip()]).fetchone()
    if found is None:
        raise No(f"There is no account with the mail address {mail}.", 404)
    return found


def account(books: sqlite3.Connection, number: str) -> Row:
    found: Row | None = books.execute("SELECT * FROM accounts WHERE account = ?", [number]).fetchone()
    if found is None:
        raise No(f"There is no account {number}.", 404)
    return found


def order_row(books: sqlite3.Connection, number: str, of: str = "") -> Row:
    """`of`: the account that it must be of."""
    found: Row | None = books.execute("SELECT * FROM orders WHERE number = ?", [number.strip().upper()]).fetchone()
    if found is None:
        raise No(f"There is no order {number}.", 404)
    if of and found["account"] != of:
        raise No(f"Order {number} is not one of this account.", 403)
    return found


def order(books: sqlite3.Connection, number: str, today: date) -> Row:
    row = order_row(books, number)
    whose = account(books, row["account"])
    lines = items(books, row["number"])
    paid, back = total(row, lines), refunded(books, row["number"])
    until = _return_until(row)
    return {
        "order": row["number"],
        "account": row["account"],
        "mail": whose["mail"],
        "name": whose["name"],
        "status": row["status"],
        "placed_on": row["placed_at"][:10],
        "delivered_on": row["delivered_on"],
        "street": row["street"],
        "city": row["city"],
        "country": row["country"],
        "shipping": money(row["shipping"]),
        "total": money(paid),
        "refunded": money(back),
        "refundable": money(paid - back),
        "paid_by": row["paid_by"],
        "return_until": until.isoformat() if until else None,
        "returnable": bool(until and today <= until),
        "items": [_item(books, one) for one in lines],
    }


def orders(books: sqlite3.Connection, number: str) -> Row:
    """Newest first."""
    account(books, number)
    rows = books.execute("SELECT * FROM orders WHERE account = ? ORDER BY placed_at DESC", [number]).fetchall()
    return {"account": number, "count": len(rows), "orders": [_short(books, row) for row in rows]}


def subscriptions(books: sqlite3.Connection, number: str) -> Row:
    account(books, number)
    asked = "SELECT * FROM subscriptions WHERE account = ? ORDER BY subscription"
    rows = books.execute(asked, [number]).fetchall()
    return {"account": number, "count": len(rows), "subscriptions": [_subscription(row) for row in rows]}


def subscription(books: sqlite3.Connection, number: str) -> Row:
    row = subscription_row(books, number)
    return _subscription(row) | {"mail": account(books, row["account"])["mail"]}


def subscription_row(books: sqlite3.Connection, number: str, of: str = "") -> Row:
    found: Row | None = books.execute("SELECT * FROM subscriptions WHERE subscription = ?", [number]).fetchone()
    if found is None:
        raise No(f"There is no subscription {number}.", 404)
    if of and found["account"] != of:
        raise No(f"Subscription {number} is not one of this account.", 403)
    return found


def refunds(books: sqlite3.Connection, number: str) -> Row:
    row = order_row(books, number)
    asked = "SELECT * FROM refunds WHERE number = ? ORDER BY started_on, refund"
    found = [_refund(one) for one in books.execute(asked, [row["number"]]).fetchall()]
    mail = account(books, row["account"])["mail"]
    latest = found[-1] if found else {}
    return {"order": row["number"], "mail": mail, "count": len(found), "latest": latest, "refunds": found}


def items(books: sqlite3.Connection, number: str) -> list[Row]:
    found: list[Row] = books.execute("SELECT * FROM items WHERE number = ? ORDER BY item", [number]).fetchall()
    return found


def total(row: Row, lines: list[Row]) -> int:
    return int(row["shipping"]) + sum(int(one["price"]) * int(one["quantity"]) for one in lines)


def refunded(books: sqlite3.Connection, number: str, item: str = "") -> int:
    where, values = ("number = ? AND item = ?", [number, item]) if item else ("number = ?", [number])
    asked = f"SELECT coalesce(sum(amount), 0) AS n FROM refunds WHERE {where}"  # noqa: S608 (our own words)
    return int(books.execute(asked, values).fetchone()["n"])


def _item(books: sqlite3.Connection, one: Row) -> Row:
    asked = "SELECT label FROM labels WHERE item = ? AND status = 'open'"
    label = books.execute(asked, [one["item"]]).fetchone()
    return {
        "item": one["item"],
        "name": one["name"],
        "kind": one["kind"],
        "quantity": one["quantity"],
        "price": money(one["price"]),
        "refunded": money(refunded(books, one["number"], one["item"])),
        "label": label["label"] if label else None,
    }


def _short(books: sqlite3.Connection, row: Row) -> Row:
    lines = items(books, row["number"])
    return {
        "order": row["number"],
        "status": row["status"],
        "placed_on": row["placed_at"][:10],
        "total": money(total(row, lines)),
        "items": ", ".join(one["name"] for one in lines),
    }


def _subscription(row: Row) -> Row:
    return {name: row[name] for name in row}


def _refund(row: Row) -> Row:
    return {name: row[name] for name in row if name != "number"} | {"amount": money(row["amount"])}


def _return_until(row: Row) -> date | None:
    if row["status"] != "delivered" or not row["delivered_on"]:
        return None
    return date.fromisoformat(row["delivered_on"]) + timedelta(days=RETURN_DAYS)
