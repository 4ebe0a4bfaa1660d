"""A request that a procedure sees to, as the people in it would act: the agent lets it go on while it does what was asked for.

Whether it does is the truth that the invented request carries: who asks how something is done wants nothing to be done, an
order is the one that they named, and it goes where they said.
"""

import re
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from towerdesk.assistant.consider import consider
from towerdesk.assistant.grade import approve
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures.approve import carry_out
from towerdesk.cli.demo.dice import Dice
from towerdesk.cli.demo.office import at_work
from towerdesk.cli.demo.request import Request
from towerdesk.lib import clock
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Message

KEYS = ("cancel-order", "change-address")
"""Procedures that the company had in the past that is told; the others came later."""
INTENTS = frozenset(KEYS)
"""The intents that they are for: the company's mail server vouches for those who write of these."""
MOST_TURNS = 4
NUMBER = re.compile(r"\d+")
ALIKE = 0.8
"""Of two ways to write one address, see `SequenceMatcher.ratio`."""
YES = {"de": "Ja, bitte.", "fr": "Oui, merci.", "es": "Sí, por favor."}

type Arrives = Callable[[Message, str], Message | None]
"""The customer's answer to a message of ours, at the desk's door."""


def does_what_is_asked(run: Run, request: Request) -> bool:
    """Of any move of a procedure."""
    kept = _going(run).kept.get("known", {})
    order, address = (kept.get(name, {}).get("content") for name in ("order", "address"))
    named = order.get("order") if isinstance(order, dict) else None
    goes_there = not isinstance(address, dict) or goes_where_they_said(address, request)
    return request.needs_person and named in (None, request.slots["order"]) and goes_there


def goes_where_they_said(address: dict[str, str], request: Request) -> bool:
    """But for a slip of the keys, of which some make a few in words."""
    said = f"{address['street']}, {address['city']}".casefold()
    meant = f"{request.slots['street']}, {request.slots['city']}".casefold()
    same_shape = len(said.split()) == len(meant.split()) and NUMBER.findall(said) == NUMBER.findall(meant)
    return same_shape and SequenceMatcher(None, said, meant).ratio() >= ALIKE


def let_it_go_on(
    request: Request, run: Run, by: Actor, chance: Dice, deliver: Callable[[Message], None], arrives: Arrives
) -> Generator[datetime, None, tuple[bool, Run]]:
    """Until it ends, or a person has to see to it: whether it settled the request, and the move that it came to."""
    for _ in range(MOST_TURNS):
        run.refresh_from_db()
        if run.state != "open" or not run.reply or not does_what_is_asked(run, request):
            return False, run
        sent = carry_out(run, by=by) if run.acts else approve(run, by=by)
        if sent is None:
            return False, run
        deliver(sent)
        going = _going(run)
        if going.state not in ("asking", "confirming"):
            return True, run
        yield clock.now() + timedelta(hours=chance.uniform(0.2, 9))
        message = arrives(sent, _answer(request, going))
        after = consider(message) if message else None
        if after is None:
            return True, run
        run = after
        yield at_work(clock.now() + timedelta(hours=chance.uniform(0.1, 1.5)))
    return False, run


def _going(run: Run) -> ProcedureRun:
    """As it stands by now."""
    return ProcedureRun.objects.get(pk=run.procedure_run_id or 0)


def _answer(request: Request, going: ProcedureRun) -> str:
    if going.state == "confirming":
        return YES.get(request.language, "Yes, please.")
    known = {"order": request.slots["order"], "address": f"{request.slots['street']}, {request.slots['city']}"}
    return "\n".join(known[name] for name in going.stop.get("missing", ()) if name in known) or request.says.asked_back
