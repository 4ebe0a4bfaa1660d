"""The blind sample: two answers to one question, a person's and the assistant's, and nobody says which is which."""

import re
from collections.abc import Sequence

from django.db import transaction

from towerdesk.assistant.propose.letter import CLOSING, MORE
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.rehearsal.past.book import chance


def draw(items: Sequence[ReplayItem], size: int) -> None:
    """Choose those about which nobody knows first, then any with two answers; always the same ones."""
    if any(item.blind for item in items):
        return
    both = [item for item in items if item.reply and item.told["answer"]]
    order = sorted(both, key=lambda item: (item.verdict != "", chance(item.key, "sample")))
    for item in order[:size]:
        item.blind = 1 if chance(item.key, "side") < 0.5 else 2


FRAME = frozenset(CLOSING.values())
"""What every letter of the assistant ends with."""
HELLO = re.compile(
    r"^(hello|hi|dear|hey|good (day|morning|afternoon)|guten (tag|morgen|abend)|hallo|bonjour|hola)\b[^\n]{0,60}[,!:]?$",
    re.I,
)
REGARDS = re.compile(
    r"\n\s*((kind|best|warm) (regards|wishes)|regards|many thanks|mit freundlichen|"
    r"(viele|herzliche|freundliche|beste) grüße|cordialement|un saludo)\b.*",
    re.I | re.S,
)


def bare(text: str) -> str:
    """Without greeting, signature and the closing lines of a letter: those would say whose answer it is."""
    kept = REGARDS.sub("", text)
    parts = [part.strip() for part in kept.split("\n\n") if part.strip()]
    return "\n\n".join(part for part in parts if not _is_frame(part)) or text


def _is_frame(part: str) -> bool:
    return part in FRAME or part.startswith(tuple(MORE.values())) or bool(HELLO.match(part))


def waiting(replay: int) -> "list[ReplayItem]":
    return list(ReplayItem.objects.filter(replay=replay, blind_at=None).exclude(blind=0).order_by("id"))


def grade(item: ReplayItem, first: bool, second: bool, *, by: Actor) -> None:
    """`first` and `second`: would that answer have been right? Only now it is known which was whose."""
    by.must("assistant.grade")
    with transaction.atomic():
        held = ReplayItem.objects.select_for_update().get(pk=item.pk)
        if not held.blind or held.blind_at is not None:
            raise Conflict("Somebody has graded this already.")
        ours, theirs = (first, second) if held.blind == 1 else (second, first)
        held.blind_assistant, held.blind_person = ours, theirs
        held.blind_by, held.blind_at = by.name, now()
        if held.measured_by != "grade":
            held.verdict, held.measured_by = ("right" if ours else "wrong"), "blind"
            held.agreement = "same" if ours else "different"
            held.known_at = held.known_at or held.at
        held.save()


def take_back(item: ReplayItem, *, by: Actor) -> None:
    """Undo a grade of the sample: it waits again. What measured it before is measured anew with the next replay."""
    by.must("assistant.grade")
    if item.blind_at is None:
        raise Conflict("This was not graded.")
    if item.measured_by == "blind":
        item.verdict = item.measured_by = ""
        item.agreement, item.known_at = "unknown", None
    item.blind_assistant = item.blind_person = item.blind_at = None
    item.blind_by = ""
    item.save()
