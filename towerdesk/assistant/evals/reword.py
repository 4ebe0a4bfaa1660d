"""Say a true sentence in other words without changing what it says, by rules: what a good model does with a source."""

import re
from collections.abc import Callable

from towerdesk.assistant.propose.units import NUMBER_WORDS

type Reworded = Callable[[str], str | None]


def reworded(sentence: str) -> dict[str, str]:
    """Rule → the sentence as that rule words it, for every rule that has a hold in it."""
    found = {}
    for name, rule in RULES.items():
        said = rule(sentence)
        if said and said != sentence:
            found[name] = said
    return found


def _one(pattern: str, by: str) -> Reworded:
    return lambda sentence: re.sub(pattern, by, sentence, count=1) if re.search(pattern, sentence) else None


def _many(pairs: tuple[tuple[str, str], ...]) -> Reworded:
    def rule(sentence: str) -> str | None:
        said = sentence
        for pattern, by in pairs:
            said = re.sub(pattern, by, said)
        return said

    return rule


def _polite(sentence: str) -> str | None:
    if re.match(r"(?i)(please|bitte|if|when|to)\b", sentence) or not sentence[0].isupper() or sentence[:2].isupper():
        return None
    first = sentence.split(" ", 1)[0]
    low = sentence[0].lower() if first in COMMON else sentence[0]
    return f"Please note that {low}{sentence[1:]}"


def _condition_last(sentence: str) -> str | None:
    found = re.fullmatch(r"(?P<when>(?:If|When) [^,]+), (?P<what>[^,]+?)\.?", sentence)
    if not found:
        return None
    what, when = found["what"], found["when"]
    return f"{what[0].upper()}{what[1:]} {when[0].lower()}{when[1:]}."


def _because_first(sentence: str) -> str | None:
    found = re.fullmatch(r"(?P<what>[^,]+?),? because (?P<why>[^,]+?)\.?", sentence)
    return f"Because {found['why']}, {_small(found['what'])}." if found else None


def _small(text: str) -> str:
    return text[0].lower() + text[1:] if text.split(" ", 1)[0] in COMMON else text


def _counted(sentence: str) -> str | None:
    words = {number: word for word, number in list(NUMBER_WORDS.items())[:12]}
    found = re.search(
        r"(?<![\w.,-])(\d{1,2})(?= (?:working |business )?(?:days?|weeks?|months?|years?|hours?|minutes?)\b)", sentence
    )
    if not found or int(found[1]) not in words:
        return None
    return sentence[: found.start()] + words[int(found[1])] + sentence[found.end() :]


def _two_clauses(sentence: str) -> str | None:
    found = re.fullmatch(r"(?P<one>[^,;]{20,}), (?P<joint>and|but) (?P<two>[^,;]{20,})", sentence)
    return f"{found['one']}; {found['two']}" if found and found["joint"] == "and" else None


COMMON = frozenset(
    "You We The A An Your Our It They There This That These Each Every All Some Most Orders Parts Delivery In Both".split()
)
RULES: dict[str, Reworded] = {
    "as it stands": lambda sentence: f"{sentence} ",
    "polite": _polite,
    "short forms": _many(
        ((r"\bcannot\b", "can't"), (r"\bdo not\b", "don't"), (r"\bdoes not\b", "doesn't"), (r"\bis not\b", "isn't"),
         (r"\bare not\b", "aren't"), (r"\bYou will\b", "You'll"), (r"\bwill not\b", "won't"))
    ),
    "must": _many(((r"\bmust\b", "have to"), (r"\bhas to\b", "must"), (r"\bneed to\b", "have to"))),
    "can": _many(((r"\b([Yy])ou can\b", r"\1ou are able to"), (r"\b([Yy])ou may\b", r"\1ou can"))),
    "get": _many(((r"\bget\b", "receive"), (r"\bgets\b", "receives"))),
    "shows": _many(((r"\bshows\b", "displays"), (r"\bshow\b", "display"))),
    "choose": _many(((r"\bchoose\b", "select"), (r"\bpress\b", "click"), (r"\bChoose\b", "Select"), (r"\bPress\b", "Click"))),
    "send": _many(((r"\bwrite to us\b", "contact us"), (r"\bthe shop\b", "our shop"))),
    "lasts": _many(((r"\blasts\b", "is valid for"), (r"\bmeans\b", "indicates"), (r"\bcosts\b", "is priced at"))),
    "condition last": _condition_last,
    "because first": _because_first,
    "number in words": _counted,
    "currency after": _one(r"€ (\d[\d.,]*\d|\d)", r"\1 EUR"),
    "cents left out": _one(r"€ (\d+)\.00", r"€ \1"),
    "business days": _many(((r"\bworking days\b", "business days"), (r"\bworking day\b", "business day"))),
    "two clauses": _two_clauses,
    "future": _many(
        ((r"\b([Yy])ou get\b", r"\1ou will get"), (r"\b([Ww])e send\b", r"\1e will send"), (r"\barrives\b", "will arrive"))
    ),
    "the customer's own": _many(((r"\bthe (machine|order|parcel|account|refund|check|project|invoice)\b", r"your \1"),)),
    "at least": _many(((r"\bat least\b", "a minimum of"), (r"\bup to\b", "a maximum of"))),
    "fillers left out": _many(((r"\balso \b", ""), (r"\bsimply \b", ""), (r"\bPlease ([a-z])", r"\1"))),
}  # fmt: skip
