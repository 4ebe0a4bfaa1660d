"""Error codes of the Graph API, sorted by what helps; each channel brings along its own (developers.facebook.com)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.channels.contract import NotSent

ACCOUNT = {
    0: "Meta does not know the access token",
    3: "the access token may not do this",
    10: "the access token may not do this",
    102: "the access token has expired",
    190: "the access token has expired",
    368: "Meta has blocked the account for a breach of its rules",
}
PATIENCE = {4: 60.0, 17: 60.0, 32: 60.0, 613: 60.0}
"""Ceilings, and after how many seconds to come again."""
BROKEN = (1, 2)


@dataclass(frozen=True, slots=True)
class Codes:
    """Those that one channel knows beside the common ones; `final` also by subcode, which says more than a code."""

    who: str
    final: Mapping[int, str]
    account: Mapping[int, str] = field(default_factory=dict)
    patience: Mapping[int, float] = field(default_factory=dict)
    broken: Sequence[int] = ()

    def sentence(self, error: Any) -> str:
        """Of an error as Meta tells it, for people."""
        told = error if isinstance(error, dict) else {}
        code, details = _number(told, "code"), (told.get("error_data") or {}).get("details")
        known = self._final(told) or (ACCOUNT | dict(self.account)).get(code)
        said = known or details or told.get("title") or told.get("message") or f"{self.who} does not say why"
        return f"{str(said).rstrip('.')} ({code})." if code else f"{str(said).rstrip('.')}."

    def not_sent(self, error: dict[str, Any]) -> NotSent | None:
        """None: the code alone does not tell, so the status has to."""
        code, patience, account = _number(error, "code"), PATIENCE | dict(self.patience), ACCOUNT | dict(self.account)
        if self._final(error):
            return NotSent(self.sentence(error), later=False)
        if code in patience:
            return NotSent(f"{self.who} asks for patience ({code}).", later=True, after=patience[code])
        if code in account or 200 <= code <= 299:
            why = account.get(code, "the access token may not do this")
            return NotSent(f"{why[0].upper()}{why[1:]} ({code}): connect the inbox again.", later=True, trouble=True)
        if code in (*BROKEN, *self.broken):
            return NotSent(f"{self.who} is in trouble ({code}).", later=True)
        return None

    def _final(self, error: dict[str, Any]) -> str:
        return self.final.get(_number(error, "error_subcode")) or self.final.get(_number(error, "code")) or ""


def _number(error: dict[str, Any], name: str) -> int:
    try:
        return int(error.get(name) or 0)
    except (TypeError, ValueError):
        return 0
