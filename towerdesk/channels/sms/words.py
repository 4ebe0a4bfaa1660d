"""Words that mean one thing to every telephone network: no more messages, messages again, help.

They count when they are the whole message (twilio.com/docs/messaging/tutorials/advanced-opt-out). Twilio also takes
YES for START, which here would be an answer to somebody's question; where it means START, Twilio says so.
"""

from collections.abc import Mapping

STOP = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT OPTOUT REVOKE".split())
START = frozenset("START UNSTOP".split())
HELP = frozenset("HELP INFO".split())


def wishes(said: Mapping[str, str]) -> str:
    """`stop`, `start`, `help` or nothing."""
    told = said.get("OptOutType", "").strip().lower()
    if told in ("stop", "start", "help"):
        return told
    word = said.get("Body", "").strip(" \t\r\n.!\"'").upper()
    return "stop" if word in STOP else "start" if word in START else "help" if word in HELP else ""
