"""Names in a text: products, plans, buttons, codes, people. What a sentence names, its source must name."""

import re
from collections.abc import Iterable
from functools import lru_cache

from towerdesk.assistant.propose.units import CURRENCIES, UNITS

TOKEN = re.compile(r"[^\W\d_][\w’'-]*|\w*\d\w*")
STARTS = re.compile(r"(?:^|[.!?:;]\s+|[\n\"“„«(\[•]\s*|[-*]\s+|\d[.)]\s+)$")
NO_NAMES = frozenset(
    "i i'm i'll you your we our us it its they their he she this that these those the a an and or but if to in on at for "
    "of by with from as is are was were be please yes no not when while after before once until unless because so then "
    "there here how what where which who why all any each every both some most many few one two three only also still "
    "do does did can may must should will would could hello dear thanks thank regards sorry note monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september october november "
    "december ok faq sie ihr ihre ihnen ihrem ihren ihrer wir uns der die das ein eine und oder wenn bitte ja nein im in "
    "zu für mit von auf vous votre vos nous le la les un une des et ou si oui non usted su sus nosotros el los las y o".split()
) | {word for word in (*CURRENCIES, *UNITS) if word.isalpha()}


def known_names(texts: Iterable[str]) -> frozenset[str]:
    """Words that stand with a capital inside of sentences and nowhere without: what the articles call by name."""
    named: set[str] = set()
    small: set[str] = set()
    for text in texts:
        for found in TOKEN.finditer(text):
            word = found.group()
            if word[0].islower():
                small.add(word.lower())
            elif word[0].isupper() and not STARTS.search(text[max(0, found.start() - 6) : found.start()]):
                named.add(word.lower())
    return frozenset(named - small - NO_NAMES)


@lru_cache(maxsize=4096)
def names_in(text: str, language: str = "en") -> frozenset[str]:
    """In small letters. Where every noun has a capital, only what else marks a name counts: digits, more capitals."""
    found: set[str] = set()
    for match in TOKEN.finditer(text):
        word = match.group().strip("'’-")
        if not word or word.lower() in NO_NAMES or word[0].isdigit():
            continue
        marked = sum(char.isupper() for char in word) > 1 or any(char.isdigit() for char in word)
        begins = bool(STARTS.search(text[max(0, match.start() - 6) : match.start()]))
        if marked or (word[0].isupper() and not begins and language != "de"):
            found.add(_bare(word))
    return frozenset(found)


@lru_cache(maxsize=4096)
def capitals_in(text: str) -> frozenset[str]:
    """Every word that stands with a capital or holds a digit, at the beginning of a sentence or not; in small letters."""
    found = (match.strip("'’-") for match in TOKEN.findall(text))
    return frozenset(_bare(word) for word in found if word and (not word.islower() or any(map(str.isdigit, word))))


@lru_cache(maxsize=4096)
def words_in(text: str) -> frozenset[str]:
    """Every word in small letters, without a genitive's ending."""
    return frozenset(_bare(found.strip("'’-")) for found in TOKEN.findall(text))


def _bare(word: str) -> str:
    low = word.lower()
    return low[:-2] if low.endswith(("'s", "’s")) else low
