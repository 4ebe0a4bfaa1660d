"""What an inbox was told last by its provider about what it goes by, such as keys: kept with its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from towerdesk.channels.models import Inbox

KEY = "renewed"
"""Where `Inbox.settings` holds it."""


@dataclass(frozen=True, slots=True)
class Renewed:
    asked_at: datetime | None = None  # whether or not it was answered
    failed: bool = False  # the last time that it was asked for
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        asked_at = self.asked_at.isoformat() if self.asked_at else ""
        return {"asked_at": asked_at, "failed": self.failed, "values": dict(self.values)}


def renewed(inbox: Inbox) -> Renewed:
    kept = inbox.settings.get(KEY)
    if not isinstance(kept, dict):
        return Renewed()
    asked_at = datetime.fromisoformat(kept["asked_at"]) if kept.get("asked_at") else None
    return Renewed(asked_at, bool(kept.get("failed")), kept.get("values") or {})
