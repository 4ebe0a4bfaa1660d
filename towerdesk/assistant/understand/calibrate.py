"""A logistic curve over a few features: turns raw votes into probabilities that can be believed."""

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


def fit(features: Floats, right: NDArray[np.bool_], otherwise: Curve, fewest: int = 20) -> Curve:
    """A curve learnt from held-out rows; `otherwise` when either kind has fewer than `fewest` of them."""
    if min(int(right.sum()), int((~right).sum())) < fewest:
        return otherwise
    from sklearn.linear_model import LogisticRegression

    centre, width = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=500).fit((features - centre) / width, right)
    weights = model.coef_[0] / width
    return Curve(tuple(float(one) for one in weights), float(model.intercept_[0] - weights @ centre))
