"""The facts of one request: which order, which machine, since when."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from towerdesk.cli.demo.dice import Dice
from towerdesk.cli.demo.people import Person, places
from towerdesk.cli.demo.shop.orders import FIRST, LAST, order_for

PRICES = {"Solo 2": "749.00", "Duo": "2390.00", "Drift": "329.00", "Kestrel": "129.00", "Feather scale": "89.00"}
SERIALS = {"Solo 2": "S2", "Duo": "DU", "Drift": "DR", "Kestrel": "KE", "Feather scale": "FE"}
CODES = ("E1", "E3", "E4")
BLENDS = ("Harbour", "Harbour", "Meadow", "Nightshift")
RECENT = ("three days ago", "on Monday", "last Thursday", "the day before yesterday", "last week", "five days ago")
RECENT_DE = ("letzte Woche", "am Montag", "vor drei Tagen", "vorgestern", "am Donnerstag")
LONG = ("almost two weeks ago", "eleven days ago", "twelve days ago", "two weeks ago", "ten days ago")
HELPERS = ("Robin", "Alex", "our apprentice", "my colleague Sam", "the night shift", "Toni from the bar", "my sister")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def slots(
    chance: Dice,
    person: Person,
    at: datetime,
    language: str,
    products: Sequence[str],
    codes: Sequence[str],
    countries: Sequence[str],
) -> dict[str, str]:
    """A value for every slot that a phrase may name. `at` is the time of writing, in the company's zone."""
    product = chance.choice(products)
    when, long = chance.choice(RECENT), chance.choice(LONG)
    country, city = _destination(chance, person, countries)
    return {
        **_about(person),
        "country": country,
        "city": city,
        "product": product,
        "serial": f"{SERIALS[product]}-{chance.randint(24, 26)}-{chance.randint(1000, 9899):05d}",
        "amount": PRICES[product],
        "code": chance.choice(codes or CODES),
        "order": _order(chance, person, at),
        "order2": f"B-{chance.randint(18200, 21990)}",
        "repair": f"R-{chance.randint(2100, 6900)}",
        "blend": chance.choice(BLENDS),
        "qty": chance.choice(["20", "25", "40", "60", "80", "120"]),
        "card": f"{chance.randint(1000, 9999)}",
        "digits": f"{chance.randint(10**7, 10**8 - 1)}",
        "vat": f"{person.country_code}000{chance.randint(100000, 999999)}",
        "app": chance.choice(["6.0.2", "6.0.3", "5.9"]),
        "when": when,
        "when_cap": when[0].upper() + when[1:],
        "when_de": chance.choice(RECENT_DE),
        "long": long,
        "long_cap": long[0].upper() + long[1:],
        "month": spoken_day(at - timedelta(days=chance.randint(40, 250)), "en").split()[1],
        "quoted_day": spoken_day(at - timedelta(days=chance.randint(1, 6)), language),
        "day": chance.choice(WEEKDAYS),
        "helper": chance.choice(HELPERS),
    }


def _order(chance: Dice, person: Person, at: datetime) -> str:
    """One of theirs that they had placed by then; three of a hundred type it wrong."""
    any_number = f"B-{chance.randint(FIRST, LAST)}"
    rare = int(any_number[-2:]) < 3
    return any_number if rare else order_for(person, at) or any_number


def _about(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "first": person.first,
        "initials": f"{person.first[0]}{person.last[0]}".upper(),
        "email": person.email,
        "street": person.street,
        "role": person.role,
        "cafe": person.organisation or f"Café {person.last}",
    }


def _destination(chance: Dice, person: Person, countries: Sequence[str]) -> tuple[str, str]:
    if not countries or person.country in countries:
        return person.country, person.city
    country = chance.choice(countries)
    return country, places()[country]


def spoken_day(at: datetime, language: str) -> str:
    """A date as mail programs of this language write it above a quote."""
    month = MONTHS[language].split()[at.month - 1]
    shapes = {"en": "{} {} {}", "de": "{}. {} {}", "fr": "{} {} {}", "es": "{} de {} de {}"}
    return shapes[language].format(at.day, month, at.year)
