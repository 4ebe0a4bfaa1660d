"""How well articles are found: a folder of Markdown articles, and questions with the article each should find."""

import json
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from towerdesk.knowledge.chunk import chunks, title_of
from towerdesk.knowledge.rank import Entry, Index
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.errors import Invalid

ASKED = ("question", "text", "query", "q")
EXPECTED = ("article", "articles", "expected", "article_id", "id")
DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Question:
    """`articles`: any of these ids is right."""

    text: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """`recall[k]` is the share of questions, 0 to 1, with a right article among the first k; `mrr` mean reciprocal rank."""

    n: int
    articles: int
    chunks: int
    recall: dict[int, float]
    mrr: float
    ms_per_question: float
    embedder: str

    def as_dict(self) -> dict[str, object]:
        return {
            **{f"recall@{depth}": round(share, 4) for depth, share in self.recall.items()},
            "mrr": round(self.mrr, 4),
            "n": self.n,
            "articles": self.articles,
            "chunks": self.chunks,
            "ms_per_question": round(self.ms_per_question, 3),
            "embedder": self.embedder,
        }


def evaluate(articles: dict[str, str], questions: Sequence[Question], *, embedder: Embedder) -> RetrievalFigures:
    """`articles` maps an id to its Markdown."""
    index = build(articles, embedder)
    started = time.process_time()
    vectors = embedder.embed([question.text for question in questions])
    ranks = np.array([rank(index, one, vector) for one, vector in zip(questions, vectors, strict=True)])
    spent = time.process_time() - started
    return RetrievalFigures(
        n=len(questions),
        articles=len(articles),
        chunks=len(index.entries),
        recall={depth: float((ranks <= depth).mean()) for depth in DEPTHS},
        mrr=float((1 / ranks).mean()),
        ms_per_question=1000 * spent / len(questions),
        embedder=embedder.name,
    )


def build(articles: dict[str, str], embedder: Embedder) -> Index:
    titles = {name: title_of(text) or first_line(text) or name for name, text in articles.items()}
    entries = [
        Entry(name, number, meaning)
        for name, text in articles.items()
        for number, meaning in enumerate([chunk.meaning for chunk in chunks(text, titles[name])] or [titles[name]])
    ]
    vectors = embedder.embed([entry.meaning for entry in entries])
    named: dict[Hashable, Vectors] = dict(zip(titles, embedder.embed(list(titles.values())), strict=True))
    return Index(entries, vectors, named)


def first_line(text: str) -> str:
    """The first line, when it is short enough to be a title."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line.split()) <= 20 else ""


def rank(index: Index, question: Question, vector: Vectors) -> float:
    """The place of the first right article, from 1."""
    found = index.search(question.text, vector, limit=len(index.entries))
    return next((place for place, one in enumerate(found, 1) if one.article in question.articles), float("inf"))


def read_articles(folder: Path) -> dict[str, str]:
    """Every `*.md` of the folder; an article's id is its file name without `.md`. Raises `Invalid` when there is none."""
    if not folder.is_dir():
        raise Invalid(f"{folder} is not a folder: name the one that holds the articles as .md files.")
    files = sorted(folder.glob("*.md"))
    if not files:
        raise Invalid(f"{folder} holds no .md files: put one article into each.")
    try:
        return {file.stem: file.read_text(encoding="utf-8-sig") for file in files}
    except UnicodeDecodeError as error:
        raise Invalid(f"An article in {folder} is not UTF-8 text: save it as UTF-8.") from error


def read_questions(file: Path, articles: dict[str, str]) -> list[Question]:
    """JSON lines such as `{"question": "…", "article": "returns"}`; `article` may be a list of ids.

    Raises `Invalid` with one sentence that names the file and the line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Invalid(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} is not UTF-8 text: save it as UTF-8.") from error
    found = [question(f"{file}, line {number}", line, articles) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise Invalid(f"{file} holds no questions: write one JSON object a line.")
    return found


def question(where: str, line: str, articles: dict[str, str]) -> Question:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise Invalid(f"{where}: this is not a JSON object.") from error
    text, expected = first(row, ASKED), first(row, EXPECTED)
    if not isinstance(text, str) or expected is None:
        raise Invalid(f'{where}: a question needs "question" and "article".')
    ids = frozenset(str(one).removesuffix(".md") for one in (expected if isinstance(expected, list) else [expected]))
    if not ids & articles.keys():
        raise Invalid(f"{where}: there is no article {', '.join(sorted(ids)) or 'named'} in the folder.")
    return Question(text, ids)


def first(row: Any, names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None) if isinstance(row, dict) else None
