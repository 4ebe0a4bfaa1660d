"""Call a tracker, and make of its answer a value or a sentence."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from towerdesk.connectors.calling import call
from towerdesk.connectors.contract import Account, NotDone

TOO_BUSY = (408, 425, 429)


def ask(
    who: str,
    method: str,
    url: str,
    account: Account,
    *,
    headers: Mapping[str, str],
    json_body: Any = None,
) -> Any:
    """What it answers, from JSON. Raises `NotDone` for anything but 2xx."""
    said = call(who, method, url, account, headers=headers, json=json_body)
    if 200 <= said.status < 300:
        return json.loads(said.body) if said.body.strip() else {}
    told = f"{said.status} {_why(said.body)}".strip()
    if said.status in (401, 403):
        raise NotDone(f"{who} refuses the access token ({told}): give it a new one in Settings → Issue trackers.")
    if said.status == 404:
        raise NotDone(f"{who} knows nothing of the kind, or does not show it to this access token ({told}).")
    if said.status in TOO_BUSY or said.status >= 500:
        raise NotDone(f"{who} does not take this now ({told}).", later=True)
    raise NotDone(f"{who} does not take this ({told}).")


def moment(said: Any) -> datetime:
    """ISO 8601 with an offset, as all of them write it (Jira without the colon)."""
    found = datetime.fromisoformat(str(said))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def read(body: bytes) -> dict[str, Any]:
    """Raises `ValueError` for anything but a JSON object."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _why(body: bytes) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    said = found.get("message") or found.get("error") or found.get("errorMessages") or found.get("errors") or ""
    return str(said)[:200]
