"""What matters in a talk, in its own words: the sentences that stand for the most of it, and what somebody is to do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from towerdesk.channels.talk import Turn
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding import Embedder

LINES = 3
POINTS = 10
ALIKE = 0.8  # cosine from which two sentences say the same
FEWEST_WORDS = 5
LONG_ENOUGH = 14  # words: what is shorter says less
MOST_SENTENCES = 400
DOES = re.compile(
    r"\b(i|we)(['’]ll| will| shall|['’]m going to| am going to| are going to)\b|\blet me (send|check|ask|call|look)\b"
    r"|\b(can|could|would) you (please )?(send|call|check|bring|give|make|tell|ask|order|fix|look|let)\b"
    r"|\bplease (send|call|check|bring|give|make|tell|ask|order|fix|look|let|do)\b|\byou (need|have) to\b|\bmake sure\b"
    r"|\b(ich|wir) (werden?|schicken?|senden?|melden?|rufen?|kümmern?|prüfen?|bringen?|bestellen?)\b"
    r"|\bbitte (schicken|senden|rufen|melden|prüfen|bringen|geben|sagen)\b|\b(können|könnten) sie (bitte )?\w+"
    r"|\bje vais\b|\bnous allons\b|\bje vous (envoie|rappelle)\b|\b(pouvez|pourriez)-vous\b"
    r"|\b(voy|vamos) a\b|\ble (envío|llamo|mando)\b|\b(podría|puede) (usted )?(enviar|llamar|mandar)",
    re.IGNORECASE,
)
NOT_THAT = re.compile(r"\b(hear me|hold on|hold the line|be honest|let you go|bleiben sie dran|verbinden sie)\b", re.I)


@dataclass(frozen=True, slots=True)
class Gist:
    """Both in the order in which they were said, a speaker's name before each."""

    lines: tuple[str, ...]
    points: tuple[str, ...]


def gist_of(turns: Sequence[Turn], embedder: Embedder) -> Gist:
    """What is short is its own summary, and gets none."""
    said = [(turn.speaker, sentence) for turn in turns for sentence in _sentences(turn.text)][:MOST_SENTENCES]
    weighty = [one for one in said if len(one[1].split()) >= FEWEST_WORDS]
    points = [one for one in weighty if DOES.search(one[1]) and not NOT_THAT.search(one[1])]
    lines = _central(weighty, embedder) if len(weighty) > LINES + 1 else []
    return Gist(tuple(_named(one) for one in lines), tuple(_named(one) for one in points[:POINTS]))


def _sentences(text: str) -> list[str]:
    return [text[begin:end].strip() for begin, end in spans(text)]


def _central(said: list[tuple[str, str]], embedder: Embedder) -> list[tuple[str, str]]:
    """Nearest to the middle of all that was said, but not near each other."""
    vectors = np.asarray(embedder.embed([sentence for _, sentence in said]), dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    weight = np.array([min(len(sentence.split()), LONG_ENOUGH) / LONG_ENOUGH for _, sentence in said])
    order = np.argsort(-(vectors @ vectors.mean(axis=0)) * weight, kind="stable")
    chosen: list[int] = []
    for place in order:
        if len(chosen) < LINES and all(vectors[place] @ vectors[other] < ALIKE for other in chosen):
            chosen.append(int(place))
    return [said[place] for place in sorted(chosen)]


def _named(one: tuple[str, str]) -> str:
    speaker, sentence = one
    return f"{speaker}: {sentence}" if speaker else sentence
