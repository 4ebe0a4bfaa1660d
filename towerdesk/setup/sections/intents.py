"""Intents. How far the assistant may go on each is part of it; a licence never is."""

from typing import Annotated, Literal

from pydantic import Field

from towerdesk.assistant.level import set_level
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.shapes import Name, Prose, Slug, the_team
from towerdesk.tickets.intents import change_intent, make_intent, remove_intent, why_it_stays
from towerdesk.tickets.models import Intent
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.merge import merge_intent

PLAIN = ("name", "description", "examples", "risk", "priority", "type", "product_area")


class IntentEntry(Entry):
    slug: Slug
    name: Annotated[Name, Field(max_length=80)]
    description: Prose = ""
    examples: list[Prose] = []
    team: Slug
    risk: Literal["information", "account", "money"] = "information"
    level: Literal["off", "shadow", "suggest", "pause", "send"] = "shadow"
    priority: Literal["critical", "high", "normal", "low"] = "normal"
    type: Annotated[str, Field(max_length=40)] = "question"
    product_area: Annotated[str, Field(max_length=60)] = ""
    retired: bool = False
    merged_into: Annotated[str, Field(max_length=60)] = ""


class Intents(Section[IntentEntry]):
    name = "intents"
    shape = IntentEntry

    def entries(self) -> list[IntentEntry]:
        return [_entry(intent) for intent in Intent.objects.select_related("team", "merged_into").order_by("slug")]

    def write(self, entry: IntentEntry, *, by: Actor) -> None:
        values = {name: getattr(entry, name) for name in PLAIN}
        values |= {"team": the_team(entry.team), "active": not (entry.retired or entry.merged_into)}
        values["type"] = choose("type", entry.type, had=self._had(entry.slug, "type"))
        values["product_area"] = choose("area", entry.product_area, had=self._had(entry.slug, "product_area"))
        intent = Intent.objects.filter(slug=entry.slug).first()
        if intent is None:
            intent = make_intent(entry.slug, by=by, **values)
        else:
            change_intent(intent, by=by, **values)
        set_level(intent, entry.level, by=by)

    def link(self, entry: IntentEntry, *, by: Actor) -> None:
        intent = Intent.objects.select_related("merged_into").get(slug=entry.slug)
        into = Intent.objects.filter(slug=entry.merged_into).first()
        if entry.merged_into and into is None:
            raise Invalid(f"there is no intent “{entry.merged_into}” to merge it into: name another one")
        if into is not None and intent.merged_into != into:
            merge_intent(intent, into, by=by)
        elif into is None and intent.merged_into is not None:
            Intent.objects.filter(pk=intent.pk).update(merged_into=None)

    def _had(self, slug: str, column: str) -> str:
        """A preset that was retired since stays where it is."""
        return str(Intent.objects.filter(slug=slug).values_list(column, flat=True).first() or "")

    def fate(self, key: str) -> Fate:
        intent = Intent.objects.get(slug=key)
        if not why_it_stays(intent):
            return DELETE
        return RETIRE if intent.active else "it is in use and retired already"

    def prune(self, key: str, *, by: Actor) -> None:
        intent = Intent.objects.get(slug=key)
        if why_it_stays(intent):
            change_intent(intent, active=False, by=by)
        else:
            remove_intent(intent, by=by)


def _entry(intent: Intent) -> IntentEntry:
    values = {name: getattr(intent, name) for name in PLAIN}
    merged = intent.merged_into.slug if intent.merged_into else ""
    return IntentEntry(
        slug=intent.slug,
        team=intent.team.slug,
        level=intent.level,
        retired=not intent.active and not merged,
        merged_into=merged,
        **values,
    )
