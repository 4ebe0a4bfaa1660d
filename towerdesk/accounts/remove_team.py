"""Take away a team that nothing belongs to."""

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict
from towerdesk.lib.related import pointing_to, told


def remove_team(team: Team, *, by: Actor) -> None:
    """Raises `Conflict` while anything belongs to it."""
    by.must("user.create")
    with transaction.atomic():
        held = Team.objects.select_for_update().get(pk=team.pk)
        stays = why_it_stays(held)
        if stays:
            raise Conflict(stays)
        record("team.removed", by=by, subject=held.pk, name=held.name)
        held.delete()


def why_it_stays(team: Team) -> str:
    """A sentence that names what belongs to it, or nothing."""
    found = pointing_to(team)
    return f"{team} has {told(found)}: give them to another team first." if found else ""
