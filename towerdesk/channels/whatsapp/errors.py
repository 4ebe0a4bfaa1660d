"""Meta's error codes, sorted by what helps (developers.facebook.com, WhatsApp error codes)."""

from typing import Any

from towerdesk.channels.contract import NotSent

WINDOW = "More than 24 hours have passed since the customer wrote: WhatsApp takes only an approved template"
PATIENCE = {4: 60.0, 80007: 60.0, 130429: 5.0, 131056: 10.0, 131048: 3600.0, 133016: 3600.0}
"""Ceilings, and after how many seconds to come again; one customer may be written to every six seconds."""
ACCOUNT = {
    0: "Meta does not know the access token",
    3: "the access token may not do this",
    10: "the access token may not do this",
    190: "the access token has expired",
    368: "Meta has blocked the account for a breach of its rules",
    131005: "the access token may not do this",
    131031: "Meta has locked the account",
    131042: "Meta can't charge the account: look at its way of payment",
    131045: "the number is not registered",
    133010: "the number is not registered",
}
BROKEN = (1, 2, 131000, 131016, 133004)
FINAL = {
    130472: "WhatsApp keeps this customer out of such messages for an experiment of its own",
    131021: "This is the number that we write from",
    131026: "This number can't be reached by WhatsApp: they may have no WhatsApp, or an old one",
    131030: "The account is for tests only, and this number is not on its list",
    131047: WINDOW,
    131049: "WhatsApp holds this back, as they get many such messages",
    131050: "They want no marketing messages from us",
    131051: "WhatsApp does not take this kind of message",
    131052: "WhatsApp could not take the file",
    131053: "WhatsApp could not take the file",
    132000: "The template has another number of gaps at Meta than here",
    132001: "The template is not approved at Meta in this language",
    132005: "The text is too long for the template",
    132007: "The text breaks Meta's rules for templates",
    132015: "Meta has paused the template, as customers complained",
    132016: "Meta has switched the template off, as customers complained",
}


def sentence(error: Any) -> str:
    """Of an error as Meta tells it, for people."""
    told = error if isinstance(error, dict) else {}
    code, details = _code(told), (told.get("error_data") or {}).get("details")
    known = FINAL.get(code) or ACCOUNT.get(code)
    said = known or details or told.get("title") or told.get("message") or "WhatsApp does not say why"
    return f"{str(said).rstrip('.')} ({code})." if code else f"{str(said).rstrip('.')}."


def not_sent(error: dict[str, Any]) -> NotSent | None:
    """None: the code alone does not tell, so the status has to."""
    code = _code(error)
    if code in PATIENCE:
        return NotSent(f"WhatsApp asks for patience ({code}).", later=True, after=PATIENCE[code])
    if code in ACCOUNT or 200 <= code <= 299:
        why = ACCOUNT.get(code, "the access token may not do this")
        return NotSent(f"{why[0].upper()}{why[1:]} ({code}): connect the inbox again.", later=True, trouble=True)
    if code in BROKEN:
        return NotSent(f"WhatsApp is in trouble ({code}).", later=True)
    if code in FINAL:
        return NotSent(sentence(error), later=False)
    return None


def _code(error: dict[str, Any]) -> int:
    try:
        return int(error.get("code") or 0)
    except (TypeError, ValueError):
        return 0
