"""Like requests together, by the vectors that are stored: average linkage on cosines, named by the words that set them apart."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from towerdesk.lib.embedding import Vectors, normalise

APART = 0.5
"""Clusters whose members are on average this far apart (1 - cosine) stay apart; on the demo's handovers that gives
clusters that a person would name alike."""
FEWEST = 3
MOST = 3000
TERMS = 4
LONGEST = 1200
FEWEST_CASES = 2  # of a cluster that must have a word before it may name it
WORD = re.compile(r"[^\W\d_]{3,}")
COMMON = frozenset(
    "the and you for are that this have with not but can was what when how from your has had its will would could there they "
    "our did does been then them than any all out get now one after before also about some more only still "
    "hello dear thanks thank please hope kind regards just like know want need got don isn won didn doesn ist sie die der das "
    "und "
    "ich mein meine mit für von auf den dem ein eine einen nicht noch wie wir aber auch als bei bin hat habe haben kann sich "
    "mich mir zum zur vom nach les des une que qui pour dans avec est pas sur vous nous mon mes bonjour merci los las una por "
    "para con del mis como está hola gracias mijn het een van niet ook maar hallo danke grüße viele guten tag".split()
)


@dataclass(frozen=True, slots=True)
class Case:
    """One request that was not answered: `why` in words, `minutes` of people's time, `vector` float32[384]."""

    key: str
    text: str
    vector: Vectors
    why: str
    intent: str = ""
    minutes: float = 0.0


@dataclass(slots=True)
class Cluster:
    cases: list[Case]
    terms: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        return sum(case.minutes for case in self.cases)

    @property
    def name(self) -> str:
        return ", ".join(self.terms) or "no words in common"

    def commonest(self, name: str) -> str:
        return Counter(getattr(case, name) for case in self.cases).most_common(1)[0][0]


def cluster(cases: Sequence[Case]) -> tuple[list[Cluster], int]:
    """Clusters of three or more, by people's minutes; and how many cases are like none. Of very many the newest are taken.

    The same cases give the same clusters.
    """
    from sklearn.cluster import AgglomerativeClustering

    cases = list(cases)[-MOST:]
    if len(cases) < FEWEST:
        return [], len(cases)
    rows = normalise(np.stack([case.vector for case in cases]).astype(np.float32))
    found = AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, metric="cosine", linkage="average"
    ).fit_predict(rows)
    groups = [Cluster([case for case, at in zip(cases, found, strict=True) if at == number]) for number in set(found)]
    large = [group for group in groups if len(group.cases) >= FEWEST]
    _name(large)
    alone = len(cases) - sum(len(group.cases) for group in large)
    return sorted(large, key=lambda group: (-group.minutes, group.name)), alone


def _name(groups: Sequence[Cluster]) -> None:
    """By words that many of the cluster's requests have and few of the others'."""
    from sklearn.feature_extraction.text import CountVectorizer

    texts = [case.text[:LONGEST] for group in groups for case in group.cases]
    counter = CountVectorizer(binary=True, analyzer=_words)
    try:
        has = counter.fit_transform(texts).tocsr()
    except ValueError:
        return  # no words at all
    names, everywhere, row = counter.get_feature_names_out(), np.asarray(has.sum(axis=0)).ravel(), 0
    for group in groups:
        here = np.asarray(has[row : row + len(group.cases)].sum(axis=0)).ravel()
        row += len(group.cases)
        weights = np.where(here >= FEWEST_CASES, here / len(group.cases) * np.log1p(len(texts) / everywhere), 0.0)
        group.terms = [str(names[at]) for at in np.argsort(-weights, kind="stable")[:TERMS] if weights[at] > 0]


def _words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in COMMON]
