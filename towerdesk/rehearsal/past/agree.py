"""Whether what the assistant would have said is what people did. Which measure told is kept beside the verdict.

In this order, the first that can tell: a person's *grade* of the same suggestion; the *customer*, where the live assistant
had answered the same alone and they confirmed it or opened it again; the *resolution* (nothing was to be
answered); the *article* that the person's answer links to; the *words* of both answers (cosine of their vectors, where
it is high or low enough). Else nobody knows, and a person may be asked (the blind sample).
"""

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from towerdesk.assistant.grade import is_same
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.rehearsal.past.decide import Remembering
from towerdesk.rehearsal.past.story import time_of

ALIKE, APART = 0.80, 0.45
"""Cosines from which two answers count as the same, and up to which as different; measured in `figures.measure`."""
MOST = 1500
LINK = re.compile(r"/help/([\w-]+)")
HOST = re.compile(r"https?://[^\s/]+/help/")
GREETING = re.compile(
    r"\A\s*(hello|hi|dear|good (day|morning|afternoon)|guten tag|hallo|bonjour|hola)\b[^\n]*\n+", re.I
)
UNANSWERED = ("spam", "duplicate", "no_answer")


def compare(item: ReplayItem, said: Sequence[str], embedder: Remembering) -> None:
    """`said`: the sentences that the assistant would have sent. Fills in agreement, measure, verdict and its time."""
    item.agreement = item.measured_by = item.verdict = ""
    item.similarity = item.known_at = None
    if not item.reply:
        return
    item.agreement = "unknown"
    answered = time_of(item, "answered_at") or time_of(item, "resolved_at")
    if item.told["answer"]:
        item.similarity = _cosine(" ".join(said), item.told["answer"], embedder)
    known = _by_grade(item, said) or by_customer(item) or _by_resolution(item, answered) or _by_article(item, answered)
    if not known:
        _by_words(item, answered)


def is_same_letter(one: str, other: str) -> bool:
    """Wherever the help centre was at the time: its address may have changed since."""
    return is_same(HOST.sub("/help/", one), HOST.sub("/help/", other))


def _by_grade(item: ReplayItem, said: Sequence[str]) -> bool:
    """It holds for this reply when it is the one that was graded, or says the same; a wrong article is wrong again."""
    grade = item.told["grade"]
    if not grade:
        return False
    body = " ".join(said)
    same = is_same_letter(grade["reply"], item.reply) or (bool(body) and all(one in grade["reply"] for one in said))
    if same or (not grade["right"] and item.evidence and item.evidence[0]["id"] == grade["article"]):
        _tell(item, grade["right"], "grade", datetime.fromisoformat(grade["at"]))
        return True
    return False


def by_customer(item: ReplayItem) -> bool:
    live = item.told.get("live")
    if not live or not is_same_letter(live["reply"], item.reply):
        return False
    _tell(item, live["known_by"] == "confirmed", "customer", datetime.fromisoformat(live["at"]))
    return True


def _by_resolution(item: ReplayItem, at: datetime | None) -> bool:
    if item.told["resolution"] in UNANSWERED and not item.told["answer"]:
        _tell(item, False, "resolution", at)
        return True
    return False


def _by_article(item: ReplayItem, at: datetime | None) -> bool:
    linked = set(LINK.findall(item.told["answer"]))
    cited = {source["slug"] for source in item.evidence if "slug" in source}
    if not linked or not cited:
        return False
    _tell(item, item.evidence[0]["slug"] in linked, "article", at)
    return True


def _by_words(item: ReplayItem, at: datetime | None) -> None:
    if item.similarity is None:
        return
    if item.similarity >= ALIKE:
        _tell(item, True, "words", at)
    elif item.similarity <= APART:
        _tell(item, False, "words", at)


def _tell(item: ReplayItem, right: bool, by: str, at: datetime | None) -> None:
    item.agreement, item.measured_by = ("same" if right else "different"), by
    item.verdict, item.known_at = ("right" if right else "wrong"), at


def _cosine(ours: str, theirs: str, embedder: Remembering) -> float:
    theirs = GREETING.sub("", theirs)[:MOST]
    return float(np.dot(embedder.one(ours[:MOST]), embedder.one(theirs)))
