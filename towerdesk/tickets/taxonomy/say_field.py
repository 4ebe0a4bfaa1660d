"""A custom field's value as a person reads it."""

from datetime import date
from typing import Any

from towerdesk.tickets.taxonomy.known import taxonomy


def say_field(key: str, value: Any) -> str:
    """Of a field that is gone, the value as it is."""
    asked = taxonomy().fields.get(key)
    if value in (None, "", []):
        return ""
    match asked.kind if asked else "":
        case "choice":
            return taxonomy().name(f"field.{key}", str(value))
        case "multi":
            return ", ".join(taxonomy().name(f"field.{key}", str(one)) for one in value)
        case "check":
            return "yes" if value else "no"
        case "date":
            return _day(str(value))
        case _:
            return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"


def field_name(key: str) -> str:
    asked = taxonomy().fields.get(key)
    return asked.name if asked else key.replace("_", " ")
