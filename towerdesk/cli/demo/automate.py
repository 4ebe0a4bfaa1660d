"""What the demo company decided beforehand: rules, schedules, macros, routes, and who can do what; by its own leads."""

import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

from towerdesk.accounts import actors
from towerdesk.accounts.models import Team, User
from towerdesk.automation.models import Macro, Route, Rule, Schedule
from towerdesk.automation.routing import save as routing
from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.rules.switch import switch
from towerdesk.automation.save_macro import save_macro
from towerdesk.automation.schedules import save as schedules
from towerdesk.cli.demo.facts import HERE
from towerdesk.lib import clock


def automate() -> None:
    """Safe to repeat: what somebody changed or deleted meanwhile stays so."""
    told = _told()
    if not Rule.objects.exists():
        for rule in told["rules"]:
            _rule(rule)
    if not Schedule.objects.exists():
        for schedule in told["schedules"]:
            _schedule(schedule)
    if not Route.objects.exists():
        _staff(told)
    for macro in told["macros"]:
        if not Macro.objects.filter(name=macro["name"]).exists():
            save_macro(None, macro["name"], macro["actions"], by=actors.agent(_owner(macro)))


def _rule(told: dict[str, Any]) -> None:
    owner = _owner(told)
    draft = Draft(told["name"], told.get("when", "message.received"), told["condition"], told["actions"], owner)
    rule = save_rule(None, draft, by=actors.agent(owner))
    if told.get("on", True):
        switch(rule, on=True, by=actors.agent(owner))


def _schedule(told: dict[str, Any]) -> None:
    owner = _owner(told)
    draft = schedules.Draft(
        name=told["name"],
        since=told["since"],
        after=timedelta(days=told["after_days"]),
        condition=told["condition"],
        actions=told["actions"],
        warn_after=timedelta(days=told["warn_days"]) if "warn_days" in told else None,
        warning=told.get("warning", []),
        owner=owner,
    )
    schedule = schedules.save_schedule(None, draft, by=actors.agent(owner))
    if told.get("on", True):
        schedules.switch(schedule, on=True, by=actors.agent(owner))


def _staff(told: dict[str, Any]) -> None:
    """Skills, capacities and absences, then the routes that ask for them."""
    ruth = actors.agent(_owner({"owner": "Ruth Castellan"}))
    skills = {name: routing.save_skill(name, by=ruth) for name in told["skills"]}
    for person in told["staff"]:
        user = _owner({"owner": person["name"]})
        can = [skills[name] for name in person.get("skills", [])]
        routing.save_person(user, most=person["most"], languages=person["languages"], skills=can, by=ruth)
        if "away_in_days" in person:
            begins = clock.now() + timedelta(days=person["away_in_days"])
            ends, why = begins + timedelta(days=person["away_days"]), person.get("away_why", "holiday")
            routing.add_absence(user, begins, ends, why, by=ruth)
    teams = {team.slug: team for team in Team.objects.all()}
    for route in told["routes"]:
        draft = routing.Draft(
            name=route["name"],
            mode=route["mode"],
            condition=route.get("condition", ""),
            team=teams.get(route.get("team", "")),
            skills=[skills[name] for name in route.get("skills", [])],
            accept_within=timedelta(minutes=route["accept_minutes"]) if "accept_minutes" in route else None,
            overflow=teams.get(route.get("overflow", "")),
            overflow_after=timedelta(minutes=60),
            owner=_owner(route),
            active=True,
        )
        routing.save_route(None, draft, by=ruth)


def _owner(told: dict[str, Any]) -> User:
    return User.objects.prefetch_related("teams").get(name=told["owner"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((HERE / "automation.toml").read_text(encoding="utf-8"))
