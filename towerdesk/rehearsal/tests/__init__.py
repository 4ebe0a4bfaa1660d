"""Rehearsals, told as stories of people."""
