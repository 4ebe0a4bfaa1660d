"""Procedures: Markdown that people read and that compiles to a graph which runs, asks, confirms, acts and checks."""

from towerdesk.assistant.procedures.compile import compile_procedure, lint
from towerdesk.assistant.procedures.faults import Fault, Faulty
from towerdesk.assistant.procedures.model import Procedure, Slot

__all__ = ["Fault", "Faulty", "Procedure", "Slot", "compile_procedure", "lint"]
