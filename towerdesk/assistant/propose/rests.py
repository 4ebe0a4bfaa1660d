"""Whether a sentence says no more than one span of a source does, and nothing else: facts, names, denials, limits.

Nothing here asks a model: each answer is a sentence that says what does not fit, or nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from towerdesk.assistant.propose.facts import Fact, facts_in
from towerdesk.assistant.propose.names import NO_NAMES, capitals_in, names_in, words_in
from towerdesk.assistant.propose.turns import opposite, turns_of
from towerdesk.assistant.propose.units import UNITS

MOST_NEW = 0.45
"""The share of a sentence's words that neither its span nor the headings over it have: other words for the same are
allowed, other things are not. The less near in meaning the sentence is, the fewer."""
NEAR, FAR = 0.9, 0.5
FEWEST_NEW = 0.12
REACH = 5
"""Words on each side of a number or name that say what it belongs to."""

EQUAL = (
    "must", "only", "except", "before", "after", "within", "at most", "at least", "more than", "less than", "twice",
    "half", "always", "sometimes", "rarely", "most", "some", "both", "one of", "free",
)  # fmt: skip
"""Turns that must be taken by both or by neither."""
CLAUSE = re.compile(
    r"\s*[;:]\s+|\s+[–—]\s+|,\s+(?:and|but|so|because|which|although|or|und|aber|weil|oder|et|mais|car|ou|y|pero|porque|o)\s+|,\s+",
    re.IGNORECASE,
)
TOGETHER = re.compile(
    r"\s*;\s+|,?\s+(?:and|but|und|aber|et|mais|y|pero)\s+(?=(?:you|we|it|they|the|a|an|your|our|this|there|sie|wir|es|der|"
    r"die|das|ihre?|vous|nous|il|le|la|les|votre|usted|el|los|las|su)\b)",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(if|unless|except|only|provided|as long as|when|wenn|falls|sofern|außer|si|sauf|à condition|salvo|cuando)\b",
    re.I,
)
ENDINGS = re.compile(r"(?:ations?|ingly|ings?|edly|ed|ies|es|s|ly|e|en|er|ern|te|ten|t)$")
FREE = NO_NAMES | frozenset(
    "have has had been being get gets got take takes make makes want like just very more than also too well let them "
    "him her me my mine his hers yours ours theirs up out off into onto over again already yet ever own same such so as "
    "need able way able customer customers account note possible be am um ist sind wird werden haben hat être est sont avoir "
    "es son ser estar haber able please currently simply usually".split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is one span as a reader sees it; `above` the headings over it and the title, nearest first."""

    text: str
    above: tuple[str, ...] = ()
    language: str = "en"
    names: frozenset[str] = field(default=frozenset(), hash=False, compare=False)
    """What all articles call by name: a sentence may begin with one, where its capital tells nothing."""


def why_not(sentence: str, source: Source, near: float = NEAR) -> str:
    """Empty when the source carries the sentence. `near` is their cosine, or less where another span lies nearer."""
    if _bare(sentence) == _bare(source.text):
        return ""
    told = _told(sentence, source)
    return (
        _facts(sentence, source)
        or _names(sentence, source)
        or _turned(sentence, told)
        or _whole(sentence, source.text)
        or _opposite(sentence, source.text)
        or _mixed_up(sentence, source.text)
        or _new_words(sentence, source, near)
    )


def pieces(sentence: str) -> list[str]:
    """A sentence that may rest on several spans, cut where it could have been two; each piece has words of its own."""
    parts = [part.strip() for part in TOGETHER.split(sentence)]
    if len(parts) == 1 or CONDITION.search(sentence) or any(len(stems(part)) < 4 for part in parts):
        return []
    return parts


CODE = re.compile(r"\w+_\w+|\w+\(|[<>{}]|\w+=\S")
"""What looks like a command or a mark stands in a sentence only when the source has it."""


def _facts(sentence: str, source: Source) -> str:
    odd = next((found for found in CODE.findall(sentence) if found not in source.text), "")
    if odd:
        return f"No source says “{odd}” here"
    there = [*facts_in(source.text), *(fact for heading in source.above for fact in facts_in(heading))]
    for fact in facts_in(sentence):
        if not any(fact.fits(other) for other in there):
            return f"No source says “{fact.said}” here"
        if fact.kind == "number" and (counted := _counted(sentence, fact)) and counted not in stems(source.text):
            return f"No source counts “{fact.said} {counted}” here"
    units, known = _units(sentence), _units(" ".join((source.text, *source.above)))
    new = [unit for unit in units if units[unit] > known[unit]]
    if new and (new[0] not in known or any(known[unit] > units[unit] for unit in known)):
        return f"No source speaks of a {new[0]} here"
    return ""


