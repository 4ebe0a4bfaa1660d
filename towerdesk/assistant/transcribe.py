"""Write down what a recording says, where an engine is installed. What the provider wrote down first stays."""

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.hearing.choose import hearing
from towerdesk.events.models import Event
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.files import read
from towerdesk.tickets.hear import not_understood, understand
from towerdesk.tickets.models import Call

LARGEST = 50 * 2**20  # bytes
TOO_LARGE = "The recording is too large to be written down here."
SILENCE = "Nothing was said that could be made out."


def transcribe(message_id: int, *, cause: Event | None = None) -> bool:
    """Whether there are words now. Safe to repeat."""
    call = Call.objects.filter(message=message_id, turns=[]).select_related("message__ticket").first()
    sound = call.message.attachments.filter(type__startswith="audio/").order_by("pk").first() if call else None
    if call is None or sound is None:
        return False
    try:
        engine = hearing()
        if engine is None:
            return False
        if sound.size > LARGEST:
            raise Unavailable(TOO_LARGE)
        turns = [turn for turn in engine.transcribe(read(sound.path)) if turn.text.strip()]
    except Unavailable as error:
        not_understood(call.message, str(error), by=THE_ASSISTANT, cause=cause)
        return False
    if not turns:
        not_understood(call.message, SILENCE, by=THE_ASSISTANT, cause=cause)
        return False
    return understand(call.message, turns, by=THE_ASSISTANT, cause=cause)
