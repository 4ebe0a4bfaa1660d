"""What is said about a message: changed, deleted, read, not delivered. It changes that message and never opens a ticket."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from towerdesk.channels.contract import Incoming
from towerdesk.channels.talk import Talk
from towerdesk.channels.trouble import in_trouble
from towerdesk.events.record import record
from towerdesk.intake.complete import complete
from towerdesk.intake.decided import decided
from towerdesk.intake.echoed import echoed
from towerdesk.intake.fetch import fetched
from towerdesk.intake.finish import finish
from towerdesk.intake.handshake import shake
from towerdesk.intake.models import FORGOTTEN, Raw
from towerdesk.intake.outage import keep_files
from towerdesk.intake.so_far import so_far
from towerdesk.intake.turn import turn
from towerdesk.intake.who import person_behind
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.files import Kept
from towerdesk.lib.text import storable
from towerdesk.tickets import hear
from towerdesk.tickets.arrive import arrive
from towerdesk.tickets.edit_message import edit_message
from towerdesk.tickets.models import Message
from towerdesk.tickets.put_back import put_back
from towerdesk.tickets.react import react
from towerdesk.tickets.retract import retract

UNKNOWN = "This is of a kind that the desk does not know. It is kept as it came."
WAITS = {
    "edit": "It changes a message that is not here",
    "deletion": "It deletes a message that is not here",
    "undeletion": "It puts a message back that is not here",
    "status": "It tells how far a message has come that did not leave from here",
    "reaction": "It is a reaction to a message that is not here",
    "call": "It tells of a call that is not here",
}
OF_EITHER = ("status", "reaction", "turn", "call")
MOST = 200  # at a time
LATELY = timedelta(days=1)  # what was set aside at the very moment in which its message came is found within minutes


def happened(raw: Raw, incoming: Incoming, *, by: Actor = CLOCK) -> None:
    """Safe to repeat, and in any order: what comes before its message waits for it, what comes too late changes nothing."""
    if incoming.happening == "status" and not incoming.about:
        so_far(raw, incoming, by=by)
    elif incoming.happening in ALONE:
        ALONE[incoming.happening](raw, incoming, by)
    else:
        _change(raw, incoming, by)


def _change(raw: Raw, incoming: Incoming, by: Actor) -> None:
    message = _meant(raw, incoming)
    if message is None:
        waits = f"{WAITS[incoming.happening]} yet."
        with transaction.atomic():
            finish(raw, "set_aside", waits, incoming=incoming, about=incoming.about, by=by)
        return
    complete(raw, incoming)
    files = keep_files([*incoming.files, *fetched(raw, incoming)])
    with transaction.atomic():
        said = DOES[incoming.happening](raw, incoming, message, files)
        finish(raw, "message", said, incoming=incoming, ticket=message.ticket_id, by=by)


def _unknown(raw: Raw, incoming: Incoming, by: Actor) -> None:
    with transaction.atomic():
        finish(raw, "set_aside", incoming.said or UNKNOWN, incoming=incoming, by=by)


def _trouble(raw: Raw, incoming: Incoming, by: Actor) -> None:
    with transaction.atomic():
        in_trouble(raw.inbox, incoming.said)
        _unknown(raw, incoming, by)


def _echo(raw: Raw, incoming: Incoming, by: Actor) -> None:
    echoed(raw, incoming, _find(raw, incoming.external_id, ours=True), by=by)
    if raw.state == "message":
        wake(raw.inbox_id, incoming.external_id)


def _handshake(raw: Raw, incoming: Incoming, by: Actor) -> None:
    said = shake(raw, incoming)
    with transaction.atomic():
        finish(raw, "set_aside", said, incoming=incoming, by=by)


def _turn(raw: Raw, incoming: Incoming, by: Actor) -> None:
    turn(raw, incoming, _meant(raw, incoming), by=by)


def _decision(raw: Raw, incoming: Incoming, by: Actor) -> None:
    decided(raw, incoming, by=by)


ALONE: dict[str, Callable[[Raw, Incoming, Actor], None]] = {
    "unknown": _unknown,
    "trouble": _trouble,
    "decision": _decision,
    "echo": _echo,
    "handshake": _handshake,
    "turn": _turn,
}
"""What does not change one message."""


def wake(inbox: int, provider_id: str) -> int:
    """A message with this id is here now: have read again what waited for it. How many that was."""
    if not provider_id:
        return 0
    return sum(_again(raw) for raw in _waiting(inbox=inbox, name=storable(provider_id)[:400]))


@compiled
def _waiting(*, inbox: int, name: str) -> "QuerySet[Raw]":
    return Raw.objects.filter(inbox=inbox, about=name, state="set_aside").defer("content").order_by("pk")


def wake_missed() -> int:
    """Run by the clock: the message and what is said about it may have been read at the same moment."""
    here = Message.objects.filter(message_id=OuterRef("about"), channel=OuterRef("inbox__channel"))
    lately = Raw.objects.filter(
        done_at__gt=now() - LATELY
    )  # in a busy channel thousands wait for somebody to turn them
    missed = lately.filter(Exists(here), state="set_aside").exclude(about="").select_related("inbox")
    return sum(_again(raw) for raw in missed.defer("content").order_by("pk")[:MOST] if _is_here(raw))


def _again(raw: Raw) -> bool:
    with transaction.atomic():
        mine = Raw.objects.filter(pk=raw.pk, state="set_aside").exclude(about__in=("", FORGOTTEN))
        woken = mine.update(state="stored", reason="", about="", done_at=None)
        if woken:
            record("raw.replayed", by=CLOCK, subject=raw.pk, inbox=raw.inbox_id)
    return bool(woken)


def _is_here(raw: Raw) -> bool:
    return _find(raw, raw.about, ours=True) is not None or _find(raw, raw.about, ours=False) is not None


def _meant(raw: Raw, incoming: Incoming) -> Message | None:
    """A status is about a message of ours, an edit or a deletion about one of theirs, the rest about either."""
    if incoming.ours:
        return Message.objects.filter(pk=incoming.ours[0], direction="out").select_related("ticket", "person").first()
    ours = _find(raw, incoming.about, ours=True) if incoming.happening in OF_EITHER else None
    return ours or (_find(raw, incoming.about, ours=False) if incoming.happening != "status" else None)


def _find(raw: Raw, provider_id: str, *, ours: bool) -> Message | None:
    """Ids are unique within an inbox only; theirs stay with the inbox that they came by, whatever they were merged into."""
    if not provider_id:
        return None
    place = {"name": storable(provider_id)[:400], "inbox": raw.inbox_id}
    found: list[Message] = _ours(**place, channel=raw.inbox.channel) if ours else _theirs(**place)
    return found[0] if found else None


@compiled
def _ours(*, name: str, inbox: int, channel: str) -> "QuerySet[Message]":
    by_this = Q(call=None, ticket__inbox=inbox) | Q(call__inbox=inbox)
    return _named(name).filter(by_this, direction="out", channel=channel)[:1]


@compiled
def _theirs(*, name: str, inbox: int) -> "QuerySet[Message]":
    return _named(name).filter(direction="in", raw__inbox=inbox)[:1]


def _named(name: str) -> "QuerySet[Message]":
    return Message.objects.filter(message_id=name, public=True).select_related("ticket", "person").order_by("pk")


def _edit(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    by = message.person.actor() if message.person else CLOCK
    text = incoming.visible or incoming.text
    changed = edit_message(message, text, html=incoming.html, at=incoming.at or raw.arrived_at, by=by)
    return "It changed a message." if changed else "It is older than what the message says by now."


def _delete(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    by = message.person.actor() if message.person else CLOCK
    retract(message, at=incoming.at or raw.arrived_at, by=by)
    return "It took a message back."


def _undelete(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    by = message.person.actor() if message.person else CLOCK
    put_back(message, at=incoming.at or raw.arrived_at, by=by)
    return "It put a message back."


def _status(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    if incoming.status:
        arrive(message, incoming.status, reason=incoming.said.rstrip("."), by=CLOCK)
    return f"It says that a reply was {incoming.status or 'on its way'}."


def _react(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    react(message, incoming.said, by=person_behind(incoming).actor())
    return "It is a reaction to a message."


def _call(raw: Raw, incoming: Incoming, message: Message, files: list[Kept]) -> str:
    """A file that could not be had is said in its words by `fetched`."""
    trouble = incoming.visible or incoming.said
    heard = hear.hear(message, incoming.talk or Talk(), files, trouble, by=CLOCK)
    return "It tells more of a call." if heard else "It tells of a call what is known by now."


DOES: dict[str, Callable[[Raw, Incoming, Message, list[Kept]], str]] = {
    "edit": _edit,
    "deletion": _delete,
    "undeletion": _undelete,
    "status": _status,
    "reaction": _react,
    "call": _call,
}
