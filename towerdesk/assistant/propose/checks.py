"""What must hold of a proposed reply before it may be sent by itself."""

from dataclasses import asdict, dataclass
from typing import Any

from towerdesk.assistant.models import Contradiction
from towerdesk.assistant.propose.extract import Quote
from towerdesk.assistant.propose.facts import Fact, facts_in
from towerdesk.assistant.propose.ground import above
from towerdesk.assistant.propose.links import foreign_links
from towerdesk.assistant.propose.rests import Source, why_not
from towerdesk.knowledge.plain import plain
from towerdesk.lib.text import one_line

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


def check(quotes: list[Quote], language: str, text: str = "", against: Contradiction | None = None) -> list[Check]:
    """`text` is the whole letter, as it would leave; `against` an open contradiction that one of its sources is part of."""
    of_each = [_sources(quotes), _says(quotes), _facts(quotes)]
    return [*of_each, _links(quotes, text), _agree(against), _language(quotes, language)]


def spans_of(quotes: list[Quote]) -> list[tuple[int, int]]:
    """(version, start) of everything that is rested on."""
    return [(one.passage.version_id, one.start) for quote in quotes for one in (quote, *quote.also)]


def _sources(quotes: list[Quote]) -> Check:
    weakest = min(quote.support for quote in quotes)
    return Check("Sources cover the reply", weakest > 0.5, weakest, "Each sentence rests on an article")


def _says(quotes: list[Quote]) -> Check:
    """Once more of the text that leaves, whoever worded it; a sentence put together from several was held to each part."""
    for quote in quotes:
        if not quote.also and (why := why_not(quote.text, source(quote), quote.closeness)):
            return Check("Says what its sources say", False, 0.0, f"{why}: {one_line(quote.text, 80)}")
    return Check("Says what its sources say", True, 1.0, "Names, denials and limits are those of the sources")


def _facts(quotes: list[Quote]) -> Check:
    wrong = [
        fact for quote in quotes for fact in facts_in(quote.text) if not any(fact.fits(one) for one in _told(quote))
    ]
    sentence = f"No source says {wrong[0].said}" if wrong else "Numbers, dates and links match their sources"
    return Check("Numbers and dates match", not wrong, 0.0 if wrong else 1.0, sentence)


def _told(quote: Quote) -> list[Fact]:
    texts = [text for one in (quote, *quote.also) for text in (source(one).text, *source(one).above)]
    return [fact for text in texts for fact in facts_in(text)]


def source(quote: Quote) -> Source:
    """The span as it stands in the article, a part of a sentence or several of them included."""
    passage = quote.passage
    text = plain(passage.text[quote.start : quote.end])
    return Source(text, above(passage.text, quote.start, passage.title), passage.language)


def _links(quotes: list[Quote], text: str) -> Check:
    """A reply leads to our own pages or to where its sources lead, and nowhere else: no link carries anything out."""
    foreign = foreign_links(text, [one.passage.text for quote in quotes for one in (quote, *quote.also)])
    sentence = f"A link leads to {foreign[0]}, which no source names" if foreign else "Links lead where the sources do"
    return Check("Links are ours or the sources'", not foreign, 0.0 if foreign else 1.0, sentence)


def _agree(against: Contradiction | None) -> Check:
    sentence = f"Two articles disagree: {against.why}" if against else "No other article says otherwise"
    return Check("Articles agree", against is None, 0.0 if against else 1.0, sentence)


def _language(quotes: list[Quote], language: str) -> Check:
    article = quotes[0].passage.language
    ok = not language or article == language
    if ok:
        return Check("Written in the customer's language", True, 1.0, "The article is in the customer's language")
    there, here = LANGUAGES.get(article, article), LANGUAGES.get(language, language)
    return Check(
        "Written in the customer's language", False, 0.0, f"The article is in {there}, the customer writes {here}"
    )
