"""Save routes, skills, capacity and absences: each refused with a sentence when it could not work."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from towerdesk.accounts.models import Team, User
from towerdesk.automation.check import a_condition, a_name, an_owner
from towerdesk.automation.models import Absence, ChannelLimit, Profile, Route, Skill
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line

LONGEST = timedelta(days=7)
MOST_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says a route should be."""

    name: str
    mode: str = "push"
    condition: str = ""
    team: Team | None = None
    skills: Collection[Skill] = field(default_factory=tuple)
    sticky: bool = True
    accept_within: timedelta | None = None
    overflow: Team | None = None
    overflow_after: timedelta = timedelta(minutes=30)
    owner: User | None = None
    active: bool = False


def save_route(route: Route | None, draft: Draft, *, by: Actor, staffed: bool = True) -> Route:
    """`staffed=False`: a desk is set up before its people are; until they have the skills its tickets wait for the team."""
    by.must("rule.change")
    name, condition = a_name(draft.name, "route"), str(a_condition(draft.condition))
    _must_fit(draft, staffed)
    owner = an_owner(draft.owner, "route")
    with transaction.atomic():
        last = Route.objects.aggregate(last=Max("position"))["last"] or 0
        held = Route.objects.select_for_update().get(pk=route.pk) if route else Route(position=last + 1)
        held.name, held.condition, held.mode, held.owner, held.active = name, condition, draft.mode, owner, draft.active
        held.team, held.sticky, held.accept_within = draft.team, draft.sticky, draft.accept_within
        held.overflow, held.overflow_after = draft.overflow, draft.overflow_after
        held.save()
        held.skills.set(draft.skills)
        record("route.saved", by=by, subject=held.pk, route=held.name, on=held.active)
    return held


def _must_fit(draft: Draft, staffed: bool) -> None:
    if draft.mode not in ("push", "queue"):
        raise Invalid("Choose whether the route gives tickets or lets people take the next.", {"mode": "Choose one."})
    for length in (draft.accept_within, draft.overflow_after):
        if length is not None and not timedelta(minutes=1) <= length <= LONGEST:
            raise Invalid("Times of a route are from one minute to seven days: choose another time.")
    if draft.overflow is not None and draft.overflow == draft.team:
        raise Invalid(f"What {draft.team} does not take can't overflow to {draft.team}: choose another team.")
    if staffed and draft.skills and draft.team and not _can(draft.team, draft.skills):
        named = " and ".join(str(skill) for skill in draft.skills)
        raise Invalid(f"Nobody in {draft.team} can {named}: give somebody the skill first, or leave it out.")


def _can(team: Team, skills: Iterable[Skill]) -> bool:
    people = User.objects.filter(teams=team, is_active=True)
    for skill in skills:
        people = people.filter(skills=skill)
    return people.exists()


def delete_route(route: Route, typed: str, *, by: Actor) -> None:
    by.must("rule.change")
    with transaction.atomic():
        held = Route.objects.select_for_update().get(pk=route.pk)
        if held.active:
            raise Conflict(f"“{held}” is in use: switch it off first, then delete it.")
        if " ".join(typed.split()) != held.name:
            raise Invalid(f"Type the name “{held}” to delete it for good.", {"typed": "Type its name."})
        record("route.deleted", by=by, subject=held.pk, route=held.name)
        held.delete()


def save_skill(name: str, *, by: Actor) -> Skill:
    by.must("rule.change")
    name = one_line(name, 60)
    if not name or Skill.objects.filter(name__iexact=name).exists():
        raise Invalid(
            "A skill needs a name that no other skill has.", {"name": "A skill needs a name that no other skill has."}
        )
    with transaction.atomic():
        skill = Skill.objects.create(name=name)
        record("skill.saved", by=by, subject=skill.pk, skill=name)
    return skill


def save_person(
    user: User,
    *,
    most: int,
    languages: Iterable[str] = (),
    skills: Iterable[Skill] = (),
    limits: Mapping[str, int] | None = None,
    by: Actor,
) -> Profile:
    """`limits`: units of each channel; a channel that is left out has no limit of its own."""
    by.must("rule.change")
    if not 0 <= most <= MOST_UNITS:
        raise Invalid(
            f"A capacity is from 0 to {MOST_UNITS} units: choose another number.",
            {"most": f"From 0 to {MOST_UNITS} units."},
        )
    spoken = sorted({one.strip().lower() for one in languages if one.strip()})
    for language in spoken:
        if not (2 <= len(language) <= 3 and language.isascii() and language.isalpha()):
            raise Invalid(
                f"“{language}” is no code of a language: write for example en, de or fr.",
                {"languages": f"“{one_line(language, 40)}” is no code of a language: write for example en, de or fr."},
            )
    with transaction.atomic():
        profile, _ = Profile.objects.update_or_create(user=user, defaults={"most": most, "languages": spoken})
        user.skills.set(skills)
        user.channel_limits.all().delete()
        ChannelLimit.objects.bulk_create(
            ChannelLimit(user=user, channel=channel, units=units) for channel, units in (limits or {}).items()
        )
        record("user.planned", by=by, subject=user.pk, who=user.name, what=f"up to {most} units")
    return profile


def save_weight(channel: str, units: int, *, by: Actor) -> None:
    by.must("rule.change")
    if not 1 <= units <= MOST_UNITS:
        raise Invalid(f"A ticket weighs from 1 to {MOST_UNITS} units: choose another number.")
    with transaction.atomic():
        ChannelLimit.objects.update_or_create(channel=channel, user=None, defaults={"units": units})
        record("channel.weighed", by=by, channel=channel, units=units)


def set_available(user: User, *, on: bool, by: Actor) -> None:
    """One's own switch; a lead may turn another's."""
    if by.user_id != user.pk:
        by.must("rule.change")
    with transaction.atomic():
        Profile.objects.update_or_create(user=user, defaults={"available": on})
        record("user.planned", by=by, subject=user.pk, who=user.name, what="available" if on else "not available")


def add_absence(user: User, begins: datetime, ends: datetime, why: str = "", *, by: Actor) -> Absence:
    """Both aware. One's own, or by a lead."""
    if by.user_id != user.pk:
        by.must("rule.change")
    if ends <= begins:
        raise Invalid(
            "An absence ends after it begins: choose a later end.",
            {"ends": "The last day is before the first: choose a later one."},
        )
    with transaction.atomic():
        absence = Absence.objects.create(user=user, begins=begins, ends=ends, why=one_line(why, 120))
        what = f"away {begins:%Y-%m-%d} to {ends:%Y-%m-%d}"
        record("user.planned", by=by, subject=user.pk, who=user.name, what=what)
    return absence


def end_absence(absence: Absence, *, by: Actor) -> None:
    if by.user_id != absence.user_id:
        by.must("rule.change")
    with transaction.atomic():
        what = f"no longer away {absence.begins:%Y-%m-%d}"
        record("user.planned", by=by, subject=absence.user_id, who=absence.user.name, what=what)
        absence.delete()
