"""Macros."""

from typing import Any

from towerdesk.automation.models import Macro
from towerdesk.automation.save_macro import save_macro
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
        save_macro(Macro.objects.filter(name=entry.name).first(), entry.name, entry.actions, active=entry.active, by=by)

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        Macro.objects.filter(name=key).delete()
