"""What the demo company decided beforehand: rules, a schedule, macros. Written by its own leads, through the verbs."""

import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.automation.models import Macro, Rule, Schedule
from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.rules.switch import switch
from towerdesk.automation.save_macro import save_macro
from towerdesk.automation.schedules import save as schedules
from towerdesk.cli.demo.facts import HERE


def automate() -> None:
    """Safe to repeat: what somebody changed or deleted meanwhile stays so."""
    told = _told()
    if not Rule.objects.exists():
        for rule in told["rules"]:
            _rule(rule)
    if not Schedule.objects.exists():
        for schedule in told["schedules"]:
            _schedule(schedule)
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


def _owner(told: dict[str, Any]) -> User:
    return User.objects.prefetch_related("teams").get(name=told["owner"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads((HERE / "automation.toml").read_text(encoding="utf-8"))
