"""The shop of `policy-tau2-retail` in this process: its database, and what its sixteen tools do to it.

The tools refuse what the descriptions of `tools.json` say they refuse. What the policy forbids beyond that (whose order it is,
what the customer has to say first) they would do: that is what guards are for.
"""

import ast
import copy
import hashlib
import json
import operator
from collections import ChainMap, Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from tests.data import data

type Record = dict[str, Any]

REASONS = ("no longer needed", "ordered by mistake")
KINDS = ("products", "users", "orders")


class ShopError(ValueError):
    """The shop did nothing; says why."""


class Shop:
    """Starts as `db.json`. Records are copied when they are first changed, so that a fresh shop costs nothing."""

    def __init__(self, base: "Shop | None" = None) -> None:
        under = base.tables if base else {kind: ChainMap(records) for kind, records in _database().items()}
        self.tables: dict[str, ChainMap[str, Record]] = {kind: under[kind].new_child() for kind in KINDS}
        self.calls: list[tuple[str, Record]] = []
        """Every tool that was executed, in order."""

    def fork(self) -> "Shop":
        """Another shop that starts as this one stands; what happens there does not happen here."""
        return Shop(self)

    def call(self, name: str, **arguments: Any) -> Any:
        """Do what the tool `name` does. Raises `ShopError` when it refuses; nothing has changed then."""
        self.calls.append((name, arguments))
        return copy.deepcopy(TOOLS[name](self, **arguments))

    def state(self) -> str:
        """One hash of everything in the database."""
        whole = hashlib.sha256()
        for kind in KINDS:
            for key in sorted(self.tables[kind]):
                whole.update(_digest(kind, key, self.tables[kind]))
        return whole.hexdigest()

    def changed(self) -> dict[tuple[str, str], tuple[Record, Record]]:
        """What stands otherwise than where this shop started: (kind, id) -> (was, now)."""
        found = {}
        for kind in KINDS:
            before = self.tables[kind].parents
            for key, now in self.tables[kind].maps[0].items():
                if now != before[key]:
                    found[kind, key] = (before[key], now)
        return found

    # What is there

    def order(self, order_id: str) -> Record:
        return self._look("orders", order_id, "Order")

    def user(self, user_id: str) -> Record:
        return self._look("users", user_id, "User")

    def product(self, product_id: str) -> Record:
        return self._look("products", product_id, "Product")

    def item(self, item_id: str) -> Record:
        if item_id not in _product_of():
            raise ShopError("Item not found")
        found: Record = self.product(_product_of()[item_id])["variants"][item_id]
        return found

    def _look(self, kind: str, key: str, title: str) -> Record:
        if key not in self.tables[kind]:
            raise ShopError(f"{title} not found")
        return self.tables[kind][key]

    def to_change(self, kind: str, key: str) -> Record:
        """The record, as this shop's own."""
        own = self.tables[kind].maps[0]
        if key not in own:
            own[key] = copy.deepcopy(self.tables[kind][key])
        return own[key]


@cache
def _database() -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = json.loads((data("policy-tau2-retail") / "db.json").read_bytes())
    return found


@cache
def _product_of() -> dict[str, str]:
    return {item: key for key, product in _database()["products"].items() for item in product["variants"]}


def _digest(kind: str, key: str, table: ChainMap[str, Record]) -> bytes:
    record = table[key]
    if record is _database()[kind].get(key):
        return _digest_of_untouched(kind, key)
    return _hash(key, record)


@cache
def _digest_of_untouched(kind: str, key: str) -> bytes:
    return _hash(key, _database()[kind][key])


def _hash(key: str, record: Record) -> bytes:
    return hashlib.sha256(json.dumps([key, record], sort_keys=True).encode()).digest()


# The tools that only read


def find_user_id_by_email(shop: Shop, email: str) -> str:
    return _only(shop, lambda user: user["email"].lower() == email.strip().lower())


def find_user_id_by_name_zip(shop: Shop, first_name: str, last_name: str, zip: str) -> str:  # noqa: A002 - the tool's own word
    wanted = (first_name.strip().lower(), last_name.strip().lower(), zip.strip())

    def fits(user: Record) -> bool:
        name = user["name"]
        return (name["first_name"].lower(), name["last_name"].lower(), user["address"]["zip"]) == wanted

    return _only(shop, fits)


