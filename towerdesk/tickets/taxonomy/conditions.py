"""When a form asks something: conditions on earlier answers, all of which must hold. Kept as data, so that the browser
(`web/js/conditions.js`) and the server go by the very same list (decision 0032)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.known import taxonomy

SAYS = {
    "any_of": "is",
    "none_of": "is not",
    "at_least": "is at least",
    "at_most": "is at most",
    "filled": "is filled in",
    "empty": "is left empty",
}
"""Every way in which an answer can be looked at, and how people say it."""
BY_KIND = {
    "choice": ("any_of", "none_of", "filled", "empty"),
    "multi": ("any_of", "none_of", "filled", "empty"),
    "check": ("any_of", "filled", "empty"),
    "number": ("at_least", "at_most", "filled", "empty"),
    "date": ("at_least", "at_most", "filled", "empty"),
}
ANYTHING = ("filled", "empty")
MOST = 5  # conditions of one ask
MOST_VALUES = 30
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,6})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class When:
    """One condition. `values` are keys of choices (`yes` and `no` for a check), or the one number or date."""

    ask: str
    says: str
    values: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {"ask": self.ask, "says": self.says, **({"values": list(self.values)} if self.values else {})}


def holds(when: When, said: Sequence[str]) -> bool:
    """`said` is the answer as `spoken` gives it. What nobody answered yet only `empty` is true of."""
    if when.says == "empty":
        return not said
    if not said:
        return False
    if when.says == "filled":
        return True
    if when.says in ("any_of", "none_of"):
        return any(one in when.values for one in said) == (when.says == "any_of")
    return _in_order(when.says, said[0], when.values[0] if when.values else "")


def _in_order(says: str, said: str, than: str) -> bool:
    low, high = (than, said) if says == "at_least" else (said, than)
    if DATE.fullmatch(said) and DATE.fullmatch(than):
        return low <= high
    if NUMBER.fullmatch(said) and NUMBER.fullmatch(than):
        return _number(low) <= _number(high)
    return False


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def spoken(value: Any) -> list[str]:
    """An answer as a page sends it: a list of texts, empty when nothing was said."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    values = value if isinstance(value, list | tuple) else [value]
    said = ("" if one is None else str(one).strip(BLANK) for one in values)
    return [one for one in said if one]


def checked_when(said: Iterable[Mapping[str, Any]], earlier: Mapping[str, str], about: str) -> list[dict[str, Any]]:
    """As a form keeps it. `earlier`: the kind of every ask that comes before; `about`: the ask's name. Raises `Invalid`."""
    found = [_checked(one, earlier, about) for one in said]
    if len(found) > MOST:
        raise Invalid(f"“{about}” has more than {MOST} conditions: make a form of its own for such a case.")
    return [one.as_data() for one in found]


def _checked(said: Mapping[str, Any], earlier: Mapping[str, str], about: str) -> When:
    key, says = str(said.get("ask", "")), str(said.get("says", ""))
    if key not in earlier:
        raise Invalid(f"“{about}” can depend only on what is asked before it, and “{one_line(key, 40)}” is not.")
    kind = earlier[key]
    if says not in BY_KIND.get(kind, ANYTHING):
        ways = ", ".join(BY_KIND.get(kind, ANYTHING))
        raise Invalid(f"“{about}”: a condition on “{key}” says one of {ways}, not “{one_line(says, 20)}”.")
    if says in ANYTHING:
        return When(key, says)
    words = [word for word in spoken(said.get("values", [])) if word]
    if not words or len(words) > MOST_VALUES:
        raise Invalid(f"“{about}”: say which answer to “{key}” counts.")
    return When(key, says, tuple(dict.fromkeys(_value(key, kind, word, about) for word in words)))


def _value(key: str, kind: str, word: str, about: str) -> str:
    if kind == "check":
        if word.lower() not in ("yes", "no"):
            raise Invalid(f"“{about}”: the answer to “{key}” is yes or no.")
        return word.lower()
    if kind in ("number", "date"):
        if not (NUMBER if kind == "number" else DATE).fullmatch(word):
            raise Invalid(
                f"“{about}”: compare “{key}” with a {kind}, such as {'12' if kind == 'number' else '2026-11-30'}."
            )
        return word
    return choose(list_behind(key), word, had=word if taxonomy().find(list_behind(key), word) else "")


def list_behind(key: str) -> str:
    """The list that the choices of an ask are in."""
    return f"field.{key}" if key in taxonomy().fields else key


def as_known(said: Mapping[str, Any]) -> When:
    """As it is gone by: a choice that was merged counts as what it became, and the other way round."""
    key, says = str(said["ask"]), str(said["says"])
    values = tuple(str(one) for one in said.get("values", ()))
    if says in ("any_of", "none_of"):
        families = {one for value in values for one in taxonomy().family(list_behind(key), value)}
        values = tuple(dict.fromkeys([*values, *sorted(families)]))
    return When(key, says, values)


def in_words(whens: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """`“Machine” is Solo 2 or Duo, and “Bought on” is at least 2026-01-01`; `names` of the asks by key."""
    return ", and ".join(_told(one, names.get(str(one["ask"]), str(one["ask"]))) for one in whens)


def _told(one: Mapping[str, Any], name: str) -> str:
    values = [taxonomy().name(list_behind(str(one["ask"])), str(value)) for value in one.get("values", ())]
    return " ".join(part for part in (f"“{name}”", SAYS[str(one["says"])], " or ".join(values)) if part)
