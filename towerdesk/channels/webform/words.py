"""What the page around a form says, in the languages that it speaks: one file each in `languages/`, English the whole one.

The asks themselves are written by whoever made the form.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
QUOTES = {"en": "“{}”", "de": "„{}“", "fr": "« {} »", "es": "«{}»"}


@cache
def words_of(language: str) -> dict[str, str]:
    """By name; empty for a language that there is no file for."""
    known = {file.stem: file for file in FOLDER.glob("*.toml")}
    return tomllib.loads(known[language].read_text(encoding="utf-8")) if language in known else {}


class Words:
    """`{{ w.send }}` in a template; `words.say("number", number=12)` in code. What a language lacks is said in English."""

    def __init__(self, language: str) -> None:
        self.language = language if words_of(language) else ENGLISH

    def __getitem__(self, name: str) -> str:
        return words_of(self.language).get(name) or words_of(ENGLISH)[name]

    def say(self, name: str, /, **values: Any) -> str:
        return self[name].format(**values)

    def named(self, names: list[str]) -> str:
        """`“One”, “Two” and “Three”`."""
        quoted = [QUOTES[self.language].format(name) for name in names]
        first, last = ", ".join(quoted[:-1]), quoted[-1]
        return f"{first} {self['and']} {last}" if first else last
