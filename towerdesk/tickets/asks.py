"""What a form asks, one by one, as whoever draws it needs to know: the desk, the API, the portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from towerdesk.tickets.models import Form
from towerdesk.tickets.taxonomy import Asked, taxonomy
from towerdesk.tickets.taxonomy.conditions import When, as_known
from towerdesk.tickets.taxonomy.shape_fields import BUILT_IN


@dataclass(frozen=True, slots=True)
class Ask:
    """`choices` are (key, name) of what may be chosen; `value` is what is there now, also when it is retired."""

    key: str
    name: str
    kind: str
    required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: Any = None
    when: tuple[When, ...] = ()  # what must hold before it is asked at all

    @property
    def html_name(self) -> str:
        """What an input on a page is called; a custom field's key can't be taken for a column's."""
        return self.key if self.is_built_in else f"field.{self.key}"

    @property
    def is_built_in(self) -> bool:
        return self.key in BUILT_IN


def asks_of(form: Form, given: Mapping[str, Any] | None = None) -> list[Ask]:
    """In the form's order. A field that was retired since is not asked for any more."""
    had = given or {}
    found = ((said, _ask(said, had.get(said["ask"]))) for said in form.asks)
    return [replace(one, when=tuple(map(as_known, said.get("when", ())))) for said, one in found if one is not None]


def rules_of(asks: Sequence[Ask]) -> list[dict[str, Any]]:
    """When each is asked, as data for the browser, which goes by it as `shown` does."""
    return [{"ask": one.key, "name": one.html_name, "when": [when.as_data() for when in one.when]} for one in asks]


def every_field(values: Mapping[str, Any]) -> list[Ask]:
    """All custom fields of the desk, for a ticket that has these values; retired ones only where they are filled in."""
    fields = taxonomy().fields.values()
    return [_field(one, {}, values.get(one.key)) for one in fields if not one.retired or one.key in values]


def _ask(said: Mapping[str, Any], value: Any) -> Ask | None:
    key = said["ask"]
    if key in BUILT_IN:
        choices = chosen(key, value)
        return Ask(key, BUILT_IN[key], "choice", said.get("required", False), said.get("help", ""), choices, value)
    asked = taxonomy().fields.get(key)
    return None if asked is None or asked.retired else _field(asked, said, value)


def _field(asked: Asked, said: Mapping[str, Any], value: Any) -> Ask:
    choices = chosen(asked.choices, value) if asked.kind in ("choice", "multi") else ()
    return Ask(
        asked.key, asked.name, asked.kind, said.get("required", False), said.get("help") or asked.help, choices, value
    )


def chosen(kind: str, value: Any) -> tuple[tuple[str, str], ...]:
    """What may be chosen, and what is chosen already even if it is retired."""
    known = taxonomy()
    has = value if isinstance(value, list) else [value] if value else []
    open_ones = known.choosable(kind)
    kept = [(key, f"{known.name(kind, key)} (retired)") for key in has if key not in dict(open_ones)]
    return (*open_ones, *kept)
