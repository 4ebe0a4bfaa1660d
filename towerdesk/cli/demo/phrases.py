"""What people say about one intent, read from `company/phrases/<intent>.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from towerdesk.cli.demo.facts import HERE

LANGUAGES = ("en", "de", "fr", "es")

# Without a list of its own, a case is about any of these. All are of feminine gender in German, French and Spanish
# but the Kestrel, which therefore stays out of texts in those languages.
PRODUCTS = ("Solo 2", "Solo 2", "Duo", "Drift", "Kestrel")


@dataclass(frozen=True)
class Around:
    """Subjects, situations before a question and details after it, in one language."""

    subjects: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One kind of question within an intent. `person`: the articles alone do not settle it; `answers`: articles that
    help. `asks` and `around` by language, `replies` by language ("en", "de")."""

    index: int
    weight: int
    person: bool
    answers: tuple[str, ...]
    products: tuple[str, ...]
    codes: tuple[str, ...]
    countries: tuple[str, ...]
    asks: dict[str, tuple[str, ...]]
    around: dict[str, Around]
    replies: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Phrases:
    """`facts` answer a question back, `not_solved` says what is still wrong; `photo`: people like to attach one."""

    intent: str
    cases: tuple[Case, ...]
    facts: tuple[str, ...]
    not_solved: tuple[str, ...]
    photo: bool


@cache
def phrases(intent: str) -> Phrases:
    """Raises FileNotFoundError for an intent nobody writes about."""
    return read_phrases(HERE / "phrases" / f"{intent}.toml", intent)


@cache
def incident() -> Phrases:
    """What people say about app pairing on the day on which the app breaks."""
    return read_phrases(HERE / "incident.toml", "app-pairing")


def read_phrases(path: Path, intent: str) -> Phrases:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Phrases(
        intent=intent,
        cases=tuple(_case(index, row, data) for index, row in enumerate(data["case"])),
        facts=tuple(data["facts"]),
        not_solved=tuple(data["not_solved"]),
        photo="photo" in data.get("attachments", []),
    )


def _case(index: int, row: dict[str, Any], data: dict[str, Any]) -> Case:
    return Case(
        index=index,
        weight=row["weight"],
        person=row.get("person", False),
        answers=tuple(row["answers"]),
        products=tuple(row.get("products") or data.get("products") or PRODUCTS),
        codes=tuple(row.get("codes", ())),
        countries=tuple(row.get("countries", ())),
        asks={language: tuple(row[key]) for language in LANGUAGES if (key := _asks_key(language)) in row},
        around={language: _around(language, row, data) for language in LANGUAGES},
        replies={"en": tuple(row["replies"]), "de": tuple(row.get("de_replies", ()))},
    )


def _asks_key(language: str) -> str:
    return "asks" if language == "en" else language


def _around(language: str, row: dict[str, Any], data: dict[str, Any]) -> Around:
    """In English a case's own situations and details replace the intent's, and its subjects join them."""
    if language != "en":
        return Around(**{key: tuple(value) for key, value in data.get(language, {}).items()})
    return Around(
        subjects=tuple(row.get("subjects", []) * 2 + data["subjects"]),
        situations=tuple(row.get("situations") or data["situations"]),
        details=tuple(row.get("details") or data["details"]),
    )
