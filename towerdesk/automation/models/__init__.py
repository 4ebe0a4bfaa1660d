from towerdesk.automation.models.macro import Macro
from towerdesk.automation.models.routing import Absence, ChannelLimit, Placement, Profile, Route, Skill
from towerdesk.automation.models.rule import MOMENTS, Rule, RuleVersion
from towerdesk.automation.models.schedule import SINCE, Schedule, ScheduleAct

__all__ = [
    "MOMENTS",
    "SINCE",
    "Absence",
    "ChannelLimit",
    "Macro",
    "Placement",
    "Profile",
    "Route",
    "Rule",
    "RuleVersion",
    "Schedule",
    "ScheduleAct",
    "Skill",
]
