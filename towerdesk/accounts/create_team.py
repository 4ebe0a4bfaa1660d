"""Make a team."""

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.slugs import slug_of
from towerdesk.lib.text import one_line


def create_team(name: str, *, slug: str = "", restricted: bool = False, by: Actor) -> Team:
    """A restricted team's tickets are seen by its members only. The slug is made from the name when none is given."""
    by.must("user.create")
    name = one_line(name, 80)
    slug = slug or slug_of(name, "team")
    if not slug:
        raise Invalid("A team needs a name with letters or digits.", {"name": "Write a name."})
    if Team.objects.filter(slug=slug).exists() or Team.objects.filter(name__iexact=name).exists():
        raise Conflict(f"There is a team {name} already.")
    with transaction.atomic():
        team = Team.objects.create(name=name, slug=slug, restricted=restricted)
        record("team.created", by=by, subject=team.pk, name=name)
    return team
