"""What an answer means, and what of it is kept."""

from collections.abc import Mapping
from typing import Any

from towerdesk.connectors.contract import Result
from towerdesk.connectors.http.description import Meaning, ToolIs
from towerdesk.connectors.http.templates import text
from towerdesk.connectors.mapping import dig
from towerdesk.lib.ask import Said

NOT_LET_IN = (401, 403, 407)
"""The desk's own access is in question, so nothing is known about what was asked."""
BUSY = (408, 425, 429)
LONGEST = 300  # characters of a reason


def meaning_of(status: int, tool: ToolIs) -> Meaning:
    """Unless the description says otherwise: 2xx is done, a server in trouble may have done it, all else is a no.

    Whoever is not let in may be later, when the connection was mended.
    """
    if status in tool.statuses:
        return tool.statuses[status]
    if 200 <= status < 300:
        return "done"
    if status in BUSY or status in NOT_LET_IN:
        return "later"
    if status >= 500:
        return "later" if tool.effect == "read" else "unknown"
    return "not_done"


def why_not(said: Said, field: str) -> str:
    """The reason in the system's own words: data, shown to people as it stands."""
    found = dig(said.content(), field)
    return str(found)[:LONGEST] if isinstance(found, str) else ""


def result_of(content: Any, tool: ToolIs, arguments: Mapping[str, Any]) -> Result:
    """Only what the description names is kept; everything, where it names nothing."""
    kept = {name: dig(content, one.path or name) for name, one in tool.gives.items()} if tool.gives else content
    known = dict(arguments) | (_named(kept) if isinstance(kept, Mapping) else {})
    sentence = text(tool.sentence, known) if tool.sentence else f"{tool.title}: done"
    return Result(kept, sentence, str(dig(kept, tool.external_id) or "") if tool.external_id else "")


def _named(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {f"result.{name}": value for name, value in kept.items() if not isinstance(value, list | Mapping)}
