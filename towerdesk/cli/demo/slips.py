"""How texts come out of real fingers: small letters, slips of the keys, the grammar of another language."""

import re

from towerdesk.cli.demo.dice import Dice
from towerdesk.cli.demo.wording import wording

WORD = re.compile(r"\b[a-zA-Zäöüéèñ]{5,}\b")
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "r", "r": "e", "l": "k", "s": "d", "d": "f"}


def slip(chance: Dice, text: str, manner: str, language: str) -> str:
    """The text as this person would really type it."""
    if manner == "foreign" and language == "en":
        text = _foreign(chance, text)
    roll = chance.random()
    small, typos, loud = {"terse": (0.35, 0.2, 0), "plain": (0.07, 0.17, 0), "angry": (0.05, 0.17, 0.12)}.get(
        manner, (0.03, 0.15, 0)
    )
    if roll < small:
        return _small(chance, text)
    if roll < small + typos:
        return _typos(chance, text)
    return _loud(chance, text) if roll < small + typos + loud else text


def _small(chance: Dice, text: str) -> str:
    text = text.lower()
    if chance.random() < 0.5:
        text = text.replace("'", "").replace("i am ", "im ")
    return re.sub(r"\.(\n|$)", r"\1", text) if chance.random() < 0.5 else text


def _typos(chance: Dice, text: str) -> str:
    words = [match for match in WORD.finditer(text) if "@" not in text[match.end() : match.end() + 1]]
    for match in sorted(chance.sample(words, min(len(words), chance.randint(1, 4))), key=lambda m: -m.start()):
        text = text[: match.start()] + _mistyped(chance, match[0]) + text[match.end() :]
    return text


def _mistyped(chance: Dice, word: str) -> str:
    spot = chance.randint(1, len(word) - 2)
    match chance.randint(0, 3):
        case 0:
            return word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
        case 1:
            return word[:spot] + word[spot + 1 :]
        case 2:
            return word[:spot] + word[spot] + word[spot:]
        case _:
            return word[:spot] + NEIGHBOURS.get(word[spot], word[spot]) + word[spot + 1 :]


def _foreign(chance: Dice, text: str) -> str:
    for usual, instead in wording("en")["foreign"]["swaps"]:
        if chance.random() < 0.6:
            text = text.replace(usual, instead)
    return re.sub(r"(?<=[a-z] )(the|a|an) (?=[a-z])", lambda found: "" if chance.random() < 0.3 else found[0], text)


def _loud(chance: Dice, text: str) -> str:
    sentences = re.split(r"(?<=[.?!]) ", text)
    spot = chance.randrange(len(sentences))
    sentences[spot] = sentences[spot].upper().replace(".", "!!")
    return " ".join(sentences)
