"""What a caller hears, as TwiML (twilio.com/docs/voice/twiml)."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Answer
from towerdesk.channels.talk import Ring
from towerdesk.channels.voice.caller import number_in

LONGEST = 300  # seconds of a voicemail
RINGS = 25  # seconds that somebody of ours is rung: less than until most mailboxes answer
GREETING = "Hello. Thank you for calling."
CLOSED = "Hello. We are not there just now."
CONSENT = (
    "Please leave a message after the tone. It is recorded and written down, so that we can call you back; "
    "if you do not want that, please hang up."
)
THANKS = "Thank you. We will call you back. Goodbye."
CONNECT = "This is your desk. Press any key, and we ring the customer."
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def answer(on: str, said: Mapping[str, str], query: Mapping[str, str], account: Account) -> Answer:
    """`on` is the mark in the address that was called, empty for a call that comes in."""
    does = SAYS.get(on)
    made = does(said, query, account) if does else None
    return Answer(body=_written(made), type="text/xml; charset=utf-8")


def connecting(ring: Ring, account: Account) -> str:
    """What a colleague hears who is rung: only a key that is pressed, and so no mailbox, rings the customer."""
    made = ET.Element("Response")
    gather = ET.SubElement(
        made, "Gather", numDigits="1", timeout="8", action=_back(account, "connect", to=ring.number), method="POST"
    )
    for _ in range(2):
        _say(gather, CONNECT, account)
    return _written(made).decode()


def _comes_in(said: Mapping[str, str], query: Mapping[str, str], account: Account) -> ET.Element | None:
    if said.get("CallStatus") not in ("ringing", "in-progress", "queued"):
        return None  # word that it is over
    made = ET.Element("Response")
    if account.open and number_in(account, "agents"):
        _say(made, account.get("greeting") or GREETING, account)
        dial = ET.SubElement(made, "Dial", timeout=f"{RINGS}", action=_back(account, "dialled"), method="POST")
        ET.SubElement(dial, "Number").text = number_in(account, "agents")
        return made
    return _voicemail(made, (account.get("greeting") or GREETING) if account.open else _closed(account), account)


def _dialled(said: Mapping[str, str], query: Mapping[str, str], account: Account) -> ET.Element:
    made = ET.Element("Response")
    if said.get("DialCallStatus") in ("completed", "answered"):
        ET.SubElement(made, "Hangup")
        return made
    return _voicemail(made, "", account)


def _voicemail(made: ET.Element, first: str, account: Account) -> ET.Element:
    _say(made, f"{first} {account.get('consent') or CONSENT}".strip(), account)
    how = {
        "maxLength": f"{LONGEST}",
        "timeout": "5",
        "playBeep": "true",
        "action": _back(account, "recorded"),
        "recordingStatusCallback": _back(account, "recording"),
        "recordingStatusCallbackEvent": "completed absent",
    }
    if account.get("transcribe") != "no":
        how["transcribeCallback"] = _back(account, "transcription")
    ET.SubElement(made, "Record", how)
    return made


def _recorded(said: Mapping[str, str], query: Mapping[str, str], account: Account) -> ET.Element:
    made = ET.Element("Response")
    _say(made, account.get("thanks") or THANKS, account)
    ET.SubElement(made, "Hangup")
    return made


def _connect(said: Mapping[str, str], query: Mapping[str, str], account: Account) -> ET.Element:
    made = ET.Element("Response")
    dial = ET.SubElement(
        made, "Dial", timeout="40", callerId=account.get("number"), action=_back(account, "rung"), method="POST"
    )
    ET.SubElement(dial, "Number").text = query.get("to", "")
    return made


def _rung(said: Mapping[str, str], query: Mapping[str, str], account: Account) -> ET.Element:
    made = ET.Element("Response")
    ET.SubElement(made, "Hangup")
    return made


def _closed(account: Account) -> str:
    return account.get("closed") or CLOSED


def _say(within: ET.Element, words: str, account: Account) -> None:
    spoken = {"language": account.get("language")} if account.get("language") else {}
    ET.SubElement(within, "Say", spoken).text = words


def _back(account: Account, on: str, **more: str) -> str:
    """Where Twilio calls next. It signs the whole address, so that what stands in it is ours."""
    return f"{account.hook}?{urlencode({'on': on, **more})}"


def _written(made: ET.Element | None) -> bytes:
    return NOTHING.encode() if made is None else ET.tostring(made, encoding="UTF-8", xml_declaration=True)


type Says = Callable[[Mapping[str, str], Mapping[str, str], Account], ET.Element | None]

SAYS: dict[str, Says] = {
    "": _comes_in,
    "dialled": _dialled,
    "recorded": _recorded,
    "connect": _connect,
    "rung": _rung,
}
