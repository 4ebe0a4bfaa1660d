"""Teams."""

from typing import Annotated

from pydantic import Field

from towerdesk.accounts.change_team import change_team
from towerdesk.accounts.create_team import create_team
from towerdesk.accounts.models import Team
from towerdesk.accounts.remove_team import remove_team, why_it_stays
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.shapes import Name, Slug


class TeamEntry(Entry):
    slug: Slug
    name: Annotated[Name, Field(max_length=80)]
    restricted: bool = False


class Teams(Section[TeamEntry]):
    name = "teams"
    shape = TeamEntry

    def entries(self) -> list[TeamEntry]:
        return [_entry(team) for team in Team.objects.order_by("slug")]

    def write(self, entry: TeamEntry, *, by: Actor) -> None:
        team = Team.objects.filter(slug=entry.slug).first()
        if team is None:
            create_team(entry.name, slug=entry.slug, restricted=entry.restricted, by=by)
        else:
            change_team(team, name=entry.name, restricted=entry.restricted, by=by)

    def fate(self, key: str) -> Fate:
        return why_it_stays(Team.objects.get(slug=key)) or DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        remove_team(Team.objects.get(slug=key), by=by)


def _entry(team: Team) -> TeamEntry:
    return TeamEntry(slug=team.slug, name=team.name, restricted=team.restricted)
