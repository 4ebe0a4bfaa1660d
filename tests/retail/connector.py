"""The shop behind the connectors' contract: what each tool takes, whose word it takes, what a call would change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.retail.shop import REASONS, Record, Shop, ShopError
from towerdesk.connectors.contract import (
    VOUCHED,
    Account,
    Argument,
    Change,
    Gives,
    NotDone,
    Preview,
    ReadBack,
    Result,
    Tool,
    ToolSpec,
)

ORDER = r"#W\d{7}"
DIGITS = r"\d{10}"
ADDRESS = ("address1", "address2", "city", "state", "country", "zip")
THE_ORDER = Argument("order_id", title="Order", description="Such as #W0000000.", pattern=ORDER)
THE_USER = Argument("user_id", title="Account", description="Such as sara_doe_496.", sources=VOUCHED)
METHOD = Argument("payment_method_id", title="Payment method", description="Of the account, such as gift_card_0000000.")
ITEMS = Argument("item_ids", "list", title="Items", description="One for each piece: the same twice is two of it.")
NEW_ITEMS = Argument("new_item_ids", "list", title="New items", description="Each in the place of the item it is for.")
PLACE = tuple(
    Argument(name, title=title, required=name != "address2")
    for name, title in zip(ADDRESS, ("Street", "Flat or suite", "City", "State", "Country", "ZIP code"), strict=True)
)
ORDER_GIVES = (
    Gives("order_id"),
    Gives("user_id"),
    Gives("status"),
    Gives("address", "record"),
    Gives("items", "list"),
    Gives("payment_history", "list"),
)
USER_GIVES = (
    Gives("user_id"),
    Gives("email"),
    Gives("name", "record"),
    Gives("address", "record"),
    Gives("payment_methods", "record"),
    Gives("orders", "list"),
)


def _reads(name: str, title: str, *arguments: Argument, gives: Sequence[Gives] = (), person: str = "") -> ToolSpec:
    return ToolSpec(name, title, arguments=arguments, effect="read", gives=tuple(gives), person=person)


def _seen(**holds: str) -> ReadBack:
    """The order, looked up again, says so."""
    fields = {name.replace("__", "."): path for name, path in holds.items()}
    return ReadBack("get_order_details", {"order_id": "argument.order_id"}, fields)


SPECS = (
    _reads("calculate", "Reckon", Argument("expression")),
    _reads(
        "find_user_id_by_email", "Find an account by its address", Argument("email", sources=VOUCHED), person="email"
    ),
    _reads(
        "find_user_id_by_name_zip",
        "Find an account by name and ZIP code",
        Argument("first_name"),
        Argument("last_name"),
        Argument("zip"),
    ),
    _reads("get_item_details", "Look up an item", Argument("item_id")),
    _reads("get_order_details", "Look up an order", THE_ORDER, gives=ORDER_GIVES),
    _reads("get_product_details", "Look up a product", Argument("product_id", pattern=DIGITS)),
    _reads("get_user_details", "Look up an account", THE_USER, gives=USER_GIVES),
    _reads("list_all_product_types", "List what the shop sells"),
    ToolSpec(
        "cancel_pending_order",
        "Cancel an order",
        arguments=(THE_ORDER, Argument("reason", "choice", title="Reason", choices=REASONS)),
        effect="final",
        read_back=_seen(status="=cancelled"),
    ),
    ToolSpec(
        "modify_pending_order_address",
        "Send an order elsewhere",
        arguments=(THE_ORDER, *PLACE),
        read_back=_seen(address__address1="argument.address1", address__zip="argument.zip"),
    ),
    ToolSpec(
        "modify_pending_order_payment",
        "Pay an order otherwise",
        arguments=(THE_ORDER, METHOD),
        read_back=_seen(payment_history__1__payment_method_id="argument.payment_method_id"),
    ),
    ToolSpec(
        "modify_pending_order_items",
        "Change what is ordered",
        arguments=(THE_ORDER, ITEMS, NEW_ITEMS, METHOD),
        effect="final",
        read_back=_seen(status="=pending (item modified)"),
    ),
    ToolSpec(
        "exchange_delivered_order_items",
        "Exchange what was delivered",
        arguments=(THE_ORDER, ITEMS, NEW_ITEMS, METHOD),
        effect="final",
        read_back=_seen(status="=exchange requested"),
    ),
    ToolSpec(
        "return_delivered_order_items",
        "Take back what was delivered",
        arguments=(THE_ORDER, ITEMS, METHOD),
        effect="final",
        read_back=_seen(status="=return requested"),
    ),
    ToolSpec(
        "modify_user_address",
        "Change the address of an account",
        arguments=(THE_USER, *PLACE),
        person="user_id",
        read_back=ReadBack(
            "get_user_details",
            {"user_id": "argument.user_id"},
            {"address.address1": "argument.address1", "address.zip": "argument.zip"},
        ),
    ),
    _reads("transfer_to_human_agents", "Hand over to a person", Argument("summary")),  # changes nothing of the shop's
)


class ShopTool:
    """One tool of a shop in this process. A key is done once, whatever is asked again."""

    def __init__(self, shop: Shop, spec: ToolSpec, done: dict[str, Result]) -> None:
        self.shop, self.spec, self.done = shop, spec, done

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        trial = self.shop.fork()
        _call(trial, self.spec.name, arguments)
        changes = tuple(change for was, now in trial.changed().values() for change in changes_between(was, now))
        return Preview(f"{self.spec.title}: {arguments.get('order_id') or arguments.get('user_id', '')}", changes)

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        if key not in self.done:
            content = _call(self.shop, self.spec.name, arguments)
            self.done[key] = Result(content, self.spec.title, str(arguments.get("order_id", "")))
        return self.done[key]

    def look_up(self, key: str) -> Result | None:
        return self.done.get(key)


def _call(shop: Shop, name: str, arguments: Mapping[str, Any]) -> Any:
    try:
        return shop.call(name, **arguments)
    except ShopError as refused:
        raise NotDone(f"The shop says: {refused}.") from refused


class RetailConnector:
    """`put("retail", RetailConnector(shop))` and a `Connection` of that kind make its tools those of a desk."""

    kind, title = "retail", "The shop of the tests"

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.done: dict[str, Result] = {}

    def tools(self, account: Account) -> Sequence[Tool]:
        return [ShopTool(self.shop, spec, self.done) for spec in SPECS]

    def check(self, account: Account) -> str:
        return f"{len(self.shop.tables['orders'])} orders, {len(SPECS)} tools."


def changes_between(was: Any, now: Any, what: str = "") -> Iterator[Change]:
    """Line by line, as deep as it takes: `address zip: 80279 → 80280`."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in [*was, *(name for name in now if name not in was)]:
            yield from changes_between(was.get(name), now.get(name), f"{what} {_plain(name)}".strip())
    elif isinstance(was, list) and isinstance(now, list) and any(isinstance(each, dict) for each in [*was, *now]):
        for place in range(max(len(was), len(now))):
            yield from changes_between(_at(was, place), _at(now, place), f"{what} {place + 1}")
    elif was != now:
        yield Change(what, _said(was), _said(now))


def _at(things: Sequence[Record], place: int) -> Record | None:
    return things[place] if place < len(things) else None


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{_plain(name)} {_said(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)
