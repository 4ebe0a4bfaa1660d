"""Whose is what an earlier call has found? An agent may look at anybody's, and answers for it; nobody else may build on that."""

from collections.abc import Sequence

from towerdesk.connectors import registry
from towerdesk.connectors.contract import RESULT
from towerdesk.connectors.mapping import dig, same
from towerdesk.connectors.models import Call
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Trouble


def may_build_on(call: Call, persons: Sequence[str], by: Actor) -> bool:
    """An agent may on all that was found on the ticket for this requester; all others on what surely is the requester's."""
    if persons and not any(same(theirs, one) for theirs in call.persons for one in persons):
        return False
    return by.kind == "agent" or _is_theirs(call, persons)


def _is_theirs(call: Call, persons: Sequence[str]) -> bool:
    """Nobody had to answer for it, nor for the calls whose word it took; or it turned out to be theirs all the same."""
    said = call.sources.values()
    earlier = [one["said"] for one in said if one["source"] == "tool"]
    if any(not _is_theirs(one, persons) for one in Call.objects.filter(pk__in=earlier)):
        return False
    if all(one["source"] != "agent" for one in said):
        return True
    try:
        person = registry.tool(call.tool).spec.person
    except Trouble:
        return False
    if not person.startswith(RESULT):
        answered = call.sources.get(person, {}).get("source") == "agent"
        return not answered or any(same(call.arguments[person], one) for one in persons)
    return any(same(dig(call.content, person.removeprefix(RESULT)), one) for one in persons)
