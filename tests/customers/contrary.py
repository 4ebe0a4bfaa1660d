"""A model that points at anything but what is meant: for each thing asked for, some words of the message, at random.

Its words stand in the message, so only the typed checks are between it and the tools. It is quick, so all customers can meet it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from towerdesk.testing.fake_llm import serve

MOST_WORDS = 6


@contextmanager
def serving() -> Iterator[str]:
    """Yields the address for `TOWERDESK_LLM_URL`."""
    with serve(_answer) as fake:
        yield fake.url


def _answer(prompt: str) -> str:
    chance = Random(prompt)
    needed = prompt.rpartition("Needed:")[2].partition("The customer wrote:")[0]
    words = prompt.rpartition("<<<")[2].partition(">>>")[0].split()
    names = re.findall(r"^(\w+): ", needed, re.MULTILINE)
    return json.dumps({name: _some(words, chance) for name in names})


def _some(words: list[str], chance: Random) -> str:
    """Numbers rather than words: they are what does harm."""
    told = [at for at, word in enumerate(words) if any(letter.isdigit() for letter in word)]
    begin = chance.choice(told) if told and chance.random() < 0.5 else chance.randrange(len(words) or 1)
    return " ".join(words[begin : begin + chance.randint(1, MOST_WORDS)])
