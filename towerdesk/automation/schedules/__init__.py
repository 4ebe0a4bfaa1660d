"""Schedules: what happens to tickets after a time, with a warning first, once per ticket and occasion."""
