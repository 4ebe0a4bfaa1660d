"""The one language of conditions: lists, views, rules, routing, metrics and API searches all use it.

A search box's text becomes a `Condition`; a new condition is one entry in `fields.FIELDS`.
"""

from towerdesk.tickets.filters.condition import Condition
from towerdesk.tickets.filters.parse import parse

__all__ = ["Condition", "parse"]
