"""Moments as forms send them."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from towerdesk.lib.errors import Invalid


def moment(text: str) -> datetime:
    """What a `datetime-local` field sends, in the reader's time zone; or ISO 8601 with its own."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid("Choose a day and a time by when this is to happen.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
