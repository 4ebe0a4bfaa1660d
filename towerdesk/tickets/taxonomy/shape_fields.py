"""Make and change custom fields and forms."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import CustomField, Form, Intent
from towerdesk.tickets.models.form import FIELD_KINDS, STATUSES_THAT_ASK
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.conditions import checked_when
from towerdesk.tickets.taxonomy.edit import changed
from towerdesk.tickets.taxonomy.form_page import checked_page
from towerdesk.tickets.taxonomy.known import taxonomy
from towerdesk.tickets.taxonomy.things import FIELD_KEY, KEY, tidy_name

BUILT_IN = {
    "impact": "Impact",
    "urgency": "Urgency",
    "priority": "Priority",
    "type": "Type",
    "area": "Product area",
}
"""What a form can ask beside custom fields."""


def save_field(
    key: str,
    *,
    name: str,
    kind: str,
    help: str = "",  # noqa: A002 - the column's name
    required_for: Sequence[str] = (),
    by: Actor,
) -> CustomField:
    """Make the field, or change the one with this key. Its kind never changes."""
    by.must("taxonomy.change")
    if not FIELD_KEY.fullmatch(key) or key in BUILT_IN:
        raise Invalid(
            f"“{one_line(key, 60)}” can't be a field's key: begin with a letter, then small letters, digits and _.",
            {"key": "Use small letters, digits and _."},
        )
    if kind not in dict(FIELD_KINDS):
        raise Invalid(f"A field's kind is one of {', '.join(dict(FIELD_KINDS))}, not “{kind}”.")
    if set(required_for) - set(STATUSES_THAT_ASK):
        raise Invalid(f"A field can be demanded for {', '.join(STATUSES_THAT_ASK)}.")
    wanted: dict[str, Any] = {"name": tidy_name(name), "help": one_line(help, 300)}
    wanted["required_for"] = [status for status in STATUSES_THAT_ASK if status in required_for]
    with transaction.atomic():
        held = CustomField.objects.select_for_update().filter(key=key).first()
        if held and held.kind != kind:
            raise Conflict(f"The field “{held}” holds {held.kind}: its kind can't change, make another field.")
        return _save(held or CustomField(key=key, kind=kind), wanted, by)


def save_form(key: str, *, name: str, by: Actor, **values: Any) -> Form:
    """Make the form, or change the one with this key. `values`: help, asks, type, area, intent, team, page."""
    by.must("taxonomy.change")
    if not KEY.fullmatch(key):
        raise Invalid(f"“{one_line(key, 60)}” can't be a form's key: use small letters, digits, - and _.")
    with transaction.atomic():
        held = Form.objects.select_for_update().filter(key=key).first() or Form(key=key)
        return _save(held, {"name": tidy_name(name), **checked_form(held, values)}, by)


def checked_form(form: Form, values: dict[str, Any]) -> dict[str, Any]:
    """The columns as they would be kept, or `Invalid`: what a preview shows before anything is saved."""
    asks = _asks(values.get("asks", []))
    keys = [one["ask"] for one in asks]
    if len(set(keys)) < len(keys):
        raise Invalid("A form asks each thing once: take the second one out.")
    intent, team = values.get("intent"), values.get("team")
    if not isinstance(intent, Intent | None) or not isinstance(team, Team | None):
        raise Invalid("Name an intent and a team that there are.")
    return {
        "help": one_line(values.get("help", ""), 300),
        "asks": asks,
        "type": choose("type", values.get("type", ""), had=form.type),
        "area": choose("area", values.get("area", ""), had=form.area),
        "intent": intent,
        "team": team,
        "page": checked_page(values["page"]) if "page" in values else form.page,
    }


def _asks(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """In their order: what an ask depends on comes before it."""
    found: list[dict[str, Any]] = []
    earlier: dict[str, str] = {}
    for one in said:
        ask = _ask(one)
        when = checked_when(one.get("when", ()), earlier, _name_of(ask["ask"]))
        found.append(ask | ({"when": when} if when else {}))
        earlier[ask["ask"]] = kind_of(ask["ask"])
    return found


def kind_of(key: str) -> str:
    """The kind of a custom field, or of what every form can ask."""
    return "choice" if key in BUILT_IN else taxonomy().fields[key].kind


def _name_of(key: str) -> str:
    return BUILT_IN.get(key) or taxonomy().fields[key].name


def _ask(said: dict[str, Any]) -> dict[str, Any]:
    key = str(said.get("ask", ""))
    if key not in BUILT_IN and key not in taxonomy().fields:
        raise Invalid(f"There is no field “{key}” to ask for: add it first, or use one of {', '.join(BUILT_IN)}.")
    return {"ask": key, "required": bool(said.get("required")), "help": one_line(str(said.get("help", "")), 300)}


def _save[Shape: CustomField | Form](thing: Shape, wanted: dict[str, Any], by: Actor) -> Shape:
    is_new = thing.pk is None
    what = [name for name, value in wanted.items() if is_new or getattr(thing, name) != value]
    for name in what:
        setattr(thing, name, wanted[name])
    if is_new:
        thing.position = type(thing).objects.count()
    if what:
        thing.save()
        did = "made" if is_new else f"changed its {', '.join(what)}"
        changed("field" if isinstance(thing, CustomField) else "form", thing.key, did, by=by)
    return thing
