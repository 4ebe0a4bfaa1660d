"""How well intents are told apart: train on one table, measure on another."""

import csv
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.understand.gist import gist
from towerdesk.assistant.understand.intents import Guess
from towerdesk.assistant.understand.train import OUT_OF_SCOPE, train
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Invalid

LABEL_COLUMNS = ("label", "category", "intent")
PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Example:
    """`label` is empty when the text is out of scope."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Shares:
    """All 0 to 1. Accuracy and macro F1 are over texts in scope; coverage is over all texts.

    `oos_auroc` is None when no text is out of scope. `coverage_at_95_precision` is the largest share of texts that can be
    answered, surest first, with at most one in twenty wrong; a text out of scope is always wrong.
    """

    accuracy: float
    macro_f1: float
    oos_auroc: float | None
    coverage_at_95_precision: float


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """`ms_per_text` and `seconds_train` are CPU time and include embedding."""

    shares: Shares
    n: int
    n_out_of_scope: int
    n_train: int
    labels: int
    ms_per_text: float
    ms_per_text_without_embedding: float
    seconds_train: float
    embedder: str

    def as_dict(self) -> dict[str, object]:
        whole = asdict(self)
        flat = {**whole.pop("shares"), **whole}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in flat.items()}


def evaluate(lessons: Sequence[Example], tests: Sequence[Example], *, embedder: Embedder, seed: int) -> IntentFigures:
    """By the gist of each text, as messages are read."""
    started = time.process_time()
    model = train([gist(one.text) for one in lessons], [one.label for one in lessons], embedder=embedder, seed=seed)
    trained = time.process_time()
    texts = [gist(one.text) for one in tests]
    vectors = embedder.embed(texts)
    embedded = time.process_time()
    guesses = model.predict(texts, vectors)
    read = time.process_time()
    return IntentFigures(
        shares(guesses, [one.label for one in tests]),
        n=len(tests),
        n_out_of_scope=sum(not one.label for one in tests),
        n_train=len(lessons),
        labels=len(model.labels),
        ms_per_text=1000 * (read - trained) / len(tests),
        ms_per_text_without_embedding=1000 * (read - embedded) / len(tests),
        seconds_train=trained - started,
        embedder=embedder.name,
    )


def shares(guesses: Sequence[Guess], labels: Sequence[str]) -> Shares:
    from sklearn.metrics import f1_score, roc_auc_score

    inside = np.array([bool(label) for label in labels])
    right = np.array([guess.label == label for guess, label in zip(guesses, labels, strict=True)])
    pairs = [(guess.label, label) for guess, label in zip(guesses, labels, strict=True) if label]
    known = sorted({label for _, label in pairs})
    scope = np.array([guess.scope for guess in guesses])
    sure = np.array([guess.probability for guess in guesses])
    return Shares(
        accuracy=float(right[inside].mean()),
        macro_f1=float(
            f1_score([told for _, told in pairs], [guess for guess, _ in pairs], labels=known, average="macro")
        ),
        oos_auroc=None if inside.all() else float(roc_auc_score(inside, scope)),
        coverage_at_95_precision=coverage(sure, right),
    )


def coverage(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The largest share of texts, surest first, of which at least 95 % are right."""
    ordered = right[np.argsort(-sure, kind="stable")]
    precise = np.cumsum(ordered) >= PRECISION * np.arange(1, len(ordered) + 1)
    return float((np.flatnonzero(precise)[-1] + 1) / len(ordered)) if precise.any() else 0.0


def some_of_each(examples: Sequence[Example], shots: int, seed: int) -> list[Example]:
    """At most `shots` examples of each label (texts out of scope count as one label), drawn at random."""
    of: defaultdict[str, list[Example]] = defaultdict(list)
    for one in examples:
        of[one.label].append(one)
    dice = Random(seed)  # noqa: S311 - a repeatable draw, not a secret
    return [one for label in sorted(of) for one in dice.sample(of[label], min(shots, len(of[label])))]


def read_examples(file: Path) -> list[Example]:
    """A CSV table in UTF-8 with the columns `text` and `label` (or `category`, `intent`); extra columns are ignored.

    Raises `Invalid` with one sentence that names the file, and the line where there is one.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            column = label_column(file, reader.fieldnames or [])
            found = [example(file, reader.line_num, row, column) for row in reader]
    except OSError as error:
        raise Invalid(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} is not UTF-8 text: save it as UTF-8 CSV.") from error
    except csv.Error as error:
        raise Invalid(f"{file} is not a CSV table: {error}.") from error
    if not found:
        raise Invalid(f"{file} has no rows below its head: give at least one example.")
    return found


def label_column(file: Path, names: Sequence[str]) -> str:
    label = next((name for name in LABEL_COLUMNS if name in names), None)
    if "text" not in names or label is None:
        raise Invalid(f"{file} must have the columns text and label in its first line.")
    return label


def example(file: Path, line: int, row: dict[str, str], column: str) -> Example:
    if None in row or None in row.values():
        raise Invalid(f"{file}, line {line}: a row must have as many values as the first line has columns.")
    label = (row[column] or "").strip()
    return Example(row["text"], "" if label.lower() in OUT_OF_SCOPE else label)
