"""When requests come in: working days and mornings, a little more every week, and one bad day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from towerdesk.cli.demo.dice import Dice, dice
from towerdesk.cli.demo.facts import company

WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.9, 0.35, 0.3)
HOURS = (2, 1, 1, 1, 1, 3, 8, 20, 38, 55, 60, 52, 40, 44, 50, 46, 38, 30, 24, 24, 26, 22, 14, 6)
SURGE_HOURS = (0, 0, 0, 0, 0, 2, 10, 30, 34, 26, 18, 14, 10, 8, 6, 4, 3, 2, 2, 2, 1, 1, 0, 0)
SURGE_SHARE = 0.035
GROWTH = 1.35


@dataclass(frozen=True, order=True)
class Arrival:
    """`at` is aware, in UTC; `incident` marks what the bad day adds to an ordinary one."""

    at: datetime
    incident: bool = False


def arrivals(days: int = 90, total: int = 2000, seed: int = 1, *, until: date | None = None) -> list[Arrival]:
    """`total` arrivals in order, within the `days` days before `until` (not included; default: today).

    Days and hours are those of the company's zone. The last day sees a third more than the first, and a working day a
    little before the middle gets a surge of 3.5 % of all.
    """
    chance = dice("arrivals", seed)
    end = until or datetime.now(_zone()).date()
    dates = [end - timedelta(days=days - number) for number in range(days)]
    surge = round(total * SURGE_SHARE)
    weights = [_weight(day, number / max(1, days - 1)) for number, day in enumerate(dates)]
    usual = [Arrival(_moment(chance, day, HOURS)) for day in chance.choices(dates, weights, k=total - surge)]
    bad = [Arrival(_moment(chance, bad_day(dates), SURGE_HOURS), incident=True) for _ in range(surge)]
    return sorted(usual + bad)


def bad_day(dates: list[date]) -> date:
    """A Tuesday near the middle of the time, or the middle where there is none."""
    tuesdays = [day for day in dates if day.isoweekday() == 2]
    middle = dates[len(dates) * 9 // 20]
    return min(tuesdays, key=lambda day: abs(day - middle), default=middle)


def _weight(day: date, progress: float) -> float:
    return WEEKDAYS[day.weekday()] * (1 + (GROWTH - 1) * progress)


def _moment(chance: Dice, day: date, hours: tuple[int, ...]) -> datetime:
    [hour] = chance.choices(range(24), weights=hours)
    local = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), tzinfo=_zone())
    return local.astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(company().timezone)
