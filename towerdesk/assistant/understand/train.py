"""Learn intents from examples. Heavy (scikit-learn, a few seconds a thousand texts): for a worker, not for a request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.understand.calibrate import BELIEVED, KNOWN, Curve, fit, fit_fused
from towerdesk.assistant.understand.fit_head import FEW, Rows, fit_head
from towerdesk.assistant.understand.head import Votes
from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.terms import learn
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.errors import Invalid

OUT_OF_SCOPE = frozenset({"", "oos", "out_of_scope"})
SMALL = 3000  # with at most this many examples every one is held out once, else a fifth is
FOLDS = 4
REHEARSAL = 100  # a head that only shows how sure to be need not be fitted to the last digit
DROPPED = 0.3  # share of the labels that are hidden to learn what an unknown kind looks like

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class HeldOut:
    """Votes on texts that the head had not seen, and which label (-1: of no known kind) each had."""

    votes: Votes
    labels: Labels

    def outside(self) -> "HeldOut":
        """Only the texts of no known kind."""
        votes = Votes(*(getattr(self.votes, field.name)[self.labels < 0] for field in fields(Votes)))
        return HeldOut(votes, self.labels[self.labels < 0])


def train(
    texts: Sequence[str],
    labels: Sequence[str | None],
    descriptions: Mapping[str, str] | None = None,
    *,
    embedder: Embedder,
    seed: int = 0,
    vectors: Vectors | None = None,
) -> IntentModel:
    """A model of the given labels; a label that is None, empty or `oos` marks a text of no known kind.

    Each label's name, and its description where there is one, count as examples. The same input and seed give the same
    model. `vectors` saves embedding the texts again. Raises `Invalid` with fewer than two labels.
    """
    wanted = [(label or "").strip() for label in labels]
    names = tuple(sorted(set(wanted) - OUT_OF_SCOPE))
    if len(names) < 2:
        raise Invalid("Intents can be learnt from two labels on: give examples of at least two.")
    given = embedder.embed(texts) if vectors is None else vectors
    place = {name: at for at, name in enumerate(names)}
    owner = np.array([place.get(label, -1) for label in wanted], np.intp)
    said = [(at, text) for at, name in enumerate(names) for text in sayings(name, descriptions or {})]
    told = embedder.embed([text for _, text in said])

    terms = learn([text for text, at in zip(texts, owner, strict=True) if at >= 0] + [text for _, text in said])
    weight = 0.4 if np.median(np.bincount(owner[owner >= 0], minlength=len(names))) < FEW else 0.7
    known = Rows(given, [terms.row(text, weight) for text in texts], owner)
    named = Rows(told, [terms.row(text, weight) for _, text in said], np.array([at for at, _ in said], np.intp))

    dice = np.random.default_rng(seed)
    believed, scope = calibrated(known, named, len(terms.names), dice)
    head = fit_head(known.of_known_kind().beside(named), len(names), len(terms.names), dice)
    model = IntentModel(names, terms, weight, head, believed, scope, embedder.fingerprint)
    return IntentModel.loads(
        model.dumps()
    )  # rounded as it will be stored, so that it guesses the same before and after


def sayings(name: str, descriptions: Mapping[str, str]) -> list[str]:
    """`card_not_working` as a person would say it, and its description."""
    words = " ".join(name.replace("_", " ").replace("-", " ").replace("/", " ").split())
    return [words, *([descriptions[name]] if descriptions.get(name) else [])]


def calibrated(known: Rows, named: Rows, terms: int, dice: np.random.Generator) -> tuple[Curve, Curve]:
    """Curves for "the guess is right" and "the text is of a known kind", both learnt on held-out examples."""
    seen = list(held_out(known, named, terms, dice))
    features = np.concatenate([one.votes.features() for one in seen])
    guessed = np.concatenate([one.votes.shares.argmax(axis=1) for one in seen])
    labels = np.concatenate([one.labels for one in seen])
    inside = labels >= 0
    believed = fit(features[inside], guessed[inside] == labels[inside], BELIEVED)

    seen = [*without_some_labels(known, named, terms, dice), *(one.outside() for one in seen)]
    features = np.concatenate([one.votes.features() for one in seen])
    return believed, fit_fused(features, np.concatenate([one.labels >= 0 for one in seen]), KNOWN)


def held_out(known: Rows, named: Rows, terms: int, dice: np.random.Generator) -> Iterator[HeldOut]:
    """Votes on each part of the examples by a head that was trained on the others."""
    fold = folds(known.labels, dice)
    rounds = FOLDS if len(fold) <= SMALL else 1
    for number in range(rounds):
        away = fold == number
        training = known.only(~away).of_known_kind().beside(named)
        if away.any():
            head = fit_head(training, int(named.labels.max()) + 1, terms, dice, rounds=REHEARSAL)
            apart = known.only(away)
            yield HeldOut(head.vote(apart.vectors, apart.terms), apart.labels)


def folds(labels: Labels, dice: np.random.Generator) -> Labels:
    """A fold for each row, spread evenly within each label."""
    fold = np.zeros(len(labels), np.intp)
    parts = FOLDS if len(labels) <= SMALL else FOLDS + 1
    for label in np.unique(labels):
        rows = dice.permutation(np.flatnonzero(labels == label))
        fold[rows] = (np.arange(len(rows)) + dice.integers(parts)) % parts
    return fold


def without_some_labels(known: Rows, named: Rows, terms: int, dice: np.random.Generator) -> list[HeldOut]:
    """Votes by a head that never heard of some labels: their texts are of no known kind to it."""
    count = int(named.labels.max()) + 1
    if count < 6:
        return []
    hidden = dice.permutation(count)[: max(2, round(count * DROPPED))]
    renumbered = np.full(count + 1, -1, np.intp)
    kept = np.setdiff1d(np.arange(count), hidden)
    renumbered[kept] = np.arange(len(kept))
    fold = folds(known.labels, dice)
    apart = known.only(np.isin(known.labels, hidden) | (fold == 0)).relabelled(renumbered)
    training = known.only(fold != 0).relabelled(renumbered).of_known_kind()
    head = fit_head(
        training.beside(named.relabelled(renumbered).of_known_kind()), len(kept), terms, dice, rounds=REHEARSAL
    )
    return [HeldOut(head.vote(apart.vectors, apart.terms), apart.labels)]
