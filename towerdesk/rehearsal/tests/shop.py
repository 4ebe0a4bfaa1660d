"""A small shop whose procedures stumble: what customers say in words that it does not know, and rules that people step over."""

from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.consider import consider
from towerdesk.assistant.grade import approve
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures.approve import carry_out
from towerdesk.assistant.procedures.by_hand import fill_in, go_on
from towerdesk.connectors.contract import VOUCHED, Argument, NotDone, ToolSpec, Value
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.use import use
from towerdesk.lib.actor import Actor
from towerdesk.lib.embedding import Embedder
from towerdesk.people.find import person_for
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply

MARA = "mara@lindqvist.example"
PAGE = r"""---
key: send-back
intents: [return-how-to]
risk: account
attempts: 1
---

# Send an item back

## What we need

- order (text like `BW-\d{5}`, from customer): The number of your order
    - de: Die Nummer Ihrer Bestellung
- reason (choice, from customer): Why shall it go back?
    - changed_mind: changed my mind
    - damaged: broken

## Look it up

- Ask: order, reason
- Read: found = shop.get_order(number=order)
- Require: has(found)
- Otherwise hand over: We can't find the order
- Require: found.status is "delivered"
- Otherwise hand over: It was not delivered yet

## Send it back

- Confirm: We make a label for {order}.
- Write: label = shop.make_label(number=found.number, reason=reason)
- Read: after = shop.get_order(number=order)
- Check: has(after)
- Say: Your label {label.label} is ready.
"""
TESTS = """- test: What is broken goes back
  says: ["BW-12345 is broken", yes]
  tools: {shop.get_order: {number: BW-12345, status: delivered}, shop.make_label: {label: L-1}}
  expect: {does: [shop.make_label], ends: done}
"""


@dataclass
class Shop:
    """Orders by number; `delivered` unless it was said otherwise."""

    desk: cast.Desk
    model: Embedder
    states: dict[str, str] = field(default_factory=dict)
    until: str = ""

    def connect(self) -> None:
        number = Argument("number", title="Order")
        order = ToolSpec("get_order", "Look up an order", arguments=(number,), effect="read", person="result.mail")
        vouched = Argument("number", title="Order", sources=VOUCHED)
        reason = Argument("reason", "choice", choices=("changed_mind", "damaged"))
        connect(
            "shop",
            FakeTool(order, self.order),
            FakeTool(ToolSpec("make_label", "Make a label", arguments=(vouched, reason)), self.label),
            FakeTool(ToolSpec("stop_parcel", "Stop a parcel", arguments=(vouched,)), self.stop),
        )

    def order(self, given: Any) -> dict[str, str]:
        if not str(given["number"]).startswith("BW-"):
            raise NotDone("There is no such order.")
        return {
            "number": given["number"],
            "mail": MARA,
            "status": self.states.get(given["number"], "delivered"),
            "until": self.until,
        }

    def label(self, given: Any) -> dict[str, str]:
        return {"label": f"L-{given['number'][3:]}"}

    def stop(self, given: Any) -> dict[str, str]:
        self.states[given["number"]] = "stopped"
        return {"number": given["number"]}

    def writes(self, text: str, ticket: Ticket | None = None) -> Run:
        """Mara writes, and it is considered."""
        if ticket is None:
            mara = person_for(MARA, "Mara Lindqvist", verified=True)
            ticket = cast.opened(self.desk, mara, "Return", "…")
            ticket.messages.all().delete()
        ticket.refresh_from_db()
        message = cast.says(ticket, text, sender=MARA, trust={"verified": True})
        run = consider(message, by=self.model)
        assert run is not None
        return run

    def asked_in_vain(self, number: str, words: str, *, by: Actor) -> ProcedureRun:
        """It asks why, does not understand the answer, and hands over."""
        run = self.writes(f"I want to send the grinder back, order {number}. How do I return it?")
        approve(run, by=by)
        run = self.writes(words, run.ticket)
        assert run.outcome == "handed_over", run.why
        return ProcedureRun.objects.get(ticket=run.ticket)

    def helped(self, run: ProcedureRun, reason: str, *, by: Actor) -> None:
        """Ana fills in why, and lets it go on to its end."""
        fill_in(run, "reason", reason, by=by)
        go_on(run, by=by)
        approve(Run.objects.get(ticket=run.ticket, state="open"), by=by)
        carry_out(self.writes("Yes please", run.ticket), by=by)

    def looks_up(self, ticket: Ticket, number: str, *, by: Actor) -> Any:
        given = {"number": Value(number, "customer", "1")}
        return self._use("get_order", ticket, given, by)

    def stops(self, ticket: Ticket, number: str, *, by: Actor) -> None:
        """Ben looks it up, stops the parcel, looks again, and tells Mara."""
        found = self.looks_up(ticket, number, by=by)
        self._use("stop_parcel", ticket, {"number": Value(number, "tool", str(found.pk))}, by)
        self.looks_up(ticket, number, by=by)
        reply(ticket, "Hello Mara,\n\nThe parcel turns around and comes back to us.\n\nBen", by=by, then="resolve")

    def _use(self, tool: str, ticket: Ticket, given: dict[str, Value], by: Actor) -> Any:
        key = f"{tool}-{ticket.pk}-{Run.objects.count()}-{len(self.states)}-{id(given)}"
        return use(f"shop.{tool}", given, key=key, by=by, ticket=ticket.pk, person=[MARA])
