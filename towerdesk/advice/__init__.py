"""What the set-up lacks, and how far the roll-out has come: advice from what happened, with the tickets that show it.

Reads every room below and changes nothing; has no tables of its own.
"""