def _counted(sentence: str, fact: Fact) -> str:
    """What a bare number counts, as a stem; empty when nothing does, and for one that belongs to a name: `Solo 2`."""
    if re.search(r"[A-ZÀ-Þ]\w*\s+$", sentence[: fact.start]):
        return ""
    following = re.match(r"\s+([^\W\d_]{3,})(?![\w'’])", sentence[fact.end :])
    word = following[1].lower() if following else ""
    return "" if not word or word in FREE or turns_of(word) else stem(word)


def _units(text: str) -> "Counter[str]":
    """Days, weeks, litres: the measures that are spoken of, counted or not."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return Counter(UNITS[word] for word in words if len(word) > 1 and word in UNITS and word not in ("an", "ms"))


def _names(sentence: str, source: Source) -> str:
    """What the sentence names, the span names; or the nearest heading that names anything, if the span does not."""
    said = names_in(sentence, source.language) | (words_in(sentence) & source.names)
    here = words_in(source.text) if source.language == "de" else capitals_in(source.text)
    missing = {name for name in said if name not in here and not _inflected(name, here)}
    if not missing:
        return _dropped(sentence, said, source)
    own = _product_names(source.text, source)
    if own - words_in(sentence):
        return f"“{sorted(missing)[0].capitalize()}” is not what the source speaks of"
    for heading in source.above:
        over = words_in(heading)
        if not (named := _product_names(heading, source)):
            missing -= {name for name in missing if name in over}
            continue
        if own & named and not missing <= own:
            break
        missing -= over
        break
    return f"“{sorted(missing)[0].capitalize()}” is not what the source speaks of" if missing else ""


def _dropped(sentence: str, said: frozenset[str], source: Source) -> str:
    """A statement about one thing must not become one about everything: a name that limits it is kept or stood for."""
    kept = words_in(sentence)
    limits = [name for name in _product_names(_told(sentence, source), source) if name not in kept]
    if limits and not said and not re.match(r"(?i)(it|they|this|these|that|es|sie|il|elle|lo|la)\b", sentence):
        above = {name for heading in source.above for name in words_in(heading)}
        if not set(limits) <= above:
            return f"The source says this of “{limits[0].capitalize()}” only"
    return ""


def _product_names(text: str, source: Source) -> frozenset[str]:
    return names_in(text, source.language) | (words_in(text) & source.names)


def _inflected(name: str, words: frozenset[str]) -> bool:
    if any(char.isdigit() for char in name) or len(name) < 4:
        return False
    return any(name in (f"{word}s", f"{word}n") or word in (f"{name}s", f"{name}n") for word in words)


def _turned(sentence: str, told: str) -> str:
    said, there = turns_of(sentence), turns_of(told)
    if said["not"] != there["not"]:
        return "It denies what the source says" if said["not"] > there["not"] else "It leaves out a “not” of the source"
    if there["if"] and not (said["if"] or said["except"]):
        return "The source says it with a condition"
    for turn in EQUAL:
        if bool(said[turn]) != bool(there[turn]):
            return f"The source says it {'with' if there[turn] else 'without'} “{turn}”"
    if said["may"] > there["may"] and said["must"] < there["must"]:
        return "The source says that it must be"
    if said["must"] > there["must"] or (there["may"] and not said["may"] and said["always"]):
        return "The source says that it may be, not that it must"
    if said["should"] and not there["should"] and there["may"]:
        return "The source allows it and does not advise it"
    if there["should"] and not (said["should"] or _asks(sentence)):
        return "The source only advises it"
    if there["usually"] and not (said["usually"] or said["may"] or said["about"]):
        return "The source says “usually”"
    if there["about"] and not (said["about"] or said["usually"]):
        return "The source says “about”"
    if said["every"] and not there["every"] and (there["some"] or there["most"]):
        return "The source does not say it of all"
    return ""


def _whole(sentence: str, text: str) -> str:
    """Where the sentence tells all of the span, each limit and each number is told as often, and of the same subject."""
    mine, theirs = stems(sentence), stems(text)
    if len(mine & theirs) >= 0.9 * max(1, len(theirs)) and len(theirs) > 2:
        said, there = turns_of(sentence), turns_of(text)
        for turn in EQUAL:
            if said[turn] < there[turn]:
                return f"The source says “{turn}” more often"
        here, known = (sorted((fact.value, fact.unit) for fact in facts_in(one)) for one in (sentence, text))
        if len(here) == len(known) and here != known and set(here) < set(known):
            return "One of its numbers stands in the place of another"
    first, second = words_in_order(sentence), words_in_order(text)
    if first[1:] == second[1:] and first[:1] != second[:1] and first[1:2] and first[1] in VERBS:
        return f"The source says this of “{second[0]}”"
    return _put_in_place(sentence, text)


def _put_in_place(sentence: str, text: str) -> str:
    """All words are the same but one, and that one is a name in the source: another stands in its place."""
    here, there = (re.findall(r"[\w’'/-]+", one) for one in (sentence, text))
    if len(here) != len(there):
        return ""
    other = [
        (at, word) for at, (said, word) in enumerate(zip(here, there, strict=True)) if said.lower() != word.lower()
    ]
    if (
        len(other) == 1
        and (word := other[0][1])
        and (word[1:] != word[1:].lower() or (other[0][0] and word[0].isupper()))
    ):
        return f"Something else stands in the place of “{word}”"
    return ""


VERBS = frozenset(
    "means is are was has have can cannot may must will costs needs takes lasts shows does do customers".split()
)


def _asks(sentence: str) -> bool:
    return bool(re.match(r"(?i)\s*please\b|\s*bitte\b", sentence))


def _opposite(sentence: str, told: str) -> str:
    found = opposite(sentence, told)
    return f"It says {found}" if found else ""


def _told(sentence: str, source: Source) -> str:
    """The clauses of the span that the sentence takes up; a condition or exception always counts, said or not."""
    clauses = _clauses(source.text)
    if len(clauses) == 1:
        return source.text
    mine, facts = stems(sentence), facts_in(sentence)
    used = []
    for clause in clauses:
        own = stems(clause)
        shares = len(own & mine) / max(1, len(own))
        common = any(one.fits(other) for one in facts for other in facts_in(clause))
        if shares >= 0.5 or common or CONDITION.search(clause):
            used.append(clause)
    return ", ".join(used) or source.text


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in CLAUSE.split(text) if part and part.strip())


def _mixed_up(sentence: str, source: str) -> str:
    """Each fact keeps its company: with two prices in a sentence, the words around tell which is which."""
    here, there = _company(sentence), _company(source)
    for fact, near in here:
        same = [words for other, words in there if fact.fits(other)]
        rivals = [words for other, words in there if other.kind == fact.kind and not fact.fits(other)]
        if not same or not rivals:
            continue
        best = max(_like(near, words) for words in same)
        if max(_like(near, words) for words in rivals) > best + 0.17:
            return f"“{fact.said}” belongs to something else in the source"
    if _masked(sentence) == _masked(source) and [fact.value for fact, _ in here] != [fact.value for fact, _ in there]:
        return "Two numbers have changed places"
    return ""


def _masked(text: str) -> str:
    for fact in reversed(facts_in(text)):
        text = f"{text[: fact.start]}#{text[fact.end :]}"
    return re.sub(r"#+", "#", _bare(text))


@lru_cache(maxsize=2048)
def _company(text: str) -> tuple[tuple[Fact, frozenset[str]], ...]:
    facts = facts_in(text)
    found = []
    for fact in facts:
        before = _nearest(text[: fact.start], -REACH)
        after = _nearest(text[fact.end :], REACH)
        found.append((fact, frozenset(before) | frozenset(after)))
    return tuple(found)


def _nearest(text: str, reach: int) -> list[str]:
    """Within the same clause."""
    parts = CLAUSE.split(text)
    text = (parts[-1] if reach < 0 else parts[0]) or ""
    words = [stem(word) for word in words_in_order(text) if word not in FREE]
    return words[reach:] if reach < 0 else words[:reach]


def words_in_order(text: str) -> list[str]:
    return [word.strip("'’-").lower() for word in re.findall(r"[\w’'-]+", text)]


def _like(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _new_words(sentence: str, source: Source, near: float) -> str:
    mine, text = stems(sentence), stems(source.text)
    over = frozenset[str]().union(*(stems(heading) for heading in source.above))
    allowed = FEWEST_NEW + (MOST_NEW - FEWEST_NEW) * min(1.0, max(0.0, (near - FAR) / (NEAR - FAR)))
    of = max(1, len(mine))
    if not mine or len(mine - text - over) / of > allowed or len(mine - text) / of > max(0.5, allowed):
        return "It says more than the source"
    return ""


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings; numbers are facts and count elsewhere."""
    return frozenset(
        stem(word) for word in words_in_order(text) if word not in FREE and len(word) > 2 and not word.isdigit()
    )


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    bare = ENDINGS.sub("", word) if len(word) > 4 else word
    return (bare if len(bare) >= 3 else word)[:7]


def _bare(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).strip(" .").casefold()