def _only(shop: Shop, fits: Callable[[Record], bool]) -> str:
    for key, user in shop.tables["users"].items():
        if fits(user):
            return key
    raise ShopError("User not found")


def get_user_details(shop: Shop, user_id: str) -> Record:
    return shop.user(user_id)


def get_order_details(shop: Shop, order_id: str) -> Record:
    return shop.order(order_id)


def get_product_details(shop: Shop, product_id: str) -> Record:
    return shop.product(product_id)


def get_item_details(shop: Shop, item_id: str) -> Record:
    return shop.item(item_id)


def list_all_product_types(shop: Shop) -> dict[str, str]:
    return {each["name"]: each["product_id"] for each in sorted(shop.tables["products"].values(), key=_name)}


def _name(product: Record) -> str:
    return str(product["name"])


def calculate(shop: Shop, expression: str) -> str:
    try:
        return str(round(float(_reckon(ast.parse(expression.strip(), mode="eval").body)), 2))
    except (SyntaxError, ZeroDivisionError) as wrong:
        raise ShopError("Invalid expression") from wrong


SIGNS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def _reckon(part: ast.expr) -> float:
    match part:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return SIGNS[type(sign)](_reckon(left), _reckon(right))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in SIGNS:
            return SIGNS[type(sign)](_reckon(operand))
    raise ShopError("Invalid expression")


def transfer_to_human_agents(shop: Shop, summary: str) -> str:
    return "Transfer successful"


# The tools that write


def cancel_pending_order(shop: Shop, order_id: str, reason: str) -> Record:
    order = shop.order(order_id)
    if order["status"] != "pending":
        raise ShopError("Non-pending order cannot be cancelled")
    if reason not in REASONS:
        raise ShopError("Invalid reason")
    order = shop.to_change("orders", order_id)
    for payment in list(order["payment_history"]):
        _pay(order, "refund", payment["amount"], payment["payment_method_id"])
        _move_balance(shop, order["user_id"], payment["payment_method_id"], payment["amount"])
    order["status"], order["cancel_reason"] = "cancelled", reason
    return order


def modify_pending_order_address(shop: Shop, order_id: str, address2: str = "", **address: str) -> Record:
    if "pending" not in shop.order(order_id)["status"]:
        raise ShopError("Non-pending order cannot be modified")
    order = shop.to_change("orders", order_id)
    order["address"] = {**address, "address2": address2}
    return order


def modify_pending_order_payment(shop: Shop, order_id: str, payment_method_id: str) -> Record:
    order = shop.order(order_id)
    if "pending" not in order["status"]:
        raise ShopError("Non-pending order cannot be modified")
    method = _method(shop, order, payment_method_id)
    if [each["transaction_type"] for each in order["payment_history"]] != ["payment"]:
        raise ShopError("There should be exactly one payment for a pending order")
    [paid] = order["payment_history"]
    if paid["payment_method_id"] == payment_method_id:
        raise ShopError("The new payment method should be different from the current one")
    _must_cover(method, paid["amount"])
    order = shop.to_change("orders", order_id)
    _pay(order, "payment", paid["amount"], payment_method_id)
    _pay(order, "refund", paid["amount"], paid["payment_method_id"])
    _move_balance(shop, order["user_id"], payment_method_id, -paid["amount"])
    _move_balance(shop, order["user_id"], paid["payment_method_id"], paid["amount"])
    return order


def modify_pending_order_items(
    shop: Shop, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
) -> Record:
    order = shop.order(order_id)
    if order["status"] != "pending":
        raise ShopError("Non-pending order cannot be modified")
    pairs = _pairs(shop, order, item_ids, new_item_ids)
    if any(old["item_id"] == new["item_id"] for old, new in pairs):
        raise ShopError("The new item id should be different from the old item id")
    difference = _difference(pairs)
    _must_cover(_method(shop, order, payment_method_id), difference)
    order = shop.to_change("orders", order_id)
    _pay(order, "payment" if difference > 0 else "refund", abs(difference), payment_method_id)
    _move_balance(shop, order["user_id"], payment_method_id, -difference)
    for item_id, (_, new) in zip(item_ids, pairs, strict=True):
        line = next(each for each in order["items"] if each["item_id"] == item_id)
        line.update({name: new[name] for name in ("item_id", "price", "options")})
    order["status"] = "pending (item modified)"
    return order


