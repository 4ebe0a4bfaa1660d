"""The 114 tasks of `policy-tau2-retail`: who calls, and what the shop is expected to have done for them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.data import data
from tests.retail.shop import WRITES, Shop, ShopError

PROCEDURES = {
    "cancel_pending_order": "shop-cancel-order",
    "modify_pending_order_address": "shop-order-address",
    "modify_pending_order_payment": "shop-order-payment",
    "modify_pending_order_items": "shop-order-items",
    "return_delivered_order_items": "shop-return",
    "exchange_delivered_order_items": "shop-exchange",
    "modify_user_address": "shop-my-address",
    "get_order_details": "shop-information",
    "transfer_to_human_agents": "shop-transfer",
}
"""Which procedure does what a tool does."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, with everything said; `email` is who the server knows them to be."""

    procedure: str
    email: str
    slots: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    actions: list[tuple[str, dict[str, Any]]]

    def requests(self) -> list[Request]:
        """The expected changes, as what the customer asks for, in their order."""
        return [as_request(name, arguments) for name, arguments in self.actions if name in WRITES]

    def expected(self) -> str:
        """The state of the database after the expected actions; what the shop refuses changes nothing, as in its own runs."""
        shop = Shop()
        for name, arguments in self.actions:
            try:
                shop.call(name, **arguments)
            except ShopError:
                continue
        return shop.state()


def as_request(tool: str, arguments: dict[str, Any]) -> Request:
    """The call of a writing tool as a request of the person whose order or account it is."""
    slots = dict(arguments)
    shop = Shop()
    user_id = slots.pop("user_id", None) or shop.order(slots["order_id"])["user_id"]
    return Request(PROCEDURES[tool], shop.user(user_id)["email"], slots)


@cache
def tasks() -> Sequence[Task]:
    found = json.loads((data("policy-tau2-retail") / "tasks.json").read_bytes())
    return [
        Task(one["id"], [(act["name"], act["arguments"]) for act in one["evaluation_criteria"]["actions"]])
        for one in found
    ]
