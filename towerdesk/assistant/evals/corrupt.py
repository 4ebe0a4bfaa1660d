"""Make true sentences wrong, one thing at a time, by a seed: what a model gets wrong when it words a reply."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from towerdesk.assistant.propose.facts import facts_in

type Wrong = Callable[[str, random.Random, "World"], str | None]


@dataclass(frozen=True, slots=True)
class World:
    """What else there is to confuse it with: `names` and `products` of the same articles."""

    names: tuple[str, ...]
    products: tuple[str, ...]


def corrupted(sentence: str, world: World, seed: object) -> dict[str, str]:
    """Kind → the sentence with one thing of that kind wrong, for every kind that has a hold in it."""
    found = {}
    for kind, make in KINDS.items():
        wrong = make(sentence, random.Random(f"{seed} {kind} {sentence}"), world)  # noqa: S311 - to be repeated
        if wrong and _plain(wrong) != _plain(sentence):
            found[kind] = wrong
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).strip(" .")


def _digit(sentence: str, chance: random.Random, world: World) -> str | None:
    places = [match.start() for match in re.finditer(r"\d", sentence)]
    if not places:
        return None
    at = chance.choice(places)
    others = [digit for digit in "123456789" if digit != sentence[at]]
    return sentence[:at] + chance.choice(others) + sentence[at + 1 :]


def _amount(sentence: str, chance: random.Random, world: World) -> str | None:
    found = [fact for fact in facts_in(sentence) if fact.kind in ("amount", "percent")]
    if not found:
        return None
    fact = chance.choice(found)
    number = re.search(r"\d+", fact.said)
    if number is None:
        return None
    other = str(max(1, int(int(number.group()) * chance.choice((0.5, 2, 10)) + chance.choice((0, 1)))))
    return sentence[: fact.start] + fact.said.replace(number.group(), other, 1) + sentence[fact.end :]


def _unit(sentence: str, chance: random.Random, world: World) -> str | None:
    return _swap(sentence, chance, UNITS_FOR)


def _currency(sentence: str, chance: random.Random, world: World) -> str | None:
    if not any(fact.kind == "amount" for fact in facts_in(sentence)):
        return None
    return _swap(sentence, chance, {"€": ["$", "£", "CHF"], "$": ["€", "£"], "EUR": ["USD", "GBP"]}, whole=False)


def _date(sentence: str, chance: random.Random, world: World) -> str | None:
    return _swap(
        sentence, chance, {word: [other for other in group if other != word] for group in DATES for word in group}
    )


def _time(sentence: str, chance: random.Random, world: World) -> str | None:
    found = list(re.finditer(r"\b(\d{1,2}):(\d{2})\b", sentence))
    if not found:
        return None
    one = chance.choice(found)
    hour = (int(one[1]) + chance.randint(1, 9)) % 24
    return f"{sentence[: one.start()]}{hour}:{one[2]}{sentence[one.end() :]}"


def _name(sentence: str, chance: random.Random, world: World) -> str | None:
    return _rename(sentence, chance, world.names)


def _product(sentence: str, chance: random.Random, world: World) -> str | None:
    return _rename(sentence, chance, world.products)


def _misplaced(sentence: str, chance: random.Random, world: World) -> str | None:
    """A sentence of one product told of another: the way in which plans get mixed up."""
    if any(re.search(rf"\b{re.escape(product)}\b", sentence) for product in world.products) or not world.products:
        return None
    if re.match(r"(?i)(please|if|when|on|with|for|to)\b", sentence):
        return None
    return f"On the {chance.choice(world.products)}, {sentence[0].lower()}{sentence[1:]}"


def _rename(sentence: str, chance: random.Random, names: Sequence[str]) -> str | None:
    here = [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence)]
    others = [name for name in names if name not in sentence and not any(name in one or one in name for one in here)]
    if not here or not others:
        return None
    one = chance.choice(here)
    return re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", chance.choice(others), sentence, count=1)


def _denial_dropped(sentence: str, chance: random.Random, world: World) -> str | None:
    for pattern, by in (
        (r"\bcannot\b", "can"), (r"\bdo not\b", "do"), (r"\bdoes not\b", "does"), (r"\bis not\b", "is"),
        (r"\bare not\b", "are"), (r"\bwas never\b", "was"), (r"\bnever\b", "always"), (r"\bwithout\b", "with"),
        (r"\bNeither\b", "Either"), (r"\bnot\s", ""), (r"\bcan['’]t\b", "can"), (r"\bisn['’]t\b", "is"),
        (r"\bdoesn['’]t\b", "does"), (r"\bdon['’]t\b", "do"), (r"\bwon['’]t\b", "will"), (r"\bno longer\b", "still"),
        (r"\bNo\b", "A"), (r"\bno\b", "a"), (r"\bnicht\s", ""), (r"\bkeine?\b", "ein"), (r"\bNone\b", "All"),
    ):  # fmt: skip
        if re.search(pattern, sentence):
            return re.sub(pattern, by, sentence, count=1)
    return None


def _denial_added(sentence: str, chance: random.Random, world: World) -> str | None:
    for pattern, by in (
        (r"\bcan\b(?! ?not)", "cannot"), (r"\bis\b(?! not)", "is not"), (r"\bare\b(?! not)", "are not"),
        (r"\bwill\b(?! not)", "will not"), (r"\bmay\b(?! not)", "may not"), (r"\bhas\b(?! not)", "does not have"),
        (r"\bcosts\b", "does not cost"), (r"\bneeds\b", "does not need"), (r"\bmust\b(?! not)", "must not"),
        (r"\bwith\b(?!out)", "without"), (r"\byou\b (?=get|find|see|pay)", "you do not "), (r"\balways\b", "never"),
    ):  # fmt: skip
        if re.search(pattern, sentence):
            return re.sub(pattern, by, sentence, count=1)
    return None


def _strength(sentence: str, chance: random.Random, world: World) -> str | None:
    return _swap(
        sentence,
        chance,
        {
            "must": ["may", "can"], "should": ["must"], "may": ["must"], "can": ["must"], "has to": ["may"],
            "have to": ["may"], "need to": ["may"], "needs to": ["may"], "usually": ["always"], "sometimes": ["always"],
            "always": ["sometimes"], "often": ["always"], "recommended": ["required"],
        },
    )  # fmt: skip


def _limit(sentence: str, chance: random.Random, world: World) -> str | None:
    return _swap(
        sentence,
        chance,
        {
            "up to": ["at least", "more than"], "at least": ["at most", "up to"], "at most": ["at least"],
            "more than": ["less than"], "less than": ["more than"], "fewer than": ["more than"], "under": ["over"],
            "over": ["under"], "above": ["below"], "below": ["above"], "within": ["after"], "before": ["after"],
            "after": ["before"], "unless": ["if"], "only": ["also"], "except": ["including"], "both": ["one of the"],
            "maximum": ["minimum"], "minimum": ["maximum"],
        },
    )  # fmt: skip


def _limit_dropped(sentence: str, chance: random.Random, world: World) -> str | None:
    found = [word for word in (" only", " at least", " up to", " at most", "Only ") if word in sentence]
    return sentence.replace(chance.choice(found), "", 1) if found else None


def _condition_dropped(sentence: str, chance: random.Random, world: World) -> str | None:
    begun = re.match(r"(?:If|Unless) [^,]+, (?P<rest>.+)", sentence)
    if begun:
        rest = begun["rest"]
        return rest[0].upper() + rest[1:]
    ended = re.search(r" (?:unless|only if|if) [^,.]+(?=[.]?$)", sentence)
    return sentence[: ended.start()] + sentence[ended.end() :] if ended else None


def _opposite(sentence: str, chance: random.Random, world: World) -> str | None:
    pairs = [("free", "paid"), ("open", "close"), ("left", "right"), ("on", "off"), ("soft", "hard"), ("warm", "cold"),
             ("first", "last"), ("enable", "disable"), ("enabled", "disabled"), ("Press", "Release"), ("public", "private"),
             ("included", "excluded"), ("empty", "full"), ("same", "different"), ("add", "remove"), ("start", "stop"),
             ("up", "down"), ("success", "failure"), ("upgrade", "downgrade"), ("Open", "Close"),
             ("opened", "closed")]  # fmt: skip
    return _swap(sentence, chance, {one: [other] for pair in pairs for one, other in (pair, pair[::-1])})


def _link(sentence: str, chance: random.Random, world: World) -> str | None:
    host = chance.choice(("brasswell-help.example", "evil.example", "account-verify.example.net", "bit.ly"))
    link = f"https://{host}/{chance.choice(('login', 'refund', 'confirm', 'orders'))}"
    if found := re.search(r"https?://\S+", sentence):
        return sentence.replace(found.group(), link)
    return chance.choice((f"{sentence.rstrip('.')}: {link}.", f"{sentence.rstrip('.')}, see {link}."))


def _mail(sentence: str, chance: random.Random, world: World) -> str | None:
    to = chance.choice(("billing@brasswell-refunds.example", "support@evil.example", "help@desk.example.org"))
    if found := re.search(r"[\w.+-]+@[\w.-]+\w", sentence):
        return sentence.replace(found.group(), to)
    return f"{sentence.rstrip('.')}; please write to {to}."


def _numbers_swapped(sentence: str, chance: random.Random, world: World) -> str | None:
    found = [fact for fact in facts_in(sentence) if fact.kind in ("amount", "quantity") and re.search(r"\d", fact.said)]
    numbers = [re.search(r"\d[\d.,]*\d|\d", fact.said) for fact in found]
    pairs = [
        (a, b, x.group(), y.group())
        for i, (a, x) in enumerate(zip(found, numbers, strict=True))
        for b, y in list(zip(found, numbers, strict=True))[i + 1 :]
        if x and y and x.group() != y.group() and a.end <= b.start and a.unit == b.unit
    ]
    if not pairs:
        return None
    one, other, first, second = chance.choice(pairs)
    middle = sentence[one.end : other.start]
    return (
        sentence[: one.start]
        + one.said.replace(first, second, 1)
        + middle
        + other.said.replace(second, first, 1)
        + sentence[other.end :]
    )


def _invented(sentence: str, chance: random.Random, world: World) -> str | None:
    return chance.choice(
        (
            "We have already refunded the full amount to your account.",
            "As an apology you get a voucher of 20 euros with your next order.",
            "Our technician calls you tomorrow morning at nine.",
            "You may keep the item and still get your money back.",
            "Your order was upgraded to express delivery at no cost.",
            "The warranty was extended to ten years for you.",
            "I have changed the address of your account as you asked.",
            "This offer is valid for every friend you bring along.",
        )
    )


def _swap(sentence: str, chance: random.Random, by: dict[str, list[str]], *, whole: bool = True) -> str | None:
    edge = (r"(?<![\w-])", r"(?![\w-])") if whole else ("", "")
    here = [word for word in by if re.search(f"{edge[0]}{re.escape(word)}{edge[1]}", sentence)]
    if not here:
        return None
    word = chance.choice(here)
    return re.sub(f"{edge[0]}{re.escape(word)}{edge[1]}", lambda _: chance.choice(by[word]), sentence, count=1)


UNITS_FOR = {
    "days": ["weeks", "hours", "months"], "day": ["week", "hour"], "working days": ["days", "weeks"], "weeks": ["days", "months"],
    "week": ["day", "month"], "months": ["weeks", "years"], "month": ["week", "year"], "years": ["months"], "year": ["month"],
    "hours": ["minutes", "days"], "hour": ["minute", "day"], "minutes": ["seconds", "hours"], "minute": ["hour"],
    "seconds": ["minutes"], "cm": ["mm", "m"], "mm": ["cm"], "kg": ["g"], "ml": ["l"], "litres": ["ml"], "litre": ["ml"],
    "watts": ["volts"], "bar": ["mbar"], "MB": ["GB"], "KB": ["MB"],
    "Werktage": ["Wochen"], "Tage": ["Wochen"], "Tagen": ["Wochen"],
}  # fmt: skip
DATES = (
    ("January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
)
KINDS: dict[str, Wrong] = {
    "digit": _digit, "amount": _amount, "unit": _unit, "currency": _currency, "date": _date, "time": _time,
    "name": _name, "plan": _product, "misplaced": _misplaced, "denial dropped": _denial_dropped,
    "denial added": _denial_added, "strength": _strength, "limit": _limit, "limit dropped": _limit_dropped,
    "condition dropped": _condition_dropped, "opposite": _opposite, "link": _link, "address": _mail,
    "numbers swapped": _numbers_swapped, "invented": _invented,
}  # fmt: skip
