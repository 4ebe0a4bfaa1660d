"""What the demo company promises: its office hours, and a policy for wholesale customers before the one for everybody."""

from towerdesk.automation.escalate import checked
from towerdesk.cli.demo.facts import Company
from towerdesk.hours.models import Calendar
from towerdesk.hours.save import Plan as Week
from towerdesk.hours.save import save_calendar
from towerdesk.hours.words import read_hours
from towerdesk.lib.actor import CLOCK
from towerdesk.sla.models import Policy
from towerdesk.sla.save import Plan, save_policy

HOUR = 60  # minutes
WHOLESALE = {
    "first_response": {"critical": 15, "high": 30, "normal": HOUR, "low": 2 * HOUR},
    "resolution": {"critical": 2 * HOUR, "high": 4 * HOUR, "normal": 8 * HOUR, "low": 16 * HOUR},
}
STANDARD = {
    "first_response": {"critical": 30, "high": HOUR, "normal": 4 * HOUR, "low": 8 * HOUR},
    "next_response": {"critical": 30, "high": 2 * HOUR, "normal": 8 * HOUR, "low": 16 * HOUR},
    "resolution": {"critical": 4 * HOUR, "high": 8 * HOUR, "normal": 24 * HOUR, "low": 40 * HOUR},
}
STEPS = [
    ("resolution", -HOUR, []),
    ("resolution", 0, [{"do": "change", "priority": "high"}]),
    ("resolution", 4 * HOUR, [{"do": "note", "text": "Four hours late. Who can take this over today?"}]),
]


def promise(told: Company) -> None:
    """Safe to repeat."""
    if Policy.objects.exists():
        return
    office = Calendar.objects.filter(name="Office hours").first() or _office(told)
    steps = checked(STEPS)
    save_policy(
        None, Plan("Wholesale", "inbox:wholesale@brasswell.example", office, targets=WHOLESALE, steps=steps), by=CLOCK
    )
    save_policy(None, Plan("Standard", "", office, targets=STANDARD, steps=steps), by=CLOCK)


def _office(told: Company) -> Calendar:
    day = read_hours(f"{told.hours['from']}-{told.hours['to']}", "a working day")
    week = [day if weekday in told.hours["days"] else () for weekday in range(1, 8)]
    days = [{"date": "2026-12-24", "hours": [[540, 720]], "note": "Christmas Eve"}]
    return save_calendar(None, Week("Office hours", told.timezone, week, "NL", days=days), by=CLOCK)