def exchange_delivered_order_items(
    shop: Shop, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
) -> Record:
    order = shop.order(order_id)
    if order["status"] != "delivered":
        raise ShopError("Non-delivered order cannot be exchanged")
    difference = _difference(_pairs(shop, order, item_ids, new_item_ids))
    _must_cover(_method(shop, order, payment_method_id), difference)
    order = shop.to_change("orders", order_id)
    order |= {
        "status": "exchange requested",
        "exchange_items": sorted(item_ids),
        "exchange_new_items": sorted(new_item_ids),
        "exchange_payment_method_id": payment_method_id,
        "exchange_price_difference": difference,
    }
    return order


def return_delivered_order_items(shop: Shop, order_id: str, item_ids: Sequence[str], payment_method_id: str) -> Record:
    order = shop.order(order_id)
    if order["status"] != "delivered":
        raise ShopError("Non-delivered order cannot be returned")
    method = _method(shop, order, payment_method_id)
    if method["source"] != "gift_card" and payment_method_id != order["payment_history"][0]["payment_method_id"]:
        raise ShopError("Payment method should be the original payment method")
    _must_hold(order, item_ids)
    order = shop.to_change("orders", order_id)
    order |= {
        "status": "return requested",
        "return_items": sorted(item_ids),
        "return_payment_method_id": payment_method_id,
    }
    return order


def modify_user_address(shop: Shop, user_id: str, address2: str = "", **address: str) -> Record:
    shop.user(user_id)
    user = shop.to_change("users", user_id)
    user["address"] = {**address, "address2": address2}
    return user


def _pairs(
    shop: Shop, order: Record, item_ids: Sequence[str], new_item_ids: Sequence[str]
) -> list[tuple[Record, Record]]:
    """Each line of the order with the variant that is to take its place."""
    _must_hold(order, item_ids)
    if len(item_ids) != len(new_item_ids):
        raise ShopError("The number of items to be exchanged should match")
    found = []
    for item_id, new_item_id in zip(item_ids, new_item_ids, strict=True):
        line = next(each for each in order["items"] if each["item_id"] == item_id)
        new = shop.product(line["product_id"])["variants"].get(new_item_id)
        if new is None:
            raise ShopError("Variant not found")
        if not new["available"]:
            raise ShopError(f"New item {new_item_id} not found or available")
        found.append((line, new))
    return found


def _must_hold(order: Record, item_ids: Sequence[str]) -> None:
    if Counter(item_ids) - Counter(each["item_id"] for each in order["items"]):
        raise ShopError("Some item not found")


def _difference(pairs: Sequence[tuple[Record, Record]]) -> float:
    return float(round(sum(new["price"] - old["price"] for old, new in pairs), 2))


def _method(shop: Shop, order: Record, payment_method_id: str) -> Record:
    found: Record | None = shop.user(order["user_id"])["payment_methods"].get(payment_method_id)
    if found is None:
        raise ShopError("Payment method not found")
    return found


def _must_cover(method: Record, amount: float) -> None:
    if method["source"] == "gift_card" and method["balance"] < amount:
        raise ShopError("Insufficient gift card balance")


def _pay(order: Record, kind: str, amount: float, payment_method_id: str) -> None:
    entry = {"transaction_type": kind, "amount": amount, "payment_method_id": payment_method_id}
    order["payment_history"].append(entry)


def _move_balance(shop: Shop, user_id: str, payment_method_id: str, amount: float) -> None:
    """Gift cards are settled at once; what cards and PayPal get is under way for days and nowhere in the database."""
    if shop.user(user_id)["payment_methods"][payment_method_id]["source"] == "gift_card":
        method = shop.to_change("users", user_id)["payment_methods"][payment_method_id]
        method["balance"] = round(method["balance"] + amount, 2)


TOOLS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        calculate,
        cancel_pending_order,
        exchange_delivered_order_items,
        find_user_id_by_email,
        find_user_id_by_name_zip,
        get_item_details,
        get_order_details,
        get_product_details,
        get_user_details,
        list_all_product_types,
        modify_pending_order_address,
        modify_pending_order_items,
        modify_pending_order_payment,
        modify_user_address,
        return_delivered_order_items,
        transfer_to_human_agents,
    )
}
WRITES = frozenset(name for name in TOOLS if name.startswith(("cancel", "exchange", "modify", "return")))
