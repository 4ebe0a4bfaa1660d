"""Choose how one is told; choose where a team is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import available_timezones

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Refused
from towerdesk.lib.vault import seal
from towerdesk.notifications.hook import checked
from towerdesk.notifications.kinds import KINDS, WAYS
from towerdesk.notifications.models import Preference, TeamHook


@dataclass(frozen=True, slots=True)
class Wish:
    """`hook`: an address; empty takes it away, None leaves the one that is kept."""

    ways: Mapping[str, Sequence[str]]
    zone: str = ""
    quiet: tuple[time | None, time | None] = (None, None)
    digest_at: time = time(8)
    hook: str | None = None


def prefer(user: User, wish: Wish, *, by: Actor) -> Preference:
    if by.user_id != user.pk:
        raise Refused("How somebody is told is for them alone to say: ask them to.")
    _must_fit(wish)
    with transaction.atomic():
        kept = Preference.objects.select_for_update().filter(user=user).first() or Preference(user=user)
        kept.ways = {kind: list(ways) for kind, ways in wish.ways.items() if set(ways) != set(KINDS[kind].ways)}
        kept.zone, kept.digest_at = wish.zone, wish.digest_at
        kept.quiet_from, kept.quiet_until = wish.quiet
        if wish.hook is not None:
            kept.hook = _sealed(wish.hook)
        kept.save()
        record("preference.saved", by=by, subject=user.pk, who=user.name)
    return kept


def hook_team(team: Team, url: str, *, by: Actor) -> None:
    """An empty address: the team has no channel any more."""
    by.must("user.create")
    sealed = _sealed(url)
    with transaction.atomic():
        if sealed:
            TeamHook.objects.update_or_create(team=team, defaults={"hook": sealed})
        else:
            TeamHook.objects.filter(team=team).delete()
        record("team.hooked", by=by, subject=team.pk, name=team.name, on=bool(sealed))


def _sealed(url: str) -> str:
    return seal(checked(url)) if url.strip() else ""


def _must_fit(wish: Wish) -> None:
    unknown = [kind for kind, ways in wish.ways.items() if kind not in KINDS or not set(ways) <= set(WAYS)]
    if unknown:
        raise Invalid(f"Nobody can be told of “{unknown[0]}” that way: choose from the grid.")
    if wish.zone and wish.zone not in available_timezones():
        raise Invalid(
            f"There is no time zone “{wish.zone}”: write it as Europe/Amsterdam.", {"zone": "Choose one of the list."}
        )
    if (wish.quiet[0] is None) != (wish.quiet[1] is None):
        raise Invalid(
            "Quiet hours need a beginning and an end: give both times or none.", {"quiet_from": "Give both or none."}
        )
