"""Rules, in the order in which they are asked."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from towerdesk.automation.models import Rule
from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.rules.switch import delete, switch
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.sections.owners import Owner, address_of, owner_of
from towerdesk.setup.shapes import Name
from towerdesk.setup.sorting import arrange, tidy


class RuleEntry(Entry):
    name: Name
    when: Annotated[str, Field(max_length=40)] = "message.received"
    condition: Annotated[str, Field(max_length=500)] = ""
    actions: list[dict[str, Any]]
    owner: Owner = ""
    active: bool = True


class Rules(Section[RuleEntry]):
    """A rule's name is what it is known by: one name, one rule."""

    name = "rules"
    key = "name"
    ordered = True
    shape = RuleEntry

    def entries(self) -> list[RuleEntry]:
        return [_entry(rule) for rule in Rule.objects.select_related("owner").order_by("position", "id")]

    def write(self, entry: RuleEntry, *, by: Actor) -> None:
        draft = Draft(entry.name, entry.when, entry.condition, entry.actions, owner_of(entry.owner))
        rule = save_rule(Rule.objects.filter(name=entry.name).first(), draft, by=by)
        switch(rule, on=entry.active, by=by)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange(Rule.objects.order_by("position", "id"), "name", keys)

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        for rule in Rule.objects.filter(name=key):
            switch(rule, on=False, by=by)
            delete(rule, rule.name, by=by)


def _entry(rule: Rule) -> RuleEntry:
    return RuleEntry(
        name=rule.name,
        when=rule.when,
        condition=rule.condition,
        actions=[tidy(action) for action in rule.actions],
        owner=address_of(rule.owner),
        active=rule.active,
    )
