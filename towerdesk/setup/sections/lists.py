"""The governed lists: types, areas, resolution codes, handoff reasons, impacts, urgencies, tags and the four priorities."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.shapes import Name, Prose
from towerdesk.tickets.taxonomy import Known, taxonomy
from towerdesk.tickets.taxonomy.edit import arrange_values, edit_value, make_value
from towerdesk.tickets.taxonomy.merge import merge_value
from towerdesk.tickets.taxonomy.retire import remove, retire, revive, why_it_stays
from towerdesk.tickets.taxonomy.things import the_value


class ValueEntry(Entry):
    key: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[Name, Field(max_length=80)]
    description: Prose = ""
    retired: bool = False
    merged_into: Annotated[str, Field(max_length=60)] = ""


class Values(Section[ValueEntry]):
    """One list. `merged_into` names another value of it; a merged value is retired, too."""

    key = "key"
    ordered = True
    shape = ValueEntry

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind  # type: ignore[misc]  # one class for every list

    def entries(self) -> list[ValueEntry]:
        known = sorted(taxonomy().all(self.kind), key=lambda one: (one.position, one.name.lower(), one.key))
        return [value_entry(one) for one in known]

    def write(self, entry: ValueEntry, *, by: Actor) -> None:
        write_value(self.kind, entry, by=by)

    def link(self, entry: ValueEntry, *, by: Actor) -> None:
        link_value(self.kind, entry, by=by)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange_values(self.kind, keys, by=CLOCK)

    def fate(self, key: str) -> Fate:
        why = why_it_stays(the_value(self.kind, key))
        if not why:
            return DELETE
        one = taxonomy().find(self.kind, key)
        return why if one is None or one.retired or self.kind == "priority" else RETIRE

    def prune(self, key: str, *, by: Actor) -> None:
        value = the_value(self.kind, key)
        if why_it_stays(value):
            retire(value, by=by)
        else:
            remove(value, by=by)


def value_entry(one: Known) -> ValueEntry:
    merged = {"merged_into": one.into} if one.into else {"retired": one.retired}
    return ValueEntry(key=one.key, name=one.name, description=one.description, **merged)


def write_value(kind: str, entry: ValueEntry, *, by: Actor) -> None:
    if taxonomy().find(kind, entry.key) is None:
        make_value(kind, entry.name, key=entry.key, description=entry.description, by=by)
    value = the_value(kind, entry.key)
    edit_value(value, name=entry.name, description=entry.description, by=by)
    if entry.retired and value.retired_at is None:
        retire(value, by=by)
    elif not entry.retired and not entry.merged_into and value.retired_at is not None:
        revive(value, by=by)


def link_value(kind: str, entry: ValueEntry, *, by: Actor) -> None:
    one = taxonomy().find(kind, entry.key)
    if entry.merged_into and one and one.into != entry.merged_into:
        merge_value(the_value(kind, entry.key), the_value(kind, entry.merged_into), by=by)
