"""A logistic curve over a few features: turns raw votes into probabilities that can be believed."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Curve:
    """probability = 1 / (1 + exp(-(features · weights + bias)))"""

    weights: tuple[float, ...]
    bias: float

    def __call__(self, features: Floats) -> Floats:
        lifted = features @ np.array(self.weights, np.float32) + np.float32(self.bias)
        return np.asarray(1 / (1 + np.exp(-lifted.clip(-30, 30))), np.float32)


# Used where there is too little to learn from: a guess is believed as far as its share says,
# and a text is known as far as it lies near an example.
BELIEVED = Curve((1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.0)
KNOWN = Curve((0.0, 0.0, 0.0, 10.0, 0.0, 0.0), -4.5)


# How much each feature (see `Votes.features`) speaks for a text of a known kind. Equal parts of three views: weights learnt
# on a desk's few examples did worse on new data.
OF_KNOWN_KIND = (0.0, 0.0, -1.0, 1.0, 0.0, 1.0)
USUALLY_KNOWN = math.log(4)


def fit(features: Floats, right: NDArray[np.bool_], otherwise: Curve, fewest: int = 20) -> Curve:
    """A curve learnt from held-out rows; `otherwise` when either kind has fewer than `fewest` of them."""
    if min(int(right.sum()), int((~right).sum())) < fewest:
        return otherwise
    centre, width = features.mean(axis=0), features.std(axis=0) + 1e-6
    weights, bias = logistic((features - centre) / width, right)
    weights = weights / width
    return Curve(tuple(float(one) for one in weights), bias - float(weights @ centre))


def fit_fused(features: Floats, inside: NDArray[np.bool_], otherwise: Curve, fewest: int = 20) -> Curve:
    """As `fit`, but only the steepness is learnt: the features are fused with the fixed weights `OF_KNOWN_KIND`.

    However many of each kind were held out, four of five texts on a desk are taken to be of a known kind.
    """
    if min(int(inside.sum()), int((~inside).sum())) < fewest:
        return otherwise
    directions = np.array(OF_KNOWN_KIND) / (features[inside].std(axis=0) + 1e-6)
    centre = float((features[inside] @ directions).mean())
    [slope], bias = logistic((features @ directions - centre)[:, None], inside, weights="balanced")
    slope = max(float(slope), 1e-3)
    return Curve(tuple(float(slope * one) for one in directions), bias + USUALLY_KNOWN - slope * centre)


def logistic(
    inputs: NDArray[np.floating], wanted: NDArray[np.bool_], *, weights: str | None = None
) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=500, class_weight=weights).fit(inputs, wanted)
    return model.coef_[0], float(model.intercept_[0])
