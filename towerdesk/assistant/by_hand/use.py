"""See what a tool would do on a ticket, then have it done: by `connectors.use`, as a procedure does."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from towerdesk.assistant.by_hand.known import Field, Lore, lore_of
from towerdesk.connectors import registry
from towerdesk.connectors.claim import Changed, newest_change
from towerdesk.connectors.contract import Preview, Value
from towerdesk.connectors.mapping import same
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.connectors.use import preview_use, use
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, NotFound
from towerdesk.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`mark` stays the same while the same would be done: for the same person, on the same words, by the same description of
    the tool, and after the same (`after`, see `newest_change`).
    """

    preview: Preview
    mark: str
    after: int


def tools_for(by: Actor) -> list[Wired]:
    """What this actor may use, by system; what only reads comes first."""
    usable = [one for one in registry.tools() if by.can(one.spec.needs)]
    return sorted(usable, key=lambda one: (one.connection.name, one.connection.pk, one.spec.effect != "read"))


def tool_for(name: str, by: Actor) -> Wired:
    """Raises `NotFound` for one that is not there, is switched off or is not for this actor."""
    wired = registry.tool(name)
    if not wired.usable or not by.can(wired.spec.needs):
        raise NotFound(f"There is no tool {name} that you may use.")
    return wired


def preview_by_hand(
    ticket: Ticket, wired: Wired, typed: Mapping[str, Any], *, by: Actor, mine: bool = False
) -> Foreseen:
    """The dry run. `typed` are the values as they stand in the form; see `values_of` for `mine`."""
    _must_stand(ticket, wired)
    lore = lore_of(ticket, by=by)
    return _foreseen(ticket, wired, values_of(lore, lore.fields(wired), typed, mine=mine), lore)


def use_by_hand(
    ticket: Ticket, wired: Wired, typed: Mapping[str, Any], *, key: str, by: Actor, mine: bool = False, seen: str = ""
) -> Call:
    """The call in any of the states that `use` names; the same key is one call. Outside of transactions.

    `seen` is the mark of the dry run that was agreed to: raises `Changed` when it would be another by now.
    """
    lore, after = lore_of(ticket, by=by), None
    given = values_of(lore, lore.fields(wired), typed, mine=mine)
    if not _is_begun(key):
        _must_stand(ticket, wired)
        if seen:
            foreseen = _foreseen(ticket, wired, given, lore)
            if foreseen.mark != seen and not _is_begun(key):  # by a first click that this second one has crossed
                raise Changed
            after = foreseen.after
    return use(wired, given, key=key, by=by, ticket=ticket.pk, person=lore.persons, after=after)


def _is_begun(key: str) -> bool:
    return Call.objects.filter(key=key, again=False).exists()


def values_of(lore: Lore, fields: Sequence[Field], typed: Mapping[str, Any], *, mine: bool = False) -> dict[str, Value]:
    """Each value with who said it: what was known and left as it is stays theirs, all else is the word of who acts.

    A program's own word counts as a procedure's, never as one of ours. `mine`: the agent answers also for what was written.
    """
    given: dict[str, Value] = {}
    for one in fields:
        content = typed.get(one.argument.name)
        if content is None or content == "":
            continue
        given[one.argument.name] = _known(one, content, mine) or _own(content, lore.by)
    strange = set(typed) - {one.argument.name for one in fields}
    return given | {name: _own(typed[name], lore.by) for name in strange}


def _foreseen(ticket: Ticket, wired: Wired, given: Mapping[str, Value], lore: Lore) -> Foreseen:
    after = newest_change(ticket.pk)
    preview = preview_use(wired, given, by=lore.by, ticket=ticket.pk, person=lore.persons)
    words = {name: (value.content, value.source) for name, value in given.items()}
    seen = [asdict(preview), words, lore.persons, lore.proven, wired.connection.changed_at.isoformat(), after]
    mark = hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()
    return Foreseen(preview, mark, after)


def _known(one: Field, content: Any, mine: bool) -> Value | None:
    for known in one.known:
        if known.taken and same(known.value.content, content) and not (mine and known.value.source == "customer"):
            return known.value
    return None


def _own(content: Any, by: Actor) -> Value:
    return Value(content, "agent", str(by.user_id)) if by.kind == "agent" else Value(content, "procedure")


def _must_stand(ticket: Ticket, wired: Wired) -> None:
    """What is over is changed nowhere; it may be looked up all the same."""
    if wired.spec.effect == "read":
        return
    ticket = Ticket.objects.get(pk=ticket.pk)
    if ticket.merged_into_id:
        raise Conflict(f"{ticket.number} is a part of {ticket.merged_into_id} by now: do it there.")
    if ticket.status == "closed":
        raise Conflict(f"{ticket.number} is closed: open it again first.")
