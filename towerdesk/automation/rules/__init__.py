"""Rules: read once, asked of one prepared view of a ticket, acting in their own names; each save is a version."""

from towerdesk.automation.rules.run import Fired, run

__all__ = ["Fired", "run"]
