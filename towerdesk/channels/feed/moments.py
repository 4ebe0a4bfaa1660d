"""When something was published, as feeds and programs write it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

MILLISECONDS = 10**11
"""A Unix time beyond this is told in milliseconds: in seconds it would be in the year 5138."""
ODD = (ValueError, TypeError, OverflowError, OSError, IndexError, AttributeError)


def moment(value: Any) -> datetime | None:
    """ISO 8601, Unix time, or as mails are dated; aware. What is none of them says nothing."""
    for read in (_unix, _iso, _mail):
        try:
            found = read(value)
        except ODD:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _unix(value: Any) -> datetime:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    return datetime.fromtimestamp(number / 1000 if abs(number) > MILLISECONDS else number, UTC)


def _iso(value: Any) -> datetime:
    return datetime.fromisoformat(value.strip())


def _mail(value: Any) -> datetime:
    return parsedate_to_datetime(value)
