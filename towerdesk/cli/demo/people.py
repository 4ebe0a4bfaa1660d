"""The invented customers: a cast that writes again and again."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from towerdesk.cli.demo.dice import Dice, dice
from towerdesk.cli.demo.facts import HERE

MANNERS = {"plain": 38, "chatty": 20, "terse": 18, "formal": 12, "foreign": 12}
AT_HOME_IN_ENGLISH = ("GB", "IE")


@dataclass(frozen=True)
class Person:
    """`organisation` is empty for a private person; `language` is the first language; `manner` how they like to write;
    `program` the kind of mail program: "web", "phone" or "office"."""

    name: str
    first: str
    last: str
    email: str
    organisation: str
    role: str
    language: str
    country: str
    country_code: str
    city: str
    street: str
    phone: str
    manner: str
    program: str


CUSTOMERS = 20
"""The cast that the demo company has as its customers, in its past, its present and its shop."""


@cache
def regions() -> list[dict[str, Any]]:
    return list(_people()["regions"])


@cache
def places() -> dict[str, str]:
    """A city for each country, for those in which nobody of the cast lives as well."""
    homes: dict[str, str] = {region["country"]: region["cities"][0] for region in regions()}
    return {**homes, **_people()["places"]}


@cache
def cast(seed: int = 1, size: int = 900) -> tuple[Person, ...]:
    """`size` people, no two with the same address. The first hundred or so are the regulars."""
    people: dict[str, Person] = {}
    number = 0
    while len(people) < size:
        number += 1
        person = _person(dice("person", seed, number))
        people.setdefault(person.email, person)
    return tuple(people.values())


def someone(chance: Dice, people: tuple[Person, ...]) -> Person:
    """One of them; a regular a third of the time."""
    regulars = people[: max(1, len(people) // 8)]
    return chance.choice(regulars if chance.random() < 0.33 else people)


def _person(chance: Dice) -> Person:
    [region] = chance.choices(regions(), weights=[region["weight"] for region in regions()])
    first, last, city = (chance.choice(region[key]) for key in ("first", "last", "cities"))
    organisation = _organisation(chance, last, city) if chance.random() < 0.38 else ""
    return Person(
        name=f"{first} {last}",
        first=first,
        last=last,
        email=_address(chance, first, last, organisation or chance.choice(region["domains"])),
        organisation=organisation,
        role=chance.choice(_people()["organisations"]["roles"]),
        language=region["language"],
        country=region["country"],
        country_code=region["code"],
        city=city,
        street=_street(chance, region),
        phone=f"+00 {chance.randint(20, 79)} 555 {chance.randint(100, 199):04d}",
        manner=_manner(chance, region["code"]),
        program=chance.choice(["web", "web", "phone", "phone", "office"]),
    )


def _organisation(chance: Dice, last: str, city: str) -> str:
    kinds = _people()["organisations"]
    name: str = chance.choice(kinds["kinds"])
    place = chance.choice([*kinds["places"], city])
    return name.replace("{last}", last).replace("{place}", place)


def _address(chance: Dice, first: str, last: str, home: str) -> str:
    """`home` is a mail provider's domain, or the organisation, of whose name a domain is made."""
    if not home.endswith(".example"):
        user = chance.choice([_plain(first), "info", "office", f"{_plain(first)}.{_plain(last)}", "hello"])
        return f"{user}@{_plain(home, '-')}.example"
    one, two = _plain(first), _plain(last)
    shapes = [f"{one}.{two}", f"{one}{two}", f"{one[0]}.{two}", f"{two}.{one}", f"{one}{chance.randint(2, 99)}"]
    return f"{chance.choice([*shapes, f'{one}_{two}{chance.randint(1, 9)}'])}@{home}"


def _street(chance: Dice, region: dict[str, Any]) -> str:
    name, number = chance.choice(region["streets"]), chance.randint(1, 98)
    return f"{number} {name}" if region["code"] in ("GB", "IE", "FR") else f"{name} {number}"


def _manner(chance: Dice, code: str) -> str:
    manners = {key: weight for key, weight in MANNERS.items() if key != "foreign" or code not in AT_HOME_IN_ENGLISH}
    [manner] = chance.choices(list(manners), weights=list(manners.values()))
    return manner


def _plain(text: str, between: str = "") -> str:
    """Small ASCII letters only, as they may stand in an address."""
    text = text.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("ß", "ss").replace("&", "and")
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return between.join("".join(char for char in word if char.isalnum()) for word in letters.split())


@cache
def _people() -> dict[str, Any]:
    return tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
