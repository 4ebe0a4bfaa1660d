"""Where customers answered and were not understood: words for a choice, or an example in the question."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.model import Slot
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.gaps.cluster import COMMON
from towerdesk.rehearsal.gaps.procedures.page import Change, row, with_choices, with_example, with_words
from towerdesk.rehearsal.gaps.procedures.shapes import FIXED, example_of
from towerdesk.rehearsal.gaps.procedures.talks import Talk, talks_of

FEWEST_TICKETS = 2  # on which a word was used for the same thing, and on none for another
MOST_WORDS = 5  # for one thing that can be chosen
SHARE = 0.2  # of all talks: words that so many begin with are about the matter, not about this
LONGEST = 3  # words in a row
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def as_said(procedure: Procedure, text: str, slot_name: str, tickets: Sequence[int]) -> Change:
    """Raises `Invalid` with why nothing can be drafted."""
    slot = read_procedure(text).slot(slot_name)
    if slot is None:
        raise Invalid(f"The procedure asks for no “{slot_name}” any more.")
    filled = [talk for talk in talks_of(procedure, tickets) if talk.known.get(slot.name) is not None]
    if not filled:
        raise Invalid(f"Nobody filled in “{slot.name}” on these tickets afterwards, so nothing shows what was meant.")
    if slot.kind == "choice" and (found := _words(slot, filled, talks_of(procedure))):
        return _more_words(text, slot, found)
    return _clearer_question(text, slot, filled)


def _words(slot: Slot, filled: Sequence[Talk], everywhere: Sequence[Talk]) -> dict[str, list[tuple[str, list[int]]]]:
    """Option → words that were used for it and that nobody used who meant another one, with their tickets."""
    missed = [talk for talk in filled if not _is_understood(slot, talk)]
    courtesies = _everywhere(slot, everywhere)
    found = {}
    for option in slot.options:
        meant = [talk for talk in missed if talk.known[slot.name] == option.value]
        others = [talk for talk in everywhere if talk.known.get(slot.name, option.value) != option.value]
        taken = {phrase for talk in others for text in talk.texts for phrase in _phrases(text)}
        chosen = _cover(slot, meant, taken | courtesies)
        if chosen:
            found[option.value] = chosen
    return found


def _everywhere(slot: Slot, talks: Sequence[Talk]) -> set[str]:
    """What many write before they are asked says nothing about what they mean."""
    seen = Counter(
        phrase
        for talk in talks
        for phrase in {one for text in set(talk.texts) - set(talk.answers(slot.name)) for one in _phrases(text)}
    )
    return {phrase for phrase, times in seen.items() if times >= FEWEST_TICKETS and times > SHARE * len(talks)}


def _is_understood(slot: Slot, talk: Talk) -> bool:
    return any(find(slot, text, alone=True) == talk.known[slot.name] for text in talk.texts)


def _cover(slot: Slot, talks: Sequence[Talk], taken: set[str]) -> list[tuple[str, list[int]]]:
    """Of all phrases those few that most of the tickets have, the longer of two that say as much."""
    has: dict[str, set[int]] = defaultdict(set)
    for talk in talks:
        names = set(WORD.findall(talk.run.ticket.requester.name.lower()))
        for phrase in {phrase for text in talk.answers(slot.name) for phrase in _phrases(text)} - taken:
            if not names & set(phrase.split()):
                has[phrase].add(talk.ticket)
    chosen, open_ones = list[tuple[str, list[int]]](), {talk.ticket for talk in talks}
    while len(chosen) < MOST_WORDS and open_ones:
        best = max(has, key=lambda phrase: (len(has[phrase] & open_ones), len(phrase.split()), phrase), default="")
        if not best or len(has[best] & open_ones) < FEWEST_TICKETS:
            break
        chosen.append((best, sorted(has[best])))
        open_ones -= has[best]
    return chosen


def _phrases(text: str) -> Iterable[str]:
    """One to three words in a row; what they begin and end with says something."""
    said = [word.lower().replace("’", "'") for word in WORD.findall(text)]
    for length in range(1, LONGEST + 1):
        for begin in range(len(said) - length + 1):
            words = said[begin : begin + length]
            if _tells(words[0]) and _tells(words[-1]):
                yield " ".join(words)


def _tells(word: str) -> bool:
    return len(word) > 2 and word not in COMMON


def _more_words(text: str, slot: Slot, found: dict[str, list[tuple[str, list[int]]]]) -> Change:
    rows: list[dict[str, Any]] = []
    for option, phrases in found.items():
        text = with_words(text, slot.name, option, [phrase for phrase, _ in phrases])
        rows += [row(f"“{phrase}” was said where people filled in {option}", tickets) for phrase, tickets in phrases]
    return Change(text, rows, [*_too_wide(found)], title=f"More words for “{slot.name}”")


def _too_wide(found: dict[str, list[tuple[str, list[int]]]]) -> Iterable[str]:
    for option, phrases in found.items():
        single = [phrase for phrase, _ in phrases if " " not in phrase]
        if single:
            yield f"{', '.join(single)} for {option}: single words say much. Take out what could mean something else."


def _clearer_question(text: str, slot: Slot, filled: Sequence[Talk]) -> Change:
    tickets = [talk.ticket for talk in filled]
    example = example_of(_values(slot, filled)) or FIXED.get(slot.kind, "")
    if example:
        changed = with_example(text, slot.name, example)
        said = f"People filled in values such as {example} (made up, of the same form)"
    elif slot.kind == "choice":
        choices = [option.value.replace("_", " ") for option in slot.options]
        changed, said = with_choices(text, slot.name, choices), "They said it in no words that two of them share"
    else:
        raise Invalid(
            f"What people filled in for “{slot.name}” has no form in common, and no words: change the question by hand."
        )
    note = "A clearer question changes what customers write next, which no past ticket can show: the trial says little of it."
    return Change(changed, [row(said, tickets)], [note], title=f"A clearer question for “{slot.name}”")


def _values(slot: Slot, filled: Sequence[Talk]) -> list[str]:
    values = [talk.known[slot.name] for talk in filled]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    if slot.among:
        field = slot.by[0] if slot.by else ""
        return [str(one.get(field, "")) for one in flat if isinstance(one, dict)]
    return [str(one) for one in flat]
