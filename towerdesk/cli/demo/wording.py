"""How people write: what stands around a question, in which order, in which manner."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from towerdesk.cli.demo.dice import Dice, pick
from towerdesk.cli.demo.facts import HERE
from towerdesk.cli.demo.phrases import Case

# The order of the parts in a mail, by manner; the numbers say how often a part is there at all.
LAYOUTS: dict[str, list[dict[str, float]]] = {
    "terse": [{"ask": 1, "detail": 0.55}, {"detail": 1, "ask": 1}, {"situation": 1, "ask": 1}],
    "plain": [
        {"opening": 0.3, "situation": 0.75, "ask": 1, "detail": 0.7, "closing": 0.85},
        {"ask": 1, "situation": 0.8, "detail": 0.6, "closing": 0.85},
        {"situation": 1, "detail": 0.8, "ask": 1, "closing": 0.9},
    ],
    "chatty": [
        {"opening": 1, "situation": 1, "more": 0.4, "ask": 1, "detail": 0.8, "aside": 0.6, "closing": 1},
        {"opening": 0.8, "ask": 1, "situation": 1, "detail": 0.6, "aside": 0.7, "closing": 1},
        {"situation": 1, "more": 0.5, "aside": 0.4, "ask": 1, "detail": 0.7, "closing": 1},
        {
            "opening": 1,
            "situation": 1,
            "more": 1,
            "detail": 1,
            "aside": 1,
            "ask": 1,
            "also": 0.6,
            "extra": 1,
            "closing": 1,
        },
    ],
    "angry": [
        {"opening": 1, "situation": 0.9, "ask": 1, "detail": 0.7, "closing": 0.9},
        {"situation": 1, "opening": 0.8, "ask": 1, "detail": 0.5, "closing": 1},
        {"opening": 1, "ask": 1, "detail": 0.6, "closing": 0.7},
        {"opening": 1, "situation": 1, "more": 1, "detail": 1, "ask": 1, "extra": 0.7, "closing": 1},
    ],
    "formal": [
        {"opening": 0.8, "situation": 0.9, "ask": 1, "detail": 0.9, "closing": 1},
        {"situation": 1, "detail": 0.8, "ask": 1, "closing": 1},
        {"opening": 1, "situation": 1, "more": 0.8, "detail": 1, "extra": 0.8, "ask": 1, "also": 0.4, "closing": 1},
    ],
    "foreign": [
        {"opening": 0.9, "situation": 0.9, "ask": 1, "detail": 0.8, "closing": 0.95},
        {"ask": 1, "situation": 0.7, "opening": 0.4, "closing": 0.9},
    ],
}


@dataclass(frozen=True)
class Words:
    """`greeting`, `paragraphs` and `sign` make the mail; `paragraphs` hold the question."""

    greeting: str
    paragraphs: tuple[str, ...]
    sign: str

    @property
    def text(self) -> str:
        """All but the name below it, which nobody types wrongly."""
        return "\n\n".join(part for part in (self.greeting, *self.paragraphs) if part)


@cache
def wording(language: str) -> dict[str, Any]:
    """The tables of `company/wording/<language>.toml`."""
    return tomllib.loads((HERE / "wording" / f"{language}.toml").read_text(encoding="utf-8"))


def say(chance: Dice, case: Case, language: str, manner: str, slots: dict[str, str]) -> Words:
    """One mail about this case in this manner."""
    layout = chance.choice(LAYOUTS[manner])
    said = _sayings(chance, case, language, manner)
    parts = {name: pick(chance, said[name], slots) for name, often in layout.items() if chance.random() < often}
    if "ask" in parts:
        parts["ask"] = pick(chance, _table(language, "leads", manner), slots) + parts["ask"]
    return Words(
        greeting=pick(chance, _table(language, "greetings", manner), slots),
        paragraphs=_paragraphs(chance, manner, {name: text for name, text in parts.items() if text}),
        sign=pick(chance, _table(language, "signoffs", manner), slots),
    )


def subject(chance: Dice, case: Case, language: str, manner: str, slots: dict[str, str]) -> str:
    """A subject line; terse people leave it out at times."""
    if manner == "terse" and chance.random() < 0.08:
        return ""
    text = pick(chance, case.around[language].subjects, slots)
    if manner == "angry" and chance.random() < 0.3:
        return chance.choice([text.upper(), f"{text}!!", f"URGENT: {text}"])
    return text.lower() if manner == "terse" and chance.random() < 0.5 else text


def _sayings(chance: Dice, case: Case, language: str, manner: str) -> dict[str, Sequence[str]]:
    """What may stand in each part; parts of one kind share no phrase, so that nobody says a thing twice."""
    around = case.around[language]
    ask, also = _halves(chance, case.asks[language])
    situation, more = _halves(chance, around.situations)
    detail, extra = _halves(chance, around.details)
    return {
        "opening": _table(language, "openings", manner),
        "situation": situation,
        "more": more,
        "ask": ask,
        "also": also,
        "detail": detail,
        "extra": extra,
        "aside": wording(language).get("asides", {}).get(manner, []),
        "closing": _table(language, "closings", manner),
    }


def _halves(chance: Dice, texts: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    mixed = chance.sample(texts, len(texts))
    return mixed[::2], mixed[1::2]


def _table(language: str, name: str, manner: str) -> list[str]:
    """What this manner says; where the language has nothing for it, what everybody says."""
    table = wording(language).get(name, {})
    found: list[str] = table.get(manner) or table.get("plain", [])
    return found


def _paragraphs(chance: Dice, manner: str, parts: dict[str, str]) -> tuple[str, ...]:
    """Some people break lines after each thought, some never do; nobody says the same sentence twice."""
    breaks = {"terse": 0.1, "plain": 0.4, "chatty": 0.45, "angry": 0.35, "formal": 0.5, "foreign": 0.4}[manner]
    paragraphs: list[str] = []
    for name, text in parts.items():
        if any(text in earlier for earlier in paragraphs):
            continue
        if paragraphs and name != "closing" and chance.random() > breaks:
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        else:
            paragraphs.append(text)
    return tuple(paragraphs)
