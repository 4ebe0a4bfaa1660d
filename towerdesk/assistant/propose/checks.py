"""What must hold of a proposed reply before it may be sent by itself."""

from dataclasses import asdict, dataclass
from typing import Any

from towerdesk.assistant.propose.extract import Quote
from towerdesk.assistant.propose.facts import facts_of
from towerdesk.knowledge.plain import plain

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "nl": "Dutch", "it": "Italian"}


@dataclass(frozen=True, slots=True)
class Check:
    """`sentence` says for a person what was found; `score` is 0 to 1."""

    name: str
    ok: bool
    score: float
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def check(quotes: list[Quote], language: str) -> list[Check]:
    return [_sources(quotes), _facts(quotes), _language(quotes, language)]


def _sources(quotes: list[Quote]) -> Check:
    weakest = min(quote.support for quote in quotes)
    return Check("Sources cover the reply", weakest > 0.5, weakest, "Each sentence rests on an article")


def _facts(quotes: list[Quote]) -> Check:
    wrong = [fact for quote in quotes for fact in sorted(facts_of(quote.text) - _told(quote))]
    sentence = f"No source says {wrong[0]}" if wrong else "Numbers, dates and links match their sources"
    return Check("Numbers and dates match", not wrong, 0.0 if wrong else 1.0, sentence)


def _told(quote: Quote) -> set[str]:
    passage = quote.passage
    around = [span for span in passage.sentences if span[0] <= quote.end + 400 and span[1] >= quote.start - 400]
    return facts_of(plain(passage.text[around[0][0] : around[-1][1]]) + " " + passage.heading) if around else set()


def _language(quotes: list[Quote], language: str) -> Check:
    article = quotes[0].passage.language
    ok = not language or article == language
    if ok:
        return Check("Written in the customer's language", True, 1.0, "The article is in the customer's language")
    there, here = LANGUAGES.get(article, article), LANGUAGES.get(language, language)
    return Check(
        "Written in the customer's language", False, 0.0, f"The article is in {there}, the customer writes {here}"
    )
