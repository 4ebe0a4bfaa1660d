"""Fit the three voters of a `Head` with scikit-learn and a little linear algebra."""

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.understand.head import KERNEL_WIDTH, Head
from towerdesk.assistant.understand.terms import Row
from towerdesk.lib.embedding import Vectors

FEW = 20  # examples a label from which on words and letters are worth more
EXAMPLES = 3000  # vectors that a head keeps to compare with
RIDGE = 0.1

Floats = NDArray[np.float32]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Rows:
    """Texts as numbers: vectors float32[n, 384], terms and label (-1: of no known kind) of each."""

    vectors: Vectors
    terms: list[Row]
    labels: Labels

    def only(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(self.vectors[chosen], [self.terms[at] for at in np.flatnonzero(chosen)], self.labels[chosen])

    def of_known_kind(self) -> "Rows":
        return self.only(self.labels >= 0)

    def beside(self, other: "Rows") -> "Rows":
        vectors = np.concatenate([self.vectors, other.vectors])
        return Rows(vectors, self.terms + other.terms, np.concatenate([self.labels, other.labels]))

    def relabelled(self, new: Labels) -> "Rows":
        """`new[label]` instead of each label; its last entry is for -1."""
        return replace(self, labels=new[self.labels])


def fit_head(rows: Rows, labels: int, terms: int, dice: np.random.Generator, *, rounds: int = 300) -> Head:
    """`labels` and `terms` are how many there are; each label needs an example among the rows."""
    lines, lines_bias = fit_lines(rows, labels, rounds)
    margins, margins_terms, margins_bias = fit_margins(rows, labels, terms)
    examples, pulls = fit_pulls(rows, labels, dice)
    return Head(lines, lines_bias, margins, margins_terms, margins_bias, examples, pulls)


def fit_lines(rows: Rows, labels: int, rounds: int) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    model = quietly(LogisticRegression(C=30, max_iter=rounds), rows.vectors, rows.labels)
    sides = np.array([[-0.5], [0.5]]) if labels == 2 else np.eye(labels)  # one line between two labels, else one each
    return (sides @ model.coef_).T.astype(np.float32), (sides @ model.intercept_).astype(np.float32)


def fit_margins(rows: Rows, labels: int, terms: int) -> tuple[Floats, Floats, Floats]:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.svm import LinearSVC

    stops = np.cumsum([0, *(len(places) for places, _ in rows.terms)])
    values = np.concatenate([values for _, values in rows.terms])
    places = np.concatenate([places for places, _ in rows.terms])
    table = csr_matrix((values, places, stops), shape=(len(rows.terms), terms))
    model = quietly(LinearSVC(C=1, random_state=0), hstack([csr_matrix(rows.vectors), table]).tocsr(), rows.labels)
    sides = np.array([[-1.0], [1.0]]) if labels == 2 else np.eye(labels)
    weights = (sides @ model.coef_).T.astype(np.float32)
    width = rows.vectors.shape[1]
    return weights[:width], weights[width:], (sides @ model.intercept_).astype(np.float32)


def quietly(model: Any, inputs: Any, labels: Labels) -> Any:
    """Fitted; a solver that stops at its last round is good enough here."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(inputs, labels)


def fit_pulls(rows: Rows, labels: int, dice: np.random.Generator) -> tuple[Floats, Floats]:
    """Kernel ridge regression on 0/1 targets; with many rows on a sample of them (Nyström)."""
    examples = rows.vectors[sample(rows.labels, dice)]
    targets = np.eye(labels, dtype=np.float32)[rows.labels] - np.float32(1 / labels)
    among = kernel(examples, examples) * np.float32(RIDGE)
    across = kernel(rows.vectors, examples)
    among += across.T @ across
    among[np.diag_indices_from(among)] += np.float32(1e-3)
    return examples, np.linalg.solve(among, across.T @ targets).astype(np.float32)


def sample(labels: Labels, dice: np.random.Generator) -> Labels:
    """All rows, or `EXAMPLES` of them, spread evenly over the labels."""
    if len(labels) <= EXAMPLES:
        return np.arange(len(labels))
    turn = np.zeros(len(labels))
    for label in np.unique(labels):
        rows = dice.permutation(np.flatnonzero(labels == label))
        turn[rows] = np.arange(len(rows))
    return np.sort(np.argsort(turn, kind="stable")[:EXAMPLES])


def kernel(first: Floats, second: Floats) -> Floats:
    return np.exp(np.float32(-2 * KERNEL_WIDTH) * (1 - first @ second.T))
