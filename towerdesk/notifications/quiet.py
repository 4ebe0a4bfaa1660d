"""When somebody may be told, by the clock on their own wall. Pure: moments in, moments (UTC) out."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def awake_at(moment: datetime, quiet_from: time | None, quiet_until: time | None, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into; these may reach over midnight."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return moment
    wall = moment.astimezone(zone)
    if not _is_quiet(wall.time(), quiet_from, quiet_until):
        return moment
    ends_tomorrow = quiet_until < quiet_from <= wall.time()
    return _on(wall + timedelta(days=ends_tomorrow), quiet_until, zone)


def next_time(moment: datetime, wanted: time, zone: ZoneInfo) -> datetime:
    """The next time that it is `wanted` on the wall, after `moment`."""
    today = _on(moment.astimezone(zone), wanted, zone)
    return today if today > moment else _on(moment.astimezone(zone) + timedelta(days=1), wanted, zone)


def _is_quiet(wall: time, quiet_from: time, quiet_until: time) -> bool:
    if quiet_from < quiet_until:
        return quiet_from <= wall < quiet_until
    return wall >= quiet_from or wall < quiet_until


def _on(day: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """A time that the change of clocks skips is taken as if the clocks had not been changed yet."""
    return datetime.combine(day.date(), wall, zone).astimezone(UTC)
