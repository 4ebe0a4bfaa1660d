"""The smallest processes that a supervisor can be tested with: no Django, no database."""
