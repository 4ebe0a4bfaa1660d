"""Which engine hears: `TOWERDESK_SPEECH` is `whisper:FOLDER`; empty: none."""

from functools import cache

from config import env
from towerdesk.assistant.hearing.contract import Hearing
from towerdesk.lib.errors import Unavailable

NONE = "No transcript: no speech-to-text engine is installed here. Listen to it, or see “Connect a phone” in the docs."
SOON = "What is said is being written down."

_instead: list[Hearing] = []


def hearing() -> Hearing | None:
    """Raises `Unavailable` when one is asked for that can't be had."""
    return _instead[0] if _instead else _made(env.text("TOWERDESK_SPEECH"))


def put(instead: Hearing | None) -> None:
    """Let another one hear, such as a fake; None takes it away again."""
    _instead[:] = [instead] if instead else []


def why_no_transcript() -> str:
    """One sentence for a recording that nothing says the words of yet. Loads nothing."""
    return SOON if _instead or env.text("TOWERDESK_SPEECH") else NONE


@cache
def _made(named: str) -> Hearing | None:
    kind, _, folder = named.partition(":")
    if not named:
        return None
    if kind != "whisper" or not folder:
        raise Unavailable(f"TOWERDESK_SPEECH is “{named}”: write whisper: and the folder of a model.")
    from towerdesk.assistant.hearing.whisper import WhisperHearing

    return WhisperHearing(folder)
