"""A calendar invitation in words (RFC 5545, RFC 6047)."""

from datetime import date, datetime

from icalendar import Calendar, Event

from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.headers import one_line

MAX_BYTES = 500_000  # bytes read of one calendar

_KINDS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Other time proposed",
}


def summary(content: bytes) -> str:
    """One sentence: `Invitation: Review, 2 March 2026 14:00 to 15:00 (Europe/Rome), in Room 4.`; "" when unreadable."""
    try:
        calendar = Calendar.from_ical(decode(content[:MAX_BYTES], "utf-8"))
        event = next(iter(calendar.walk("VEVENT")), None)
        return _sentence(str(calendar.get("METHOD", "")), event) if isinstance(event, Event) else ""
    except Exception:  # the library raises many kinds; without a summary the file itself is still there
        return ""


def _sentence(method: str, event: Event) -> str:
    title = one_line(str(event.get("SUMMARY", ""))) or "without a title"
    pieces = [f"{_KINDS.get(method.upper(), 'Calendar entry')}: {title}", _span(event), _place(event), _state(event)]
    return ", ".join(filter(None, pieces)) + "."


def _span(event: Event) -> str:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return ""
    if not isinstance(start, datetime):
        return f"{start:%-d %B %Y}"
    zone = f" ({start.tzinfo})" if start.tzinfo else ""
    until = f" to {end:%H:%M}" if isinstance(end, datetime) and end.date() == start.date() else ""
    return f"{start:%-d %B %Y %H:%M}{until}{zone}"


def _moment(event: Event, name: str) -> date | None:
    found = event.get(name)
    moment = getattr(found, "dt", None)
    return moment if isinstance(moment, date) else None


def _place(event: Event) -> str:
    place = one_line(str(event.get("LOCATION", "")))
    return f"in {place}" if place else ""


def _state(event: Event) -> str:
    status = str(event.get("STATUS", "")).upper()
    return "which is cancelled" if status == "CANCELLED" else ""
