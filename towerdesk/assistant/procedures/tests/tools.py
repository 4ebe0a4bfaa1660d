"""A small shop's tools, as the connectors describe theirs."""

from dataclasses import dataclass, field

ANYBODY = frozenset(("customer", "requester", "tool", "agent", "procedure"))
VOUCHED = frozenset(("requester", "tool", "agent"))


@dataclass(frozen=True)
class Argument:
    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    sources: frozenset[str] = ANYBODY


@dataclass(frozen=True)
class Tool:
    arguments: tuple[Argument, ...] = ()
    effect: str = "read"
    amount: str = ""
    person: str = "email"
    read_back: object = field(default=None)


EMAIL = Argument("email", sources=VOUCHED)
NUMBER = Argument("number")
TOOLS = {
    "shop.orders": Tool((EMAIL,)),
    "shop.order": Tool((NUMBER, EMAIL)),
    "shop.cancel_order": Tool((NUMBER, EMAIL), effect="final"),
    "shop.change_address": Tool((NUMBER, EMAIL, Argument("address")), effect="outside", read_back="shop.order"),
    "shop.refund": Tool(
        (NUMBER, EMAIL, Argument("sum", "amount"), Argument("reason", choices=("broken", "late"), required=False)),
        effect="final",
        amount="sum",
    ),
    "shop.take_refund_back": Tool((NUMBER, EMAIL), effect="outside"),
}
