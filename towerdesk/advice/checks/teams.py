"""Intents, hours and skills that nobody stands behind."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from towerdesk.advice.desk import Desk, Member
from towerdesk.advice.finding import Finding, Shown, counted, some, tickets
from towerdesk.hours.opening import ALWAYS, Hours
from towerdesk.hours.reckon import is_open, next_open

PEOPLE = Shown("People and teams", "/settings/people")
CAPACITY = Shown("Capacity and absences", "/settings/staffing")
AHEAD = 14
"""Days for which absences are looked at."""


def intents_without_people(desk: Desk) -> Iterator[Finding]:
    lone = [intent for intent in desk.intents if not desk.members_of(intent.team)]
    if lone:
        told = some(f"{intent} ({intent.team})" for intent in lone)
        verb = "goes" if len(lone) == 1 else "go"
        yield Finding(
            f"{counted(len(lone), 'intent')} {verb} to a team in which nobody works: {told}.",
            "Give each to a team with people, or put somebody into its team.",
            Shown("Intents", "/settings/intents"),
            tuple(Shown(intent.name, f"/settings/intents/{intent.slug}") for intent in lone[:6]),
        )


def without_cover(desk: Desk) -> Iterator[Finding]:
    moments = openings(desk)
    for team in desk.teams:
        people = desk.members_of(team)
        shows = (tickets(f"Waiting in {team}", f"team:{team.slug} is:waiting"),)
        bare = [moment for moment in moments if not _covered(people, moment, desk.at)]
        if not people:
            yield Finding(
                f"Work comes to {team}, and nobody who works here belongs to it.",
                "Put somebody into the team, or send its inboxes, intents and routes elsewhere.",
                PEOPLE,
                shows,
            )
        elif bare:
            yield Finding(
                f"Nobody of {team} is at work {_days(bare, desk.at)}, though promises run in those hours.",
                "Move an absence, lend somebody from another team, or name a team to overflow to.",
                CAPACITY,
                shows,
            )


def routes_without_skill(desk: Desk) -> Iterator[Finding]:
    for route, skills in desk.routes:
        pool = desk.members_of(route.team) if route.team else desk.members
        if skills and not any(skills <= member.skills for member in pool):
            where = f"in {route.team}" if route.team else "here"
            yield Finding(
                f"The route “{route}” asks for {' and '.join(sorted(skills))}, which nobody {where} can do.",
                "Teach somebody and say so under Capacity, or take the skill out of the route.",
                CAPACITY,
                (Shown(route.name, f"/settings/routing/{route.pk}"),),
            )


def openings(desk: Desk) -> list[datetime]:
    """Now, when a promise runs now; and the first working moment of each of the coming days."""
    hours = {policy.calendar.hours if policy.calendar else ALWAYS for policy, _ in desk.policies}
    found = {desk.at} if any(is_open(one, desk.at) for one in hours) else set()
    for one in hours:
        found |= {moment for day in range(1, AHEAD + 1) if (moment := _opens(one, desk.at + timedelta(days=day)))}
    return sorted(found)


def _opens(hours: Hours, at: datetime) -> datetime | None:
    """The first working moment of that day, if it has one."""
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    moment = next_open(hours, midnight)
    return moment if moment and moment < midnight + timedelta(days=1) else None


def _covered(people: list[Member], moment: datetime, at: datetime) -> bool:
    """Who has switched themselves off is off now, not for days to come."""
    return any(not one.is_away(moment) and not (one.off and moment == at) for one in people)


def _days(bare: list[datetime], at: datetime) -> str:
    days = dict.fromkeys("now" if moment == at else _day(moment) for moment in bare)
    return some(days, 4)


def _day(moment: datetime) -> str:
    local = localtime(moment)
    return f"on {local:%a} {local.day} {local:%b}"
