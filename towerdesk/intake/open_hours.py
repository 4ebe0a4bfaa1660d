"""Whether an inbox is open just now, for what its provider is answered at once."""

from dataclasses import replace

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Door
from towerdesk.hours.models import Calendar
from towerdesk.hours.reckon import is_open
from towerdesk.lib.clock import now
from towerdesk.lib.text import as_number


def with_hours(account: Account, door: Door) -> Account:
    """As it is, unless it names a calendar by which it is closed. One that is gone closes nothing."""
    named = next((account.get(field.name) for field in door.fields if field.calendar), "")
    found = Calendar.objects.filter(pk=as_number(named)).first() if named else None
    return replace(account, open=found is None or is_open(found.hours, now()))
