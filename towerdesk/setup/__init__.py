"""The set-up as data: one YAML tree in and out.

One small section for each kind of thing that is set up; what differs; and putting all of it in, or nothing.
"""
