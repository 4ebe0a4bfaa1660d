"""Use a tool: claim, then call, then record. Never twice for one key, and when its fate is unknown a person is asked."""

from collections.abc import Mapping
from dataclasses import replace

from towerdesk.accounts.halt import STOPPED, halted
from towerdesk.connectors import registry
from towerdesk.connectors.approval import why_it_waits
from towerdesk.connectors.begin import begin
from towerdesk.connectors.claim import Asked
from towerdesk.connectors.contract import NotDone, Preview, Value
from towerdesk.connectors.given import Persons, checked, known_as
from towerdesk.connectors.limits import must_be_within
from towerdesk.connectors.models import Call
from towerdesk.connectors.read_back import read_back
from towerdesk.connectors.registry import Wired
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Refused, Unavailable


def use(
    tool: str | Wired,
    given: Mapping[str, Value],
    *,
    key: str,
    by: Actor,
    ticket: int | None = None,
    person: Persons = "",
    run: int | None = None,
    warrant: str = "",
    cause: Event | None = None,
    after: int | None = None,
) -> Call:
    """Call `connection.tool` once for this key, however often and by however many this is said; outside of transactions.

    `person` are the addresses or ids that the server knows the requester by. `warrant` names what stands for an approval,
    such as a licence: the caller vouches for it. `after` is what whoever agreed had seen (`claim.Asked`). The call that is
    returned is

    - `done`: with its `content`; `checked` says whether reading back showed the same
    - `failed`: it surely did not happen; when `again`, the same key may be tried once more
    - `planned`: it waits for a person (`decide.approve`), whose word is followed by one of the others
    - `claimed`: under way, or its fate is being found out by the clock, which ends in one of the others
    - `unknown`: a person is asked (`settle`)

    each told by an event `tool.…` on the ticket. Raises `Refused` for a limit, a value whose source may not say it, or a
    person whose data it is not; `Invalid` for what does not fit; `Conflict` for a key that stood for another call, and
    `Changed` when another change came after the one that was seen.
    """
    wired = _ready(tool, by)
    found = checked(wired.spec, given, by=by, ticket=ticket, person=person)
    asked = Asked(key, by, ticket, tuple(known_as(person)), run, warrant, cause, after=after)
    return read_back(begin(wired, found, asked), by=by, wired=wired)


def preview_use(
    tool: str | Wired,
    given: Mapping[str, Value],
    *,
    by: Actor,
    ticket: int | None = None,
    person: Persons = "",
    warrant: str = "",
) -> Preview:
    """What `use` would do, and why it would wait. Raises what it would raise, and `Invalid` for what would not be taken."""
    wired = _ready(tool, by)
    found = checked(wired.spec, given, by=by, ticket=ticket, person=person)
    must_be_within(wired.setting, wired.spec.title, found.amount, found.person)
    try:
        preview = wired.tool.preview(found.arguments)
    except NotDone as error:
        raise (Unavailable if error.later else Invalid)(str(error)) from None
    return replace(preview, waits=why_it_waits(wired.setting, wired.spec.effect, found.amount, by=by, warrant=warrant))


def _ready(tool: str | Wired, by: Actor) -> Wired:
    wired = registry.tool(tool) if isinstance(tool, str) else tool
    by.must(wired.spec.needs)
    if by.kind == "assistant" and halted():
        raise Refused(f"{STOPPED}: it calls nobody.")
    if not wired.usable:
        raise Refused(f"{wired.spec.title} is switched off. See Settings → Connections.")
    return wired
