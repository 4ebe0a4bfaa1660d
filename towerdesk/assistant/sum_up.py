"""A talk has been written down: say on its ticket what it is about, what matters in it, and what is to be done."""

from django.db import transaction

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.accounts.halt import halted
from towerdesk.assistant.act import classify
from towerdesk.assistant.brain import heads_reading
from towerdesk.assistant.read import read
from towerdesk.assistant.trace import Trace
from towerdesk.assistant.understand.spoken import gist_of
from towerdesk.channels.talk import Turn
from towerdesk.events.models import Event
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.checklist import add_points
from towerdesk.tickets.hear import sum_up as write_down
from towerdesk.tickets.models import Call


def sum_up(message_id: int, *, cause: Event | None = None, by: Embedder | None = None) -> bool:
    """Whether it was news; safe to repeat. It answers nobody: what is said on the telephone is answered by people."""
    call = (
        Call.objects.filter(message=message_id, summary="").exclude(turns=[]).select_related("message__ticket").first()
    )
    if call is None or not call.message.ticket.is_waiting or halted():
        return False
    message, model = call.message, by or embedder()
    gist = gist_of([_turn(turn) for turn in call.turns], model)
    reading = read(message, heads_reading(model), model, Trace())
    with transaction.atomic():
        classify(message.ticket.hold(), reading, cause)
        points = _put_on_list(call, gist.points, cause)
        write_down(message, gist.lines, points, by=THE_ASSISTANT, cause=cause)
    return True


def _put_on_list(call: Call, points: tuple[str, ...], cause: Event | None) -> int:
    """A list that is full already stays as people made it."""
    if not points:
        return 0
    try:
        return len(add_points(call.message.ticket, points, by=THE_ASSISTANT, cause=cause))
    except Invalid:
        return 0


def _turn(kept: dict[str, object]) -> Turn:
    return Turn(str(kept["text"]), str(kept["speaker"]))
