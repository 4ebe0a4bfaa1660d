"""Twilio's error codes, sorted by what helps (twilio.com/docs/api/errors)."""

from towerdesk.channels.contract import NotSent

PATIENCE = {14107: 5.0, 20429: 10.0, 30001: 60.0, 30022: 60.0, 63018: 10.0}
ACCOUNT = {
    20003: "Twilio does not know the account SID or the auth token",
    20005: "Twilio has suspended the account",
    20008: "The credentials are those for tests, which send nothing",
    21606: "The number that we write from is not this account's, or takes no text messages",
    21659: "The number that we write from is not this account's",
    21660: "The number that we write from belongs to another account",
    30002: "Twilio has suspended the account",
    30034: "The number is not registered for sending to the United States (A2P 10DLC)",
}
FINAL = {
    21211: "This is no telephone number",
    21408: "The account may not write to this country: switch it on at Twilio",
    21610: "They asked for no more messages (STOP): only they can take that back, by START",
    21612: "Twilio knows no way from our number to this one",
    21614: "This number takes no text messages",
    21617: "The text is too long",
    30003: "The telephone can't be reached",
    30004: "The message was blocked",
    30005: "The number is not known",
    30006: "The number is a landline, or can't be reached",
    30007: "The network held it back as spam",
    30008: "The network does not say why",
}


def sentence(code: str, message: str = "") -> str:
    number = _number(code)
    said = FINAL.get(number) or ACCOUNT.get(number) or message or "Twilio does not say why"
    return f"{said.rstrip('.')} ({number})." if number else f"{said.rstrip('.')}."


def not_sent(code: int, message: str) -> NotSent | None:
    """None: the code alone does not tell, so the status has to."""
    if code in PATIENCE:
        return NotSent(f"Twilio asks for patience ({code}).", later=True, after=PATIENCE[code])
    if code in ACCOUNT:
        return NotSent(f"{ACCOUNT[code]} ({code}): connect the inbox again.", later=True, trouble=True)
    return NotSent(sentence(f"{code}", message), later=False) if code in FINAL else None


def _number(code: str) -> int:
    return int(code) if code.isascii() and code.isdecimal() else 0
