"""When somebody is in the office of the demo company."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from towerdesk.cli.demo.facts import company


def at_work(moment: datetime) -> datetime:
    """The same moment if somebody is in the office then, else a while after the next opening."""
    hours, zone = company().hours, ZoneInfo(company().timezone)
    local = moment.astimezone(zone)
    opens, shuts = time.fromisoformat(hours["from"]), time.fromisoformat(hours["to"])
    if local.time() >= shuts:
        local = datetime.combine(local.date() + timedelta(days=1), opens, tzinfo=zone)
    elif local.time() < opens:
        local = datetime.combine(local.date(), opens, tzinfo=zone)
    while local.isoweekday() not in hours["days"]:
        local = datetime.combine(local.date() + timedelta(days=1), opens, tzinfo=zone)
    if local.time() == opens:
        local += timedelta(minutes=moment.microsecond % 90 + moment.second)
    return local
