"""Chance that can be repeated: the same words make the same dice."""

import random
import re
from collections.abc import Mapping, Sequence

Dice = random.Random

CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
GAP = re.compile(r"(?<=\S)  +(?=\S)")
SLOT = re.compile(r"\{(\w+)\}")


def dice(*words: object) -> Dice:
    """Dice of their own for these words; independent of PYTHONHASHSEED and of the machine."""
    return random.Random("/".join(str(word) for word in words))  # noqa: S311 (nothing here is secret)


def pick(chance: Dice, texts: Sequence[str], slots: Mapping[str, str]) -> str:
    """One of the texts, with `[this|that]` decided and `{slot}` filled. No texts: the empty text."""
    return GAP.sub(" ", fill(vary(chance, chance.choice(texts)), slots)) if texts else ""


def vary(chance: Dice, text: str) -> str:
    """Decide every `[this|that|]`; brackets without a bar stay as they are."""
    return CHOICE.sub(lambda match: chance.choice(match[1].split("|")), text)


def fill(text: str, slots: Mapping[str, str]) -> str:
    """Put values in for `{slot}`. Raises KeyError for a slot without a value."""
    return SLOT.sub(lambda match: slots[match[1]], text)
