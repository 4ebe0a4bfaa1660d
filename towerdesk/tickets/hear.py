"""A call goes on or is over: what became of it, what was recorded, what was said. In any order, more never becomes less."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from towerdesk.channels.models import Inbox
from towerdesk.channels.talk import Talk, Turn
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.files import Kept
from towerdesk.lib.phone import number_words
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets import next_step
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Attachment, Call, Message, Ticket
from towerdesk.tickets.models.call import OUTCOMES
from towerdesk.tickets.models.ticket import OURS
from towerdesk.tickets.save import save

WHY = {
    "ringing": "",
    "missed": "A call was missed",
    "voicemail": "There is a voicemail",
    "unmade": "The call did not come about",
    "busy": "The line was busy",
    "failed": "The number could not be reached",
}
"""Why they are to be called back. An outgoing call that is missed was not taken by them."""
NOT_TAKEN = "Nobody took the call"
MOST_TURNS = 5000
AT_WORK = (*OURS, "assistant")


def begin(message: Message, talk: Talk, inbox: Inbox, *, by: Actor, cause: Event | None = None) -> Call:
    """`message` is the call, just taken in; its ticket is held."""
    by.must("ticket.receive")
    call = Call(message=message, inbox=inbox, number=storable(talk.number)[:40])
    _more(call, talk)
    call.save()
    _plan(message.ticket, call)
    if message.attachments.exists():
        record("call.recorded", by=by, ticket=message.ticket_id, subject=message.pk, cause=cause)
    _understand(call, message, talk.turns, by=by, cause=cause)
    return call


def hear(
    message: Message,
    talk: Talk,
    files: Sequence[Kept] = (),
    trouble: str = "",
    *,
    by: Actor,
    cause: Event | None = None,
) -> bool:
    """Whether it is news. `trouble` is one sentence: why there is no recording."""
    by.must("ticket.receive")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        call = Call.objects.filter(message=message).first()
        if call is None:
            return False
        told = _more(call, talk)
        fresh = _attach(message, files)
        call.trouble = "" if fresh else one_line(storable(trouble), 300) or call.trouble
        call.save()
        if told:
            _plan(ticket, call)
            _count_as_answer(ticket, call)
            said = {"outcome": call.outcome, "seconds": call.seconds}
            record("call.heard", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, **said)
        if fresh:
            record("call.recorded", by=by, ticket=ticket.pk, subject=message.pk, cause=cause)
        understood = _understand(call, message, talk.turns, by=by, cause=cause)
        if told or fresh or trouble or understood:
            save(ticket)
    return bool(told or fresh or trouble or understood)


def understand(message: Message, turns: Sequence[Turn], *, by: Actor, cause: Event | None = None) -> bool:
    """What was said, as somebody or something wrote it down. The first to do so stays."""
    by.must("ticket.change")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        understood = _understand(Call.objects.get(message=message), message, turns, by=by, cause=cause)
        if understood:
            save(ticket)
    return understood


def not_understood(message: Message, why: str, *, by: Actor, cause: Event | None = None) -> None:
    """`why` is one sentence, shown beside the recording."""
    by.must("ticket.change")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        if Call.objects.filter(message=message, turns=[]).update(trouble=one_line(storable(why), 300)):
            record("call.not_understood", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, why=why)


def sum_up(message: Message, lines: Sequence[str], points: int, *, by: Actor, cause: Event | None = None) -> None:
    """`points`: how many went on the checklist."""
    by.must("ticket.change")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        Call.objects.filter(message=message).update(summary=storable("\n".join(lines)))
        record("call.summed_up", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, points=points)


def _more(call: Call, talk: Talk) -> bool:
    """Longer counts as more, too: what is told twice of the same end is told of two moments."""
    was = (OUTCOMES.index(call.outcome), call.seconds)
    told = max(was, (OUTCOMES.index(talk.outcome), talk.seconds if talk.outcome else 0))
    call.outcome, call.seconds = OUTCOMES[told[0]], told[1]
    return told != was


def _attach(message: Message, files: Sequence[Kept]) -> bool:
    there = set(message.attachments.values_list("digest", flat=True))
    fresh = [kept for kept in files if kept.digest not in there]
    Attachment.objects.bulk_create(kept.attach_to(Attachment, message) for kept in fresh)
    return bool(fresh)


def _understand(call: Call, message: Message, turns: Sequence[Turn], *, by: Actor, cause: Event | None) -> bool:
    spoken = [turn for turn in turns[:MOST_TURNS] if turn.text.strip()]
    if call.turns or not spoken:
        return False
    call.turns = [
        {**asdict(turn), "text": storable(turn.text), "speaker": storable(turn.speaker)[:80]} for turn in spoken
    ]
    call.trouble = ""
    call.save(update_fields=["turns", "trouble"])
    message.text = message.visible = in_words(call.turns)
    message.save(update_fields=["text", "visible"])
    record("call.understood", by=by, ticket=message.ticket_id, subject=message.pk, cause=cause)
    return True


def in_words(turns: Sequence[dict[str, object]]) -> str:
    """As text, for search, rules and programs."""
    return "\n".join(f"{turn['speaker']}: {turn['text']}" if turn["speaker"] else f"{turn['text']}" for turn in turns)


def _plan(ticket: Ticket, call: Call) -> None:
    """Whoever was not spoken to is to be called back, unless that has happened since, or something else is going on."""
    if not ticket.is_waiting or ticket.step_kind not in AT_WORK:
        return
    if call.outcome == "answered":
        save(ticket, also=next_step.plan(ticket, next_step.write_down(ticket)))
    elif call.outcome == "recorded":
        return
    elif not call.number:
        save(ticket, also=next_step.plan(ticket, next_step.listen(ticket, call.outcome == "voicemail")))
    elif not _spoken_since(ticket, call):
        save(ticket, also=next_step.plan(ticket, next_step.call_back(ticket, number_words(call.number), _why(call))))


def _why(call: Call) -> str:
    return NOT_TAKEN if call.outcome == "missed" and call.message.is_ours else WHY.get(call.outcome, "")


def _spoken_since(ticket: Ticket, call: Call) -> bool:
    later = Call.objects.filter(message__ticket=ticket, message__created_at__gt=call.message.created_at)
    return later.filter(outcome="answered").exists()


def _count_as_answer(ticket: Ticket, call: Call) -> None:
    if call.outcome == "answered" and ticket.first_reply_at is None:
        ticket.first_reply_at = call.message.created_at
        save(ticket, "first_reply_at")
