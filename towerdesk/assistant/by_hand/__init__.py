"""A tool of another system, used by a person (or by a program of theirs) on a ticket, outside of any procedure.

By the same verbs, limits, approvals and journal as a procedure's: what is new here is only where values are known from.
"""
