"""What the assistant read, said and was allowed, and how well it did."""

from towerdesk.assistant.models.brain import Brain, Solved
from towerdesk.assistant.models.claims import LEFT, Claim, ClaimQuerySet, Contradiction, Corrected, Recall
from towerdesk.assistant.models.cost import Asking, Budget
from towerdesk.assistant.models.grades import Grade, SecondGrade, Unsure
from towerdesk.assistant.models.licences import ARMS, HOW_ENDED, Arm, Licence, Proving, Terms
from towerdesk.assistant.models.procedures import (
    OPEN_STATES,
    RUN_STATES,
    Procedure,
    ProcedureRun,
    ProcedureStep,
    ProcedureVersion,
)
from towerdesk.assistant.models.run import KINDS, OUTCOMES, REPLACED, Receipt, Run

__all__ = [
    "ARMS",
    "HOW_ENDED",
    "KINDS",
    "LEFT",
    "OPEN_STATES",
    "OUTCOMES",
    "REPLACED",
    "RUN_STATES",
    "Arm",
    "Asking",
    "Brain",
    "Budget",
    "Claim",
    "ClaimQuerySet",
    "Contradiction",
    "Corrected",
    "Grade",
    "Licence",
    "Procedure",
    "ProcedureRun",
    "ProcedureStep",
    "ProcedureVersion",
    "Proving",
    "Recall",
    "Receipt",
    "Run",
    "SecondGrade",
    "Solved",
    "Terms",
    "Unsure",
]
