"""Public holidays by country and subdivision, from the `holidays` library."""

from datetime import date
from functools import lru_cache

DECADE = 10


def holidays_in(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Date → name in the language of the country, for this year; none without a country."""
    return _decade(country, subdivision, year // DECADE).get(year, {}) if country else {}


def countries() -> dict[str, list[str]]:
    """ISO code of the country → codes of its subdivisions that have holidays of their own."""
    import holidays

    return {code: list(parts) for code, parts in sorted(holidays.list_supported_countries().items())}


@lru_cache(512)
def _decade(country: str, subdivision: str, decade: int) -> dict[int, dict[date, str]]:
    import holidays  # half a second of CPU: paid only by a process that reckons with holidays

    years = range(decade * DECADE, (decade + 1) * DECADE)
    found: dict[int, dict[date, str]] = {year: {} for year in years}
    for day, name in holidays.country_holidays(country, subdiv=subdivision or None, years=years).items():
        if day.year in found:
            found[day.year][day] = name
    return found
