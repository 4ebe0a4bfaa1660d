"""Custom fields with their choices, and the forms that ask for them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.errors import Invalid
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.sections.lists import ValueEntry, link_value, value_entry, write_value
from towerdesk.setup.shapes import Name, Slug, the_team
from towerdesk.tickets.models import CustomField, Form, Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_things, arrange_values
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form
from towerdesk.tickets.taxonomy.things import Thing, the_value

type Line = Annotated[str, Field(max_length=300)]
type Says = Literal["any_of", "none_of", "at_least", "at_most", "filled", "empty"]
type Kind = Literal["text", "number", "choice", "multi", "date", "check", "person", "link"]


class FieldEntry(Entry):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    name: Annotated[Name, Field(max_length=80)]
    kind: Kind = "text"
    help: Line = ""
    required_for: list[Literal["open", "pending", "hold", "resolved"]] = []
    choices: list[ValueEntry] = []
    retired: bool = False


class Fields(Section[FieldEntry]):
    name = "fields"
    key = "key"
    ordered = True
    shape = FieldEntry

    def entries(self) -> list[FieldEntry]:
        return [_field(row) for row in CustomField.objects.order_by("position", "key")]

    def write(self, entry: FieldEntry, *, by: Actor) -> None:
        row = save_field(
            entry.key, name=entry.name, kind=entry.kind, help=entry.help, required_for=entry.required_for, by=by
        )
        _set_retired(row, entry.retired, by)
        if entry.choices and not row.has_choices:
            raise Invalid(f"a field of kind {entry.kind} has no choices: take them out, or make it a choice")
        for choice in entry.choices:
            write_value(f"field.{entry.key}", choice, by=by)

    def link(self, entry: FieldEntry, *, by: Actor) -> None:
        kind = f"field.{entry.key}"
        for choice in entry.choices:
            link_value(kind, choice, by=by)
        said = [choice.key for choice in entry.choices]
        for one in taxonomy().all(kind):
            if one.key not in said:
                _drop(the_value(kind, one.key), by)
        if said:
            arrange_values(kind, said, by=by)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange_things(CustomField, keys, by=CLOCK)

    def fate(self, key: str) -> Fate:
        return _fate(CustomField.objects.get(key=key))

    def prune(self, key: str, *, by: Actor) -> None:
        _drop(CustomField.objects.get(key=key), by)


class WhenEntry(Entry):
    """One condition: what an earlier ask's answer says. A form's asks are asked when all of theirs hold."""

    ask: Annotated[str, Field(max_length=40)]
    says: Says
    values: list[Annotated[str, Field(max_length=60)]] = []


class AskEntry(Entry):
    ask: Annotated[str, Field(max_length=40)]
    required: bool = False
    help: Line = ""
    when: list[WhenEntry] = []


class PageEntry(Entry):
    """As `tickets/taxonomy/form_page.py` has it, with the same values by itself."""

    public: bool = False
    language: Literal["en", "de", "fr", "es"] = "en"
    inbox: Annotated[str, Field(max_length=320)] = ""
    sites: list[Annotated[str, Field(max_length=200)]] = []
    files: int = 5
    megabytes: int = 10
    answers: bool = True
    thanks: Line = ""


class FormEntry(Entry):
    key: Slug
    name: Annotated[Name, Field(max_length=80)]
    help: Line = ""
    type: Annotated[str, Field(max_length=40)] = ""
    area: Annotated[str, Field(max_length=60)] = ""
    intent: Annotated[str, Field(max_length=60)] = ""
    team: Annotated[str, Field(max_length=80)] = ""
    asks: list[AskEntry] = []
    page: PageEntry = PageEntry()
    retired: bool = False


class Forms(Section[FormEntry]):
    name = "forms"
    key = "key"
    ordered = True
    shape = FormEntry

    def entries(self) -> list[FormEntry]:
        return [_form(row) for row in Form.objects.select_related("intent", "team").order_by("position", "key")]

    def write(self, entry: FormEntry, *, by: Actor) -> None:
        values = {"help": entry.help, "type": entry.type, "area": entry.area}
        asks, page = [ask.model_dump() for ask in entry.asks], entry.page.model_dump()
        intent, team = _intent(entry.intent), the_team(entry.team) if entry.team else None
        row = save_form(entry.key, name=entry.name, asks=asks, page=page, intent=intent, team=team, by=by, **values)
        _set_retired(row, entry.retired, by)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange_things(Form, keys, by=CLOCK)

    def fate(self, key: str) -> Fate:
        return _fate(Form.objects.get(key=key))

    def prune(self, key: str, *, by: Actor) -> None:
        _drop(Form.objects.get(key=key), by)


def _field(row: CustomField) -> FieldEntry:
    known = sorted(taxonomy().all(f"field.{row.key}"), key=lambda one: (one.position, one.name.lower(), one.key))
    return FieldEntry(
        key=row.key,
        name=row.name,
        kind=row.kind,
        help=row.help,
        required_for=row.required_for,
        choices=[value_entry(one) for one in known],
        retired=row.retired_at is not None,
    )


def _form(row: Form) -> FormEntry:
    return FormEntry(
        key=row.key,
        name=row.name,
        help=row.help,
        type=row.type,
        area=row.area,
        intent=row.intent.slug if row.intent else "",
        team=row.team.slug if row.team else "",
        asks=[AskEntry(**ask) for ask in row.asks],
        page=PageEntry(**row.page),
        retired=row.retired_at is not None,
    )


def _intent(slug: str) -> Intent | None:
    found = Intent.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise Invalid(f"there is no intent “{slug}”: add it to the intents, or name another one")
    return found


def _set_retired(row: CustomField | Form, retired: bool, by: Actor) -> None:
    if retired and row.retired_at is None:
        retire(row, by=by)
    elif not retired and row.retired_at is not None:
        revive(row, by=by)


def _fate(thing: Thing) -> Fate:
    why = why_it_stays(thing)
    return DELETE if not why else why if thing.retired_at else RETIRE


def _drop(thing: Thing, by: Actor) -> None:
    if not why_it_stays(thing):
        remove(thing, by=by)
    elif thing.retired_at is None:
        retire(thing, by=by)
