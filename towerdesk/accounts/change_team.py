"""Change a team's name, or who sees its tickets."""

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line


def change_team(team: Team, *, name: str | None = None, restricted: bool | None = None, by: Actor) -> None:
    """What is None stays; so does the slug, which rules and files know it by."""
    by.must("user.create")
    with transaction.atomic():
        held = Team.objects.select_for_update().get(pk=team.pk)
        values = {"name": held.name if name is None else one_line(name, 80), "restricted": held.restricted}
        values |= {} if restricted is None else {"restricted": restricted}
        what = [attribute for attribute, value in values.items() if value != getattr(held, attribute)]
        _must_be_free(held, str(values["name"]))
        for attribute in what:
            setattr(team, attribute, values[attribute])
        if what:
            team.save(update_fields=what)
            record("team.changed", by=by, subject=team.pk, name=team.name, what=", ".join(what))


def _must_be_free(team: Team, name: str) -> None:
    if not name:
        raise Invalid("A team needs a name.", {"name": "Write a name."})
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk).exists():
        raise Conflict(f"There is another team {name} already: choose another name.")
