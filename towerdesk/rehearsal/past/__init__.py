"""The time machine: past tickets in the order of their time, decided with what was known on their own day."""
