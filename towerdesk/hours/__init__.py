"""Calendars: when we work, in which time zone, with which holidays. `reckon` is pure business-time arithmetic."""
