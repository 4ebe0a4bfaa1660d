"""A form's asks as its page draws them: one line each, with what was answered, what is wrong, and when it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.channels.webform.words import Words
from towerdesk.tickets.asks import Ask
from towerdesk.tickets.taxonomy.conditions import When

FEW = 4
"""So many choices are shown side by side; more are a list to open."""
SIGNS = {"none_of": "≠ ", "at_least": "≥ ", "at_most": "≤ ", "filled": "✓", "empty": "∅"}


@dataclass(frozen=True, slots=True)
class Line:
    """`options` are (key, name, chosen); `only` says without scripts when the ask is meant at all."""

    key: str
    html_name: str
    name: str
    kind: str
    required: bool
    help: str
    value: str
    options: tuple[tuple[str, str, bool], ...]
    only: str
    wrong: str

    @property
    def is_few(self) -> bool:
        return self.kind == "check" or (self.kind == "choice" and len(self.options) <= FEW)


def form_lines(
    asks: Sequence[Ask], words: Words, answers: Mapping[str, Any] | None = None, wrong: Mapping[str, str] | None = None
) -> list[Line]:
    by_key = {ask.key: ask for ask in asks}
    return [_line(ask, by_key, words, (answers or {}).get(ask.key, ""), (wrong or {})) for ask in asks]


def name_in(words: Words, ask: Ask) -> str:
    """What every form can ask is called in the page's language; a custom field as it was named."""
    return words[f"ask_{ask.key}"] if ask.is_built_in else ask.name


def _line(ask: Ask, by_key: Mapping[str, Ask], words: Words, answer: Any, wrong: Mapping[str, str]) -> Line:
    said = answer if isinstance(answer, list) else [answer]
    choices = (("yes", words["yes"]), ("no", words["no"])) if ask.kind == "check" else ask.choices
    told = [_told(when, by_key[when.ask], words) for when in ask.when if when.ask in by_key]
    return Line(
        key=ask.key,
        html_name=ask.html_name,
        name=name_in(words, ask),
        kind=ask.kind,
        required=ask.required,
        help=ask.help,
        value="" if isinstance(answer, list) else str(answer),
        options=tuple((key, name, key in said) for key, name in choices),
        only=words.say("only", what="; ".join(told)) if told else "",
        wrong=wrong.get(ask.html_name, ""),
    )


def _told(when: When, on: Ask, words: Words) -> str:
    names = dict(on.choices) | {"yes": words["yes"], "no": words["no"]}
    values = " / ".join(names.get(value, value) for value in when.values if value in names or not on.choices)
    return f"{name_in(words, on)}: {SIGNS.get(when.says, '')}{values}"
