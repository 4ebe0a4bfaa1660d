"""A shop in memory, as the world of a run: two customers, their orders, and what was done."""

from dataclasses import dataclass, field

from towerdesk.assistant.procedures.engine import Answer

MARA = "mara@lindqvist.example"


def orders():
    return {
        "BW-10001": {"number": "BW-10001", "status": "pending", "total": "45.00", "email": MARA, "items": "Drift"},
        "BW-10002": {
            "number": "BW-10002",
            "status": "sent",
            "total": "250.00",
            "email": MARA,
            "items": "Kestrel kettle",
        },
        "BW-20001": {
            "number": "BW-20001",
            "status": "pending",
            "total": "12.00",
            "email": "jonas@weber.example",
            "items": "",
        },
    }


@dataclass
class World:
    """`allowed`: writes may be made. `broken` tools fail. Calls are kept by their keys, as the journal does it."""

    language: str = "en"
    allowed: bool = True
    broken: tuple[str, ...] = ()
    lazy: bool = False  # it says done and does nothing
    orders: dict = field(default_factory=orders)
    calls: dict = field(default_factory=dict)
    trace: list = field(default_factory=list)

    def read(self, key, tool, given):
        self.trace.append((tool, {name: value.content for name, value in given.items()}))
        if tool in self.broken:
            return Answer("later", note="It does not answer.")
        mail = given["email"].content
        if tool == "shop.orders":
            theirs = [one for one in self.orders.values() if one["email"] == mail]
            return Answer("done", theirs, key)
        order = self.orders.get(given["number"].content)
        return Answer("done", dict(order), key) if order and order["email"] == mail else Answer("nothing")

    def write(self, key, tool, given):
        if key in self.calls:
            return self.calls[key]
        self.trace.append((tool, {name: value.content for name, value in given.items()}))
        if tool in self.broken:
            return Answer("failed", note="The shop said no.")
        order = self.orders[given["number"].content]
        if not self.lazy:
            order["status" if tool == "shop.cancel_order" else "address"] = (
                "cancelled" if tool == "shop.cancel_order" else given["address"].content
            )
        self.calls[key] = Answer("done", {"number": order["number"]}, key)
        return self.calls[key]

    def undo(self, key, said, tool, given):
        self.trace.append((tool, {name: value.content for name, value in given.items()}))
        return Answer("done")

    def may_write(self):
        return self.allowed

    def note(self, state, node, sentence, answer=None):
        pass
