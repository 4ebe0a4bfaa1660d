from towerdesk.automation.models.macro import Macro
from towerdesk.automation.models.rule import MOMENTS, Rule, RuleVersion
from towerdesk.automation.models.schedule import SINCE, Schedule, ScheduleAct

__all__ = ["MOMENTS", "SINCE", "Macro", "Rule", "RuleVersion", "Schedule", "ScheduleAct"]
