"""Articles that may answer what somebody is typing just now."""

import re
import unicodedata

from towerdesk.knowledge.models import Article
from towerdesk.knowledge.search import search_articles

MOST = 3
LOOKED_AT = 12
FEWEST_LETTERS = 12  # before so much is typed nobody has said anything
WORD = re.compile(r"\w{3,}")
EMPTY = frozenset(
    "the and for are with that this have has not but from was can how what when why does did you your our their there about into "
    "der die das und ist ich ein eine einen mit von den dem nicht wie was wann warum kann mein meine meinen für auf sich hat "
    "les des une est pas que qui pour dans avec mon mes vous nous comment pourquoi quand sur "
    "los las una que con por para como cuando mis del está hay".split()
)
"""Words that say nothing about what a text is about."""


def answers_for(typed: str, language: str) -> list[Article]:
    """At most three published public articles in this language that hold most of the words, best first."""
    words = telling(typed)
    if len(typed.strip()) < FEWEST_LETTERS or not words:
        return []
    found = search_articles(" OR ".join(sorted(words)), None, limit=LOOKED_AT).filter(language=language)
    judged = [(_share(words, article), article) for article in found.select_related("current")]
    good = [(share, article) for share, article in judged if share >= 0.5]
    return [article for _, article in sorted(good, key=lambda pair: -pair[0])[:MOST]]


def telling(text: str) -> set[str]:
    """Its words without accents, and without those that say nothing."""
    return {_plain(word) for word in WORD.findall(text.lower()[:500]) if word not in EMPTY}


def _share(words: set[str], article: Article) -> float:
    """How many of the words it holds, from 0 to 1; those in its title count a little more."""
    title, text = _plain(article.title.lower()), _plain(article.current.text.lower()) if article.current else ""
    held = sum(1.2 if word in title else 1.0 if word in text else 0.0 for word in words)
    return held / len(words)


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
