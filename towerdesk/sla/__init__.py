"""What we promised and whether we keep it: policies, targets, and a clock for each promise on each ticket.

A clock's times follow from its track (statuses and answers with their times), its policy and the priority: whenever one
of them changes it is reckoned again from the start, in the transaction of the change.
"""
