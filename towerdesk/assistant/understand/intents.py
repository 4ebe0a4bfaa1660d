"""Which intent a text has, how likely that is, and whether it is of a known kind at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.understand.calibrate import Curve
from towerdesk.assistant.understand.head import Head
from towerdesk.assistant.understand.terms import Terms
from towerdesk.lib.embedding import Vectors, embedder
from towerdesk.lib.errors import Conflict

RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """`probability`: of the label being right if the text is of a known kind, calibrated on held-out examples.

    `scope`: probability that the text is of a known kind. `margin`: lead over the next label, 0 to 1.
    `runners_up`: the next labels with their shares of the vote.
    """

    label: str
    probability: float
    scope: float
    margin: float
    runners_up: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class IntentModel:
    """What training made; never changed afterwards. Reading one text takes about 2 ms beside its embedding."""

    labels: tuple[str, ...]
    terms: Terms
    terms_weight: float
    head: Head
    believed: Curve
    known: Curve
    embedding: str  # fingerprint of the embedder that it was trained on

    def predict(self, texts: Sequence[str], vectors: Vectors | None = None) -> list[Guess]:
        """One guess a text. `vectors` float32[n, 384] must come from the embedder that the model was trained on.

        Without vectors the desk's embedder is asked; raises `Conflict` when it is another one.
        """
        if not texts:
            return []
        rows = [self.terms.row(text, self.terms_weight) for text in texts]
        votes = self.head.vote(self._embedded(texts) if vectors is None else vectors, rows)
        features = votes.features()
        probabilities, scopes = self.believed(features), self.known(features)
        return [
            self._guess(share, float(probability), float(scope))
            for share, probability, scope in zip(votes.shares, probabilities, scopes, strict=True)
        ]

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        model = embedder()
        if model.fingerprint != self.embedding:
            raise Conflict("The intents were trained on another embedding model: train them again.")
        return model.embed(texts)

    def _guess(self, shares: NDArray[np.float32], probability: float, scope: float) -> Guess:
        first, *others = np.argsort(-shares, kind="stable")[: RUNNERS_UP + 1]
        runners_up = tuple((self.labels[at], float(shares[at])) for at in others)
        margin = float(shares[first] - shares[others[0]])
        return Guess(self.labels[first], probability, scope, margin, runners_up)

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a guess could."""
        return hashlib.sha256(self.dumps()).hexdigest()[:16]

    def dumps(self) -> bytes:
        """As an .npz with a JSON header: nothing in it can run when it is loaded."""
        from towerdesk.assistant.understand.store import dumps

        return dumps(self)

    @classmethod
    def loads(cls, content: bytes) -> "IntentModel":
        """Raises `Invalid` when the bytes are not a model of this version."""
        from towerdesk.assistant.understand.store import loads

        return loads(content)
