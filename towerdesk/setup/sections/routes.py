"""Skills that work may need, and routes in the order in which they are asked. Who has a skill is told on the desk itself."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from towerdesk.automation.models import Route, Skill
from towerdesk.automation.routing.save import Draft, delete_route, save_route, save_skill
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.related import pointing_to, told
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.sections.owners import Owner, address_of, owner_of
from towerdesk.setup.shapes import Name, Slug, the_team
from towerdesk.setup.sorting import arrange

type Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
type SkillName = Annotated[Name, Field(max_length=60)]


class SkillEntry(Entry):
    name: SkillName


class RouteEntry(Entry):
    name: Name
    condition: Annotated[str, Field(max_length=500)] = ""
    mode: Literal["push", "queue"] = "push"
    team: Slug | None = None
    skills: list[SkillName] = []
    sticky: bool = True
    accept_within_minutes: Minutes | None = None
    overflow: Slug | None = None
    overflow_after_minutes: Minutes = 30
    owner: Owner = ""
    active: bool = False


class Skills(Section[SkillEntry]):
    name = "skills"
    key = "name"
    shape = SkillEntry

    def entries(self) -> list[SkillEntry]:
        return [SkillEntry(name=name) for name in Skill.objects.order_by("name").values_list("name", flat=True)]

    def write(self, entry: SkillEntry, *, by: Actor) -> None:
        if not Skill.objects.filter(name=entry.name).exists():
            save_skill(entry.name, by=by)

    def fate(self, key: str) -> Fate:
        used = pointing_to(Skill.objects.get(name=key))
        return f"it has {told(used)}" if used else DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        Skill.objects.filter(name=key).delete()


class Routes(Section[RouteEntry]):
    name = "routes"
    key = "name"
    ordered = True
    shape = RouteEntry

    def entries(self) -> list[RouteEntry]:
        found = Route.objects.select_related("team", "overflow", "owner").prefetch_related("skills")
        return [_entry(route) for route in found.order_by("position", "id")]

    def write(self, entry: RouteEntry, *, by: Actor) -> None:
        draft = Draft(
            name=entry.name,
            mode=entry.mode,
            condition=entry.condition,
            team=the_team(entry.team) if entry.team else None,
            skills=[_skill(name) for name in entry.skills],
            sticky=entry.sticky,
            accept_within=timedelta(minutes=entry.accept_within_minutes) if entry.accept_within_minutes else None,
            overflow=the_team(entry.overflow) if entry.overflow else None,
            overflow_after=timedelta(minutes=entry.overflow_after_minutes),
            owner=owner_of(entry.owner),
            active=entry.active,
        )
        save_route(Route.objects.filter(name=entry.name).first(), draft, by=by, staffed=False)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange(Route.objects.order_by("position", "id"), "name", keys)

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        for route in Route.objects.filter(name=key):
            self.write(_entry(route).model_copy(update={"active": False}), by=by)
            delete_route(route, route.name, by=by)


def _skill(name: str) -> Skill:
    skill = Skill.objects.filter(name=name).first()
    if skill is None:
        raise Invalid(f"there is no skill “{name}”: add it to the skills, or leave it out")
    return skill


def _entry(route: Route) -> RouteEntry:
    return RouteEntry(
        name=route.name,
        condition=route.condition,
        mode=route.mode,
        team=route.team.slug if route.team else None,
        skills=sorted(skill.name for skill in route.skills.all()),
        sticky=route.sticky,
        accept_within_minutes=_minutes(route.accept_within) if route.accept_within else None,
        overflow=route.overflow.slug if route.overflow else None,
        overflow_after_minutes=_minutes(route.overflow_after),
        owner=address_of(route.owner),
        active=route.active,
    )


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
