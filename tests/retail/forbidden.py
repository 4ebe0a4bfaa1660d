"""What the shop's policy forbids, over its whole database: hundreds of requests that must be refused, and some that must not.

Each forbidden request is right in every respect but one, so that only the guard that is about this one can have refused it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tests.retail.allowed import ADDRESS, MAKERS, covers, line_of, methods_of, orders, spread, swap_of, swapped
from tests.retail.shop import Record, Shop
from tests.retail.tasks import Request, as_request

ANOTHER_REASON = ("found it cheaper elsewhere", "changed my mind", "it takes too long", "")
NOBODY = "nobody.at.all@example.com"
EACH = 12
"""How many of each kind are taken, spread over the database."""

type Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """`before`: what had been done in the shop already. `why` is empty for what must not be refused."""

    why: str
    request: Request
    tool: str
    arguments: dict[str, Any]
    before: Sequence[Call] = field(default=())

    def shop(self) -> Shop:
        shop = Shop()
        for name, arguments in self.before:
            shop.call(name, **arguments)
        return shop


def permitted(each: int = EACH) -> Iterator[Case]:
    """The requests that the forbidden ones are spoilt copies of."""
    for tool, make in MAKERS.items():
        for arguments in islice(make(), each):
            yield Case("", as_request(tool, arguments), tool, arguments)


def forbidden(each: int = EACH, kind: str = "") -> Iterator[Case]:
    """Of all kinds, or of one."""
    for name in [kind] if kind else KINDS:
        for case in islice(KINDS[name](), each):
            yield Case(name, *case)


OF_PENDING = (
    "cancel_pending_order",
    "modify_pending_order_address",
    "modify_pending_order_payment",
    "modify_pending_order_items",
)
OF_DELIVERED = ("exchange_delivered_order_items", "return_delivered_order_items")
SWAPS = ("modify_pending_order_items", "exchange_delivered_order_items")

type Spoilt = tuple[Request, str, dict[str, Any]] | tuple[Request, str, dict[str, Any], Sequence[Call]]


# Requests that are spoilt in one respect


def somebody_elses(tool: str) -> Iterator[Spoilt]:
    for arguments in MAKERS[tool]():
        request = as_request(tool, arguments)
        other = next(user for user in spread(list(Shop().tables["users"].values())) if user["email"] != request.email)
        yield Request(request.procedure, other["email"], request.slots), tool, arguments


def by_nobody(tool: str) -> Iterator[Spoilt]:
    for arguments in MAKERS[tool]():
        request = as_request(tool, arguments)
        yield Request(request.procedure, NOBODY, request.slots), tool, arguments


def of_no_order(tool: str) -> Iterator[Spoilt]:
    for number, arguments in enumerate(MAKERS[tool]()):
        yield _with(tool, arguments, order_id=f"#W00000{number:02}")


def in_state(tool: str, status: str) -> Iterator[Spoilt]:
    """The same request about an order of that status, right in everything else that one can be right about."""
    for order in orders(status):
        yield from _about(tool, order)


def after(tool: str, first: str) -> Iterator[Spoilt]:
    """The request, when `first` was done to this order already."""
    for done in MAKERS[first]():
        order = Shop().order(done["order_id"])
        for request, name, arguments in islice(_about(tool, order), 1):
            yield request, name, arguments, [(first, done)]


def for_a_reason(tool: str) -> Iterator[Spoilt]:
    for number, arguments in enumerate(MAKERS[tool]()):
        yield _with(tool, arguments, reason=ANOTHER_REASON[number % len(ANOTHER_REASON)])


def same_payment(tool: str) -> Iterator[Spoilt]:
    for arguments in MAKERS[tool]():
        order = Shop().order(arguments["order_id"])
        yield _with(tool, arguments, payment_method_id=order["payment_history"][0]["payment_method_id"])


def others_payment(tool: str) -> Iterator[Spoilt]:
    methods = [
        (user["email"], method)
        for user in spread(list(Shop().tables["users"].values()))
        for method in user["payment_methods"]
    ]
    for number, arguments in enumerate(MAKERS[tool]()):
        email = as_request(tool, arguments).email
        mine = methods_of(Shop().order(arguments["order_id"]))
        theirs = next(key for who, key in methods[number:] if who != email and key not in mine)
        yield _with(tool, arguments, payment_method_id=theirs)


def too_small_a_gift_card(tool: str) -> Iterator[Spoilt]:
    status = "delivered" if tool in OF_DELIVERED else "pending"
    for order in orders(status):
        for method in methods_of(order).values():
            if method["source"] != "gift_card":
                continue
            if tool == "modify_pending_order_payment":
                paid = order["payment_history"][0]
                if paid["payment_method_id"] != method["id"] and not covers(method, paid["amount"]):
                    yield _request(tool, {"order_id": order["order_id"], "payment_method_id": method["id"]})
                continue
            swap = swap_of(
                order, lambda old, new, has=method["balance"]: new["available"] and new["price"] - old["price"] > has
            )
            if swap:
                yield _request(tool, swapped(order, swap, method["id"]))


def of_another_kind(tool: str) -> Iterator[Spoilt]:
    available = [
        (product["product_id"], variant["item_id"])
        for product in Shop().tables["products"].values()
        for variant in product["variants"].values()
        if variant["available"]
    ]
    for number, arguments in enumerate(MAKERS[tool]()):
        line = line_of(arguments)
        other = next(item for product, item in available[number * 7 % 300 :] if product != line["product_id"])
        yield _with(tool, arguments, new_item_ids=[other])


def out_of_stock(tool: str) -> Iterator[Spoilt]:
    status = "delivered" if tool in OF_DELIVERED else "pending"
    for order in orders(status):
        swap = swap_of(order, lambda old, new: not new["available"] and new["item_id"] != old["item_id"])
        method = next((each for each in methods_of(order).values() if each["source"] != "gift_card"), None)
        if swap and method:
            yield _request(tool, swapped(order, swap, method["id"]))


def no_such_item(tool: str) -> Iterator[Spoilt]:
    for number, arguments in enumerate(MAKERS[tool]()):
        yield _with(tool, arguments, new_item_ids=[f"00000000{number:02}"])


def same_item(tool: str) -> Iterator[Spoilt]:
    for order in orders("delivered" if tool in OF_DELIVERED else "pending"):
        swap = swap_of(order, lambda old, new: new["available"] and new["item_id"] == old["item_id"])
        method = next((each for each in methods_of(order).values() if each["source"] != "gift_card"), None)
        if swap and method:
            yield _request(tool, swapped(order, swap, method["id"]))


def not_in_the_order(tool: str) -> Iterator[Spoilt]:
    lines = [line["item_id"] for order in orders("cancelled") for line in order["items"]]
    for number, arguments in enumerate(MAKERS[tool]()):
        own = {line["item_id"] for line in Shop().order(arguments["order_id"])["items"]}
        strange = next(item for item in lines[number:] if item not in own)
        yield _with(tool, arguments, item_ids=[strange, *arguments["item_ids"][1:]])


def more_than_was_ordered(tool: str) -> Iterator[Spoilt]:
    for arguments in MAKERS[tool]():
        once = Shop().order(arguments["order_id"])["items"]
        item = arguments["item_ids"][0]
        times = sum(line["item_id"] == item for line in once) + 1
        more: dict[str, Any] = {"item_ids": [item] * times}
        if "new_item_ids" in arguments:
            more["new_item_ids"] = [arguments["new_item_ids"][0]] * times
        yield _with(tool, arguments, **more)


def unequal_lists(tool: str) -> Iterator[Spoilt]:
    for arguments in MAKERS[tool]():
        yield _with(tool, arguments, new_item_ids=arguments["new_item_ids"] * 2)


def refund_elsewhere(tool: str) -> Iterator[Spoilt]:
    """To a card or PayPal account of the same person that did not pay."""
    for arguments in MAKERS[tool]():
        order = Shop().order(arguments["order_id"])
        paid = order["payment_history"][0]["payment_method_id"]
        for method in methods_of(order).values():
            if method["source"] != "gift_card" and method["id"] != paid:
                yield _with(tool, arguments, payment_method_id=method["id"])
                break


KINDS: dict[str, Callable[[], Iterator[Spoilt]]] = {}


def _kind(words: str, make: Callable[..., Iterator[Spoilt]], *given: str) -> None:
    KINDS[words] = lambda: make(*given)


for _tool in MAKERS:
    _kind(f"{_tool} by nobody that the shop knows", by_nobody, _tool)
for _tool in (*OF_PENDING, *OF_DELIVERED, "get_order_details"):
    _kind(f"{_tool} on somebody else's order", somebody_elses, _tool)
    _kind(f"{_tool} on no order", of_no_order, _tool)
for _tool in OF_PENDING:
    for _status in ("processed", "delivered", "cancelled"):
        _kind(f"{_tool} when {_status}", in_state, _tool, _status)
    _kind(f"{_tool} after its items were modified", after, _tool, "modify_pending_order_items")
for _tool in OF_DELIVERED:
    for _status in ("pending", "processed", "cancelled"):
        _kind(f"{_tool} when {_status}", in_state, _tool, _status)
    for _first in OF_DELIVERED:
        _kind(f"{_tool} after {_first}", after, _tool, _first)
_kind("cancel_pending_order for another reason", for_a_reason, "cancel_pending_order")
_kind("modify_pending_order_payment to the same one", same_payment, "modify_pending_order_payment")
_kind(
    "modify_pending_order_payment a second time", after, "modify_pending_order_payment", "modify_pending_order_payment"
)
for _tool in ("modify_pending_order_payment", *SWAPS):
    _kind(f"{_tool} with too small a gift card", too_small_a_gift_card, _tool)
for _tool in ("modify_pending_order_payment", *SWAPS, "return_delivered_order_items"):
    _kind(f"{_tool} with somebody else's payment method", others_payment, _tool)
for _tool in SWAPS:
    _kind(f"{_tool} to another kind of product", of_another_kind, _tool)
    _kind(f"{_tool} to what is out of stock", out_of_stock, _tool)
    _kind(f"{_tool} to what does not exist", no_such_item, _tool)
    _kind(f"{_tool} to the very same item", same_item, _tool)
    _kind(f"{_tool} with lists of unequal length", unequal_lists, _tool)
for _tool in (*SWAPS, "return_delivered_order_items"):
    _kind(f"{_tool} of what is not in the order", not_in_the_order, _tool)
    _kind(f"{_tool} of more than was ordered", more_than_was_ordered, _tool)
_kind("return_delivered_order_items to a card that did not pay", refund_elsewhere, "return_delivered_order_items")


def _about(tool: str, order: Record) -> Iterator[Spoilt]:
    """The request of this kind about that very order, as its owner would make it."""
    methods = methods_of(order)
    paid = order["payment_history"][0]
    if tool == "cancel_pending_order":
        yield _request(tool, {"order_id": order["order_id"], "reason": "no longer needed"})
    elif tool == "modify_pending_order_address":
        yield _request(tool, {"order_id": order["order_id"], **ADDRESS})
    elif tool == "modify_pending_order_payment":
        for method in methods.values():
            if method["id"] != paid["payment_method_id"] and covers(method, paid["amount"]):
                yield _request(tool, {"order_id": order["order_id"], "payment_method_id": method["id"]})
                return
    elif tool == "return_delivered_order_items":
        items = [order["items"][-1]["item_id"]]
        yield _request(
            tool, {"order_id": order["order_id"], "item_ids": items, "payment_method_id": paid["payment_method_id"]}
        )
    else:
        swap = swap_of(order, lambda old, new: new["available"] and new["item_id"] != old["item_id"])
        method = next((each for each in methods.values() if each["source"] != "gift_card"), None)
        if swap and method:
            yield _request(tool, swapped(order, swap, method["id"]))


def _request(tool: str, arguments: dict[str, Any]) -> tuple[Request, str, dict[str, Any]]:
    return as_request(tool, arguments), tool, arguments


def _with(tool: str, arguments: dict[str, Any], **otherwise: Any) -> tuple[Request, str, dict[str, Any]]:
    """The request of the same person, with something said otherwise."""
    right = as_request(tool, arguments)
    return Request(right.procedure, right.email, {**right.slots, **otherwise}), tool, {**arguments, **otherwise}
