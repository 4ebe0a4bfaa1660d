"""Reading delivery failures: RFC 3464 reports and the many notices in prose.

`sections` parts a notice from the mail it returns; `recipients` finds who failed; `diagnosis` says why, with the
phrases of `reasons` and `phrases`.
"""
