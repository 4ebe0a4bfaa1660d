"""What would have been: the past decided again, the desk in a model, and what a change would win and break.

Reads the live desk and writes only tables of its own.
"""
