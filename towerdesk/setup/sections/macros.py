"""Macros."""

from typing import Any

from towerdesk.actions.vocabulary import read_actions
from towerdesk.automation.models import Macro
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.shapes import Name
from towerdesk.setup.sorting import tidy


class MacroEntry(Entry):
    name: Name
    actions: list[dict[str, Any]]
    active: bool = True


class Macros(Section[MacroEntry]):
    name = "macros"
    key = "name"
    shape = MacroEntry

    def entries(self) -> list[MacroEntry]:
        return [
            MacroEntry(name=macro.name, actions=[tidy(action) for action in macro.actions], active=macro.active)
            for macro in Macro.objects.order_by("name")
        ]

    def write(self, entry: MacroEntry, *, by: Actor) -> None:
        read_actions(entry.actions)
        Macro.objects.update_or_create(name=entry.name, defaults={"actions": entry.actions, "active": entry.active})

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        Macro.objects.filter(name=key).delete()
