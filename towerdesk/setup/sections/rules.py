"""Rules, in the order in which they are asked."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from towerdesk.actions.vocabulary import read_actions
from towerdesk.automation.models import Rule
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.shapes import Name
from towerdesk.setup.sorting import arrange, tidy
from towerdesk.tickets.filters import parse


class RuleEntry(Entry):
    name: Name
    when: Literal["message.received", "ticket.opened"] = "message.received"
    condition: Annotated[str, Field(max_length=500)] = ""
    actions: list[dict[str, Any]]
    owner: Annotated[str, Field(max_length=120)] = ""
    active: bool = True


class Rules(Section[RuleEntry]):
    """A rule's name is what it is known by: one name, one rule."""

    name = "rules"
    key = "name"
    ordered = True
    shape = RuleEntry

    def entries(self) -> list[RuleEntry]:
        return [_entry(rule) for rule in Rule.objects.order_by("position", "id")]

    def write(self, entry: RuleEntry, *, by: Actor) -> None:
        parse(entry.condition).check()
        read_actions(entry.actions)
        values = {name: getattr(entry, name) for name in ("when", "condition", "actions", "active")}
        values["owner_name"] = entry.owner
        Rule.objects.update_or_create(name=entry.name, defaults=values)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange(Rule.objects.order_by("position", "id"), "name", keys)

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        Rule.objects.filter(name=key).delete()


def _entry(rule: Rule) -> RuleEntry:
    return RuleEntry(
        name=rule.name,
        when=rule.when,
        condition=rule.condition,
        actions=[tidy(action) for action in rule.actions],
        owner=rule.owner_name,
        active=rule.active,
    )
