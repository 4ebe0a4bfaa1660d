"""Let generated customers write to a desk whose shop is real, and look into the shop's books afterwards.

Everything goes the way it goes on a desk: messages are received, considered, answered. A person approves each
suggestion as it stands, without looking: what is judged is what the procedures would have done.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings

from tests.customers.traces import Trace, calls_of
from tests.customers.wishes import Customer, books_of, changes, customers, expected
from towerdesk.accounts.models import Team
from towerdesk.assistant.brain import train_intents
from towerdesk.assistant.consider import consider
from towerdesk.assistant.grade import approve
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures.approve import carry_out
from towerdesk.channels.models import Inbox
from towerdesk.cli.demo import procedures
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.shop.books import Books
from towerdesk.cli.demo.shop.connect import TOOLS
from towerdesk.cli.demo.shop.seed import seed
from towerdesk.connectors.contract import TEXT
from towerdesk.connectors.http.description import from_yaml
from towerdesk.connectors.set_up import connect, set_tool
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.embedding import embedder
from towerdesk.lib.errors import Trouble
from towerdesk.people.find import person_for
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive

MOST_TURNS = 6
TOKEN = "customers"  # of a shop that nobody else reaches


@dataclass
class Seen:
    """How it ended: `resolved` whole, `handed over` (with `complete` slots or not), or `wrong`, and why."""

    customer: Customer
    outcome: str
    complete: bool
    why: str = ""
    trace: Trace = field(default_factory=Trace)


def fill_shop(file: Path) -> Books:
    books = Books(file)
    seed(books)
    return books


def set_up_desk(base: str, intents: "set[str] | None" = None) -> Inbox:
    """The demo company's intents and procedures, and its shop at `base`."""
    team = Team.objects.create(name="Orders", slug="orders")
    for told in company().intents:
        if intents is None or told.slug in intents:
            values = {
                "name": told.name,
                "description": told.description,
                "examples": list(told.examples),
                "risk": told.risk,
            }
            Intent.objects.create(slug=told.slug, team=team, level="suggest", **values)
    train_intents(embedder())
    text = TOOLS.read_text(encoding="utf-8").replace("http://127.0.0.1:8027", base)
    host = base.removeprefix("http://")
    settings.CONNECTOR_HOSTS = [host]
    connect(None, name="Shop", kind="http", settings={TEXT: text}, secrets={"token": TOKEN}, hosts=[host], by=CLOCK)
    for tool in from_yaml(text).tools:
        set_tool(f"shop.{tool.name}", enabled=True, by=CLOCK)
    procedures.publish_all(by=CLOCK)
    return Inbox.objects.create(name="Support", address="support@brasswell.example", team=team)


def live(books: Books, inbox: Inbox, by: Actor, number: int, seed: int, today: date) -> Iterator[Seen]:
    """One after the other, each to the end of their talk."""
    with books.open() as link:
        cast = customers(link, today, number, seed)
    for one in cast:
        yield _one(books, inbox, by, one, Random(f"{seed} {one.mail}"))


def shares(seen: list[Seen]) -> dict[str, float]:
    count = Counter(one.outcome for one in seen)
    handed = [one for one in seen if one.outcome == "handed over"]
    return {
        "resolved": count["resolved"] / len(seen),
        "wrong": count["wrong"] / len(seen),
        "handed_over": len(handed) / len(seen),
        "handed_over_complete": sum(one.complete for one in handed) / max(1, len(handed)),
    }


def _one(books: Books, inbox: Inbox, by: Actor, one: Customer, chance: Random) -> Seen:
    with books.open() as link:
        before = books_of(link)
    ticket, letters = _talk(inbox, by, one, chance)
    with books.open() as link:
        found = changes(before, books_of(link))
    seen = _judge(one, found, letters)
    seen.trace = Trace(calls_of(ticket), sorted(found))
    return seen


def _talk(inbox: Inbox, by: Actor, one: Customer, chance: Random) -> tuple[Ticket, list[str]]:
    """Returns their ticket and what was written to them."""
    person = person_for(one.mail, one.name, verified=True)
    ticket = open_ticket("", requester=person, inbox=inbox, by=person.actor())
    said, letters = one.first_words(chance), list[str]()
    for _ in range(MOST_TURNS):
        received = Received(said, person=person, sender=one.mail, trust={"verified": True})
        message = receive(ticket, received, by=person.actor())
        message.ticket = Ticket.objects.select_related("requester", "inbox", "team", "intent").get(pk=ticket.pk)
        run = consider(message)
        if run is None or run.kind != "action" or run.outcome != "draft":
            return ticket, letters
        letters += _let_it(run, by)
        run.procedure_run.refresh_from_db()
        going = run.procedure_run
        if going.state not in ("asking", "confirming"):
            return ticket, letters
        said = one.answers(going.stop["kind"], going.stop["missing"], chance)
    return ticket, letters


def _let_it(run: Run, by: Actor) -> list[str]:
    """The person presses the button."""
    try:
        sent = carry_out(run, by=by) if run.acts else approve(run, by=by)
    except Trouble:
        return []
    return [sent.text] if sent else []


def _judge(one: Customer, found: set[tuple[str, ...]], letters: list[str]) -> Seen:
    run = ProcedureRun.objects.filter(ticket__requester__identities__value=one.mail).order_by("-id").first()
    if found - expected(one):
        return Seen(one, "wrong", False, f"changed what nobody wished: {sorted(found - expected(one))}")
    if run is None:
        return Seen(one, "handed over", _is_named(one), "no procedure began")
    state = run.state
    if state == "handed_over" or state in ("person", "waiting", "asking", "confirming", "ready", "approval", "acting"):
        return Seen(one, "handed over", _is_complete(one, run), run.stop.get("why", state))
    if found != expected(one):
        return Seen(one, "wrong", False, f"ended as {state}, but the books do not say so")
    if state == "refused" and one.may:
        return Seen(one, "wrong", False, "refused what our rules allow")
    if state == "done" and not one.may:
        return Seen(one, "wrong", False, "said it was done, against the rules")
    if one.wish == "status" and one.order not in letters[-1]:
        return Seen(one, "wrong", False, "told of another order")
    return Seen(one, "resolved", True, state)


def _is_named(one: Customer) -> bool:
    """No procedure was for it: all that they said is on the hand-over."""
    handed = Run.objects.filter(ticket__requester__identities__value=one.mail).order_by("-id").first()
    return handed is not None and all(said in str(handed.named) for said in one.told.values())


def _is_complete(one: Customer, run: ProcedureRun) -> bool:
    """Whoever takes over sees everything that they said: as a value, or in the words that led nowhere."""
    kept = run.kept
    known = (
        str({name: value["content"] for name, value in kept["known"].items()})
        + str(kept["rejected"])
        + str(kept["heard"])
    )
    return all(said in known for said in one.told.values())
