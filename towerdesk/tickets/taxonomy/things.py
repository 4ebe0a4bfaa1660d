"""What a taxonomy is made of: values, custom fields and forms, found by list and key."""

import re

from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.slugs import slug_of
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import CustomField, Form, Value
from towerdesk.tickets.models.value import FIXED, LISTS
from towerdesk.tickets.taxonomy.begins_with import BEGINS_WITH
from towerdesk.tickets.taxonomy.known import taxonomy

type Thing = Value | CustomField | Form

FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
TAG = re.compile(r"[\w][\w .:/-]{0,39}")


def list_of(thing: Thing) -> str:
    """`type`, `tag`, `field.color`; `field` and `form` for those themselves."""
    if isinstance(thing, Value):
        return thing.kind
    return "field" if isinstance(thing, CustomField) else "form"


def the_list(kind: str) -> str:
    """What people call the list. Raises `NotFound`."""
    if kind in LISTS:
        return LISTS[kind]
    asked = taxonomy().fields.get(kind.removeprefix("field."))
    if not kind.startswith("field.") or asked is None or asked.kind not in ("choice", "multi"):
        raise NotFound(f"There is no list “{kind}”.")
    return f"Choices of “{asked.name}”"


def the_value(kind: str, key: str) -> Value:
    """The row; one that every desk begins with becomes a row when it is asked for. Raises `NotFound`."""
    begins = {one: (place, name) for place, (one, name) in enumerate(BEGINS_WITH.get(kind, []))}
    if key in begins:
        place, name = begins[key]
        return Value.objects.get_or_create(kind=kind, key=key, defaults={"name": name, "position": place})[0]
    found = Value.objects.filter(kind=kind, key=key).first()
    if found is None:
        raise NotFound(f"There is no “{key}” in this list.")
    return found


def new_key(kind: str, name: str, key: str) -> str:
    """The key as it is kept: given, or made from the name. Areas and tags are known by their words."""
    the_list(kind)
    if kind in FIXED:
        raise Invalid("Priorities are the desk's own four: name and describe them, none can be added.")
    wanted = key or (one_line(name, 60) if kind == "area" else name.lower() if kind == "tag" else slug_of(name, kind))
    tidy = " ".join(wanted.split())
    form = TAG if kind == "tag" else KEY
    if not tidy or (kind != "area" and not form.fullmatch(tidy)):
        raise Invalid(
            f"“{one_line(tidy, 60)}” can't be a key: use up to 40 small letters, digits, - and _.",
            {"key": "Use small letters, digits, - and _."},
        )
    return tidy


def tidy_name(name: str) -> str:
    tidy = one_line(name, 80)
    if not tidy:
        raise Invalid("It needs a name.", {"name": "Write a name."})
    return tidy
