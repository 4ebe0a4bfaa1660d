"""Requests that are in order, over the whole database of the shop, and how to look things up in it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from tests.retail.shop import Record, Shop

ADDRESS = {
    "address1": "12 Quay Street",
    "address2": "Flat 3",
    "city": "Denver",
    "state": "CO",
    "country": "USA",
    "zip": "80279",
}


def cancels() -> Iterator[dict[str, Any]]:
    for number, order in enumerate(orders("pending")):
        reason = ("no longer needed", "ordered by mistake")[number % 2]
        yield {"order_id": order["order_id"], "reason": reason}


def addresses() -> Iterator[dict[str, Any]]:
    for order in orders("pending"):
        yield {"order_id": order["order_id"], **ADDRESS}


def payments() -> Iterator[dict[str, Any]]:
    for order in orders("pending"):
        paid = order["payment_history"][0]
        for method in methods_of(order).values():
            if method["id"] != paid["payment_method_id"] and covers(method, paid["amount"]):
                yield {"order_id": order["order_id"], "payment_method_id": method["id"]}
                break


def item_changes(status: str = "pending") -> Iterator[dict[str, Any]]:
    for order in orders(status):
        swap = swap_of(order, lambda old, new: new["available"] and new["item_id"] != old["item_id"])
        method = next((each for each in methods_of(order).values() if each["source"] != "gift_card"), None)
        if swap and method:
            old, new = swap
            yield {
                "order_id": order["order_id"],
                "item_ids": [old["item_id"]],
                "new_item_ids": [new["item_id"]],
                "payment_method_id": method["id"],
            }


def exchanges() -> Iterator[dict[str, Any]]:
    return item_changes("delivered")


def returns() -> Iterator[dict[str, Any]]:
    for number, order in enumerate(orders("delivered")):
        back = order["items"] if number % 2 else order["items"][:1]
        yield {
            "order_id": order["order_id"],
            "item_ids": [line["item_id"] for line in back],
            "payment_method_id": order["payment_history"][0]["payment_method_id"],
        }


def my_addresses() -> Iterator[dict[str, Any]]:
    for user in spread(list(Shop().tables["users"].values())):
        yield {"user_id": user["user_id"], **ADDRESS}


def questions() -> Iterator[dict[str, Any]]:
    for status in ("processed", "delivered"):
        for order in islice(orders(status), 50):
            yield {"order_id": order["order_id"]}


MAKERS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
    "cancel_pending_order": cancels,
    "modify_pending_order_address": addresses,
    "modify_pending_order_payment": payments,
    "modify_pending_order_items": item_changes,
    "exchange_delivered_order_items": exchanges,
    "return_delivered_order_items": returns,
    "modify_user_address": my_addresses,
    "get_order_details": questions,
}


def orders(status: str) -> Iterator[Record]:
    yield from spread([order for order in Shop().tables["orders"].values() if order["status"] == status])


def spread[Thing](things: Sequence[Thing]) -> Iterator[Thing]:
    """All of them, in an order that visits the whole list early."""
    step = 37 if len(things) % 37 else 41
    yield from (things[number * step % len(things)] for number in range(len(things)))


def swap_of(order: Record, fits: Callable[[Record, Record], bool]) -> tuple[Record, Record] | None:
    for line in order["items"]:
        for variant in Shop().product(line["product_id"])["variants"].values():
            if fits(line, variant):
                return line, variant
    return None


def swapped(order: Record, swap: tuple[Record, Record], method: str) -> dict[str, Any]:
    old, new = swap
    return {
        "order_id": order["order_id"],
        "item_ids": [old["item_id"]],
        "new_item_ids": [new["item_id"]],
        "payment_method_id": method,
    }


def line_of(arguments: dict[str, Any]) -> Record:
    lines = Shop().order(arguments["order_id"])["items"]
    found: Record = next(line for line in lines if line["item_id"] == arguments["item_ids"][0])
    return found


def methods_of(order: Record) -> dict[str, Record]:
    found: dict[str, Record] = Shop().user(order["user_id"])["payment_methods"]
    return found


def covers(method: Record, amount: float) -> bool:
    return method["source"] != "gift_card" or method["balance"] >= amount
