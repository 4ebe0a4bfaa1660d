"""Which grades prove something: those of a random sample, in the order in which it was drawn, up to the first that lacks one.

What a person grades of their own accord is no fair sample: a bad suggestion is more likely to be left unanswered than a
good one. So every eligible decision is drawn or not before anybody has seen it (`draw_for`), the same share of all that
an intent gets at a time, whatever the score and whatever becomes of it. Grades of what was not drawn teach, but certify
nothing. A drawn one without a grade holds up those after it, so that no grade counts sooner for being quick to give.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import F, QuerySet

from towerdesk.assistant import alarm
from towerdesk.assistant.models import Licence, Proving, Run
from towerdesk.assistant.terms import draw, terms
from towerdesk.knowledge.models import Version
from towerdesk.tickets.models import Intent, Message

ALONE = ("sent", "pause")
"""Outcomes that reach a customer without a person."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn decision. `right` is None while nobody has graded it; `version` is the article version it first cites."""

    run: int
    intent: int
    score: float
    right: bool | None
    version: int | None


def draw_for(message: Message, intent: Intent | None, licence: Licence | None, *, eligible: bool) -> tuple[float, bool]:
    """The draw of this message, and whether its decision is in the sample. One that is switched off asks for no grades."""
    number = draw("grade", message.pk)
    if not eligible or intent is None or intent.level == "off":
        return number, False
    return number, number < (licence.audit_share if licence else terms().ask_share)


def pieces_of(proving: Proving, members: Sequence[int]) -> list[Piece]:
    """All that was drawn for this proving and still rests on current articles, in order, graded or not."""
    runs = (
        Run.objects.current()
        .filter(intent__in=members, kind=proving.kind, fingerprint=proving.fingerprint)
        .filter(eligible=True, asked=True, pk__gt=proving.after)
        .order_by("pk")
        .values_list("pk", "intent", "score", "grade__right", "evidence__0__version")
    )
    pieces = [Piece(*row) for row in runs]
    current = current_versions(piece.version for piece in pieces)
    return [piece for piece in pieces if piece.version is None or piece.version in current]


def current_versions(cited: Iterable[int | None]) -> set[int]:
    """Those that their articles still show."""
    wanted = {version for version in cited if version is not None}
    found = Version.objects.filter(pk__in=wanted, article__current_id__in=wanted, article__status="published")
    return set(found.values_list("pk", flat=True))


def settled(pieces: Iterable[Piece]) -> list[Piece]:
    """Up to the first that nobody has graded yet."""
    done: list[Piece] = []
    for piece in pieces:
        if piece.right is None:
            break
        done.append(piece)
    return done


def grades_of(pieces: Iterable[Piece]) -> list[tuple[float, bool]]:
    return [(piece.score, bool(piece.right)) for piece in pieces]


def audits_of(licence: Licence) -> list[tuple[int, int, bool]]:
    """(run, intent, was it wrong) of what was sent alone and drawn, over all licences of one proving, as far as graded.

    In the order in which it was sent, up to the first that nobody has audited: complaints come sooner than praise.
    """
    runs = _under(licence).filter(outcome__in=ALONE, asked=True).order_by("pk")
    found = runs.values_list("pk", "intent", "grade__right")
    return [(run, intent, not right) for run, intent, right in takewhile(lambda row: row[2] is not None, found)]


def known_wrong(licence: Licence) -> list[tuple[int, int, bool]]:
    """(run, intent, is it known to be wrong) of all it spoke for: sent, or held out and then edited or rejected.

    Whatever nobody has complained of counts as right, so this speaks too late rather than falsely.
    """
    runs = _under(licence).filter(score__gte=F("licence__threshold")).order_by("pk")
    return [(run, intent, right is False) for run, intent, right in runs.values_list("pk", "intent", "grade__right")]


def _under(licence: Licence) -> "QuerySet[Run]":
    same = {"licence__proving": licence.proving_id} if licence.proving_id else {"licence": licence}
    return Run.objects.current().filter(**same).exclude(sent__delivery="withdrawn")


def sharing(sent_in_its_life: float, least: float) -> float:
    """Which share of what is sent to audit, so that a licence's life sees enough audits to find a rise of its risk."""
    return min(1.0, max(least, alarm.ENOUGH / sent_in_its_life if sent_in_its_life > 0 else 1.0))
