"""A shop of three orders behind two tools, the procedure that sends an invoice again, and Mara, who asks for hers."""

import pytest

from towerdesk.assistant.models import Licence
from towerdesk.assistant.procedures.desk_tools import desk_tools
from towerdesk.assistant.procedures.publish import publish
from towerdesk.assistant.procedures.write import write
from towerdesk.connectors import registry
from towerdesk.connectors.contract import VOUCHED, Argument, NotDone, ReadBack, ToolSpec
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.people.find import person_for
from towerdesk.testing import cast

MARA = "mara@lindqvist.example"
PAGE = r"""---
intents: [invoice-copy]
risk: account
---

# Send an invoice again

## What we need

- order (text like `BW-\d{5}`, from customer): The number of your order
    - de: Die Nummer Ihrer Bestellung

## Look it up

- Ask: order
- Read: found = shop.order(number=order)
- Require: has(found)
- Otherwise ask again for order: We can't find an order {order} of yours.
- Require: found.status is "sent"
- Otherwise refuse: Order {order} has no invoice yet.

## Send it

- Confirm: We send the invoice of {order} to {found.mail}.
- Write: sent = shop.send_invoice(number=found.number, mail=requester.email)
- Say: Invoice {sent.invoice} is on its way.
"""
ORDERS = {
    "BW-10001": {"number": "BW-10001", "mail": MARA, "status": "sent"},
    "BW-10002": {"number": "BW-10002", "mail": MARA, "status": "packed"},
    "BW-20001": {"number": "BW-20001", "mail": "jonas@weber.example", "status": "sent"},
}
INVOICES: set[str] = set()


def look_up(given):
    if given["number"] not in ORDERS:
        raise NotDone("There is no such order.")
    return ORDERS[given["number"]] | {"invoiced": given["number"] in INVOICES}


def send_it(given):
    INVOICES.add(given["number"])
    return {"number": given["number"], "invoice": f"INV-{given['number'][3:]}"}


@pytest.fixture
def sender(taught):
    """The tool that sends; the shop is connected, and the procedure is published for it."""
    INVOICES.clear()
    number = Argument("number")
    order = ToolSpec("order", "Look up an order", arguments=(number,), effect="read", person="result.mail")
    invoice = ToolSpec(
        "send_invoice",
        "Send an invoice",
        arguments=(Argument("number", sources=VOUCHED), Argument("mail", sources=VOUCHED)),
        person="mail",
        read_back=ReadBack("order", {"number": "argument.number"}, {"invoiced": "=True"}),
    )
    sender = FakeTool(invoice, send_it)
    connect("shop", FakeTool(order, look_up), sender, approval="unlicensed")
    publish(write(None, PAGE, by=CLOCK), desk_tools(), by=CLOCK)
    yield sender
    registry.put("fake", None)


@pytest.fixture
def asked(desk, sender):
    def ask(text, verified=True, address=MARA):
        person = person_for(address, "Mara Lindqvist", verified=verified)
        ticket = cast.opened(desk, person, "Invoice", "Hello.")
        ticket.messages.all().delete()
        return says(ticket, text, verified=verified)

    return ask


def says(ticket, text, verified=True):
    ticket.refresh_from_db()
    sender = ticket.requester.identities.get().value
    return cast.says(ticket, text, sender=sender, trust={"verified": verified})


def licensed(intent, kind="action"):
    return Licence.objects.create(
        intent=intent,
        kind=kind,
        threshold=0.01,
        alpha=0.05,
        n=80,
        k=0,
        bound=0.037,
        expires_at=now().replace(year=2099),
    )
